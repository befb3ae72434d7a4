/**
 * Reads record sets that are partly loaded. With thousands of nodes, a page holds pods, interfaces and addresses as
 * columns and decodes them for the nodes in view. These functions answer what the whole picture needs about every node
 * without decoding. For a complete record set, they read the records.
 */
import type { EniRecord, HostNicRecord, PodRecord } from '../model/records';
import type { EniOrOutline } from './eni-outline';
import { idsOf, recordsOf, type ViewSource } from './view-source';

/** Whether the pods, interfaces and addresses of a node have arrived. */
export const hasArrived = ({ partial }: ViewSource, node: string | null): boolean =>
  partial === undefined || node === null ? (partial?.complete ?? true) : partial.hasArrived(node);

/** An ENI for the layout and the far levels. */
export const layoutEni = ({ partial, records }: ViewSource, id: string): EniOrOutline | undefined =>
  partial === undefined ? records.enis.get(id) : partial.outline(id);

/** An ENI with its addresses, or with counts of them until the addresses have arrived. */
export function currentEni(source: ViewSource, id: string): EniOrOutline | undefined {
  const look = layoutEni(source, id);
  if (look === undefined || !hasArrived(source, look.node)) return look;
  return source.records.enis.get(id) ?? look;
}

/** The ENIs under a key of an index, for the layout and the far levels. */
export const layoutEnisUnder = (
  source: ViewSource,
  index: 'enisByNode' | 'enisBySubnet' | 'branchesByTrunk',
  key: string,
): EniOrOutline[] => recordsOf(source.indexes[index], key, { get: (id) => layoutEni(source, id) });

/** The same, with addresses if they have arrived. Decodes the node's chunk, so call it only for nodes in view. */
export const currentEnisUnder = (
  source: ViewSource,
  index: 'enisByNode' | 'branchesByTrunk',
  key: string,
): EniOrOutline[] => recordsOf(source.indexes[index], key, { get: (id) => currentEni(source, id) });

/** Every ENI, for the layout and the far levels. */
export const allLayoutEnis = ({ partial, records }: ViewSource): Iterable<EniOrOutline> =>
  partial === undefined ? records.enis.values() : partial.outlines();

/** The node of a pod, interface, ENI or host NIC; null for none, undefined for an unknown record. */
export function nodeOfRecord({ records, partial }: ViewSource, id: string): string | null | undefined {
  if (partial !== undefined) return partial.nodeOf(id);
  const found: Pick<EniRecord, 'node'> | undefined =
    records.enis.get(id) ?? records.pods.get(id) ?? records.interfaces.get(id) ?? records.hostNics.get(id);
  return found?.node;
}

/** Pods without an address, of a node or of all nodes. */
export function* podsWithoutAddress(source: ViewSource, node: string | null): Iterable<PodRecord> {
  if (source.partial !== undefined) {
    yield* source.partial.unaddressed(node);
    return;
  }
  const { pods } = source.records;
  for (const id of node === null ? pods.keys() : idsOf(source.indexes.podsByNode, node)) {
    const pod = pods.get(id);
    if (pod?.ips.length === 0) yield pod;
  }
}

/** The host NICs of a node without ENIs. */
export const hostNicsOf = (source: ViewSource, node: string): readonly HostNicRecord[] =>
  source.partial?.hostNics(node) ?? recordsOf(source.indexes.hostNicsByNode, node, source.records.hostNics);

/** The number of a network's interfaces, and the nodes they are on. */
export function networkUse(
  { records, indexes, partial }: ViewSource,
  network: string,
): { readonly interfaces: number; readonly nodes: ReadonlySet<string> } {
  const interfaces = idsOf(indexes.interfacesByNetwork, network);
  if (partial !== undefined) return { interfaces: interfaces.size, nodes: partial.nodesOfNetwork(network) };
  const nodes = [...interfaces].flatMap((id) => records.interfaces.get(id)?.node ?? []);
  return { interfaces: interfaces.size, nodes: new Set(nodes) };
}
