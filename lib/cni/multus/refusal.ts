/** Why Multus or libcni refuses the request of a pod or pod template, whatever the networks are (multus §1.2, §1.4). */
import type { NetworkSelection } from '../../model/facts';
import { interfaceNames } from './interface-name';
import { selectionProblem } from './networks';

type Request = Pick<NetworkSelection, 'namespace' | 'name' | 'index' | 'interface'>;

/** `error`: Multus' message about the annotation as a whole. Null if nothing is known to be wrong. */
export function requestRefusal(error: string | null, requests: readonly Request[]): string | null {
  const unreadable = error ?? requests.map(selectionProblem).find((problem) => problem !== null) ?? null;
  if (unreadable !== null) return unreadable;
  // Names that Multus chooses depend on how many networks its daemon adds; requested names do not. The name of the first
  // interface is not known if the pod replaces the cluster network.
  const requested = requests.filter((request) => request.interface !== null);
  return interfaceNames(requested, 'lo').find(({ problem }) => problem !== null)?.problem ?? null;
}

/** Whether the name of an interface is refused, rather than the annotation. */
export const isAboutInterfaceName = (refusal: string): boolean => /^(validateIfName: )?interface name /.test(refusal);
