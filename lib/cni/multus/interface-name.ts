/**
 * The name that Multus gives a pod's interface (multus §1.4): the requested name, else `net` and the position in the list
 * of delegates, in which the cluster network is number 0 and called eth0. A name does not show what an interface is.
 */
import { byteLength, isGoSpace } from '../go/quote';
import { MAX_INTERFACE_NAME } from './networks';

/**
 * @param index position in the annotation's list, from 0; `defaultNetworks` of the daemon config come before it
 * @param requested the requested name; null when Multus chooses
 */
export const multusInterfaceName = (index: number, requested: string | null): string => requested ?? `net${index + 1}`;

/** The name of the cluster network's interface, which a pod that replaces the network may also set (multus §1.1). */
export const primaryInterfaceName = (defaultNetwork: { readonly interface: string | null } | null): string =>
  defaultNetwork?.interface ?? 'eth0';

/** libcni's reason for rejecting the name (`ValidateInterfaceName`), whatever the plugin; null if it accepts it. */
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

/**
 * The names of all selections in order, each with Multus' or libcni's message if it is rejected, else null. A repeated name
 * fails the pod at its second use; `lo` is taken, and so is `primary`, the cluster network's interface.
 */
export function interfaceNames(
  selections: readonly { readonly index: number; readonly interface: string | null }[],
  primary = 'eth0',
): readonly { readonly name: string; readonly problem: string | null }[] {
  const taken = new Set(['lo', primary]);
  return selections.map((selection) => {
    const name = multusInterfaceName(selection.index, selection.interface);
    const problem = taken.has(name)
      ? `validateIfName: interface name ${name} already exists`
      : refusedInterfaceName(name);
    taken.add(name);
    return { name, problem };
  });
}
