/**
 * The name that Multus gives a pod's interface (multus §1.4): the asked-for name, else `net` and the position in the
 * whole list of delegates, of which the cluster's own network is number 0 and called eth0. A name never tells what an
 * interface is.
 */
import { byteLength, isGoSpace } from '../go/quote';
import { MAX_INTERFACE_NAME } from './networks';

/**
 * @param index position in the annotation's list, from 0
 * @param requested the asked-for name, null when Multus chooses
 * @param before delegates between the cluster's network and the annotation: `defaultNetworks` of the daemon config
 */
export const multusInterfaceName = (index: number, requested: string | null, before = 0): string =>
  requested ?? `net${before + index + 1}`;

/** Of the cluster's network, which a pod may replace, and then name as well (multus §1.1). */
export const primaryInterfaceName = (defaultNetwork: { readonly interface: string | null } | null): string =>
  defaultNetwork?.interface ?? 'eth0';

/** Why the CNI library refuses the name (`ValidateInterfaceName`), whatever the plugin; null when it takes it. */
export function refusedInterfaceName(name: string): string | null {
  if (name === '') return 'interface name is empty';
  if (byteLength(name) > MAX_INTERFACE_NAME) {
    return `interface name is too long; interface name should be less than ${MAX_INTERFACE_NAME + 1} characters`;
  }
  if (name === '.' || name === '..') return 'interface name is . or ..';
  for (let i = 0; i < name.length; i++) {
    if (name[i] === '/' || name[i] === ':' || isGoSpace(name.charCodeAt(i))) {
      return 'interface name contains / or : or whitespace characters';
    }
  }
  return null;
}

export interface NamedSelection {
  readonly index: number;
  readonly name: string;
  /** Multus' or the CNI library's message; null when the name can work. */
  readonly problem: string | null;
}

/**
 * Names of all selections in order, and why one is refused: the first of a repeated name stands, each later one fails
 * the pod, whose namespace has `lo` from the start.
 */
export function interfaceNames(
  selections: readonly { readonly index: number; readonly interface: string | null }[],
  { before = 0, primary = 'eth0' }: { readonly before?: number; readonly primary?: string } = {},
): readonly NamedSelection[] {
  const taken = new Set(['lo', primary, ...Array.from({ length: before }, (_, i) => `net${i + 1}`)]);
  return selections.map((selection) => {
    const name = multusInterfaceName(selection.index, selection.interface, before);
    const problem = taken.has(name)
      ? `validateIfName: interface name ${name} already exists`
      : refusedInterfaceName(name);
    taken.add(name);
    return { index: selection.index, name, problem };
  });
}
