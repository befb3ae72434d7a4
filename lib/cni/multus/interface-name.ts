/**
 * The name that Multus gives a pod's interface (multus.md §1.4): the asked-for name, else `net` and the position in the
 * whole list of delegates, of which the cluster's own network is number 0. A name never tells what an interface is.
 */
import { byteLength, goQuote } from '../go/quote';
import { MAX_INTERFACE_NAME } from './networks';

/**
 * @param index position in the annotation's list, from 0
 * @param requested the asked-for name, null when Multus chooses
 * @param before delegates between the cluster's network and the annotation: `defaultNetworks` of the daemon config
 */
export const multusInterfaceName = (index: number, requested: string | null, before = 0): string =>
  requested ?? `net${before + index + 1}`;

export interface NamedSelection {
  readonly index: number;
  readonly name: string;
  /** Why Multus or the kernel refuses the name; null when it can work. */
  readonly problem: string | null;
}

/** Names of all selections in order, and the clashes: the first of a repeated name stands, each later one fails the pod. */
export function interfaceNames(
  selections: readonly { readonly index: number; readonly interface: string | null }[],
  before = 0,
): readonly NamedSelection[] {
  const taken = new Set(['eth0', ...Array.from({ length: before }, (_, i) => `net${i + 1}`)]);
  return selections.map((selection) => {
    const name = multusInterfaceName(selection.index, selection.interface, before);
    const problem = taken.has(name)
      ? `validateIfName: interface name ${name} already exists`
      : byteLength(name) > MAX_INTERFACE_NAME || /[\s/]/.test(name)
        ? `the kernel takes no interface called ${goQuote(name)}: at most ${MAX_INTERFACE_NAME} bytes, no blanks, no slash`
        : null;
    taken.add(name);
    return { index: selection.index, name, problem };
  });
}
