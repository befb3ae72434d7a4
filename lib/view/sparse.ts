/**
 * Reads record sets that are mostly not held as records, or have not arrived yet. With thousands of nodes, a page holds
 * the pods, interfaces and addresses as columns and decodes a node's when it is in view; these functions answer what
 * the whole picture needs of every node without decoding. For an ordinary record set, the answers come from the
 * records.
 */
import type { EniRecord, HostNicRecord, PodRecord } from '../model/records';
import type { EniLook } from './eni-outline';
import { idsOf, recordsOf, type ViewSource } from './view-source';

/** Whether the pods, interfaces and addresses of a node have arrived. */
export const isHere = ({ sparse }: ViewSource, node: string | null): boolean =>
  sparse === undefined || node === null ? (sparse?.complete ?? true) : sparse.isHere(node);

/** An ENI for the layout and the far levels. */
export const lookOf = ({ sparse, records }: ViewSource, id: string): EniLook | undefined =>
  sparse === undefined ? records.enis.get(id) : sparse.outline(id);

/** An ENI with its addresses, or with counts of them until the addresses have arrived. */
export function currentEni(source: ViewSource, id: string): EniLook | undefined {
  const look = lookOf(source, id);
  if (look === undefined || !isHere(source, look.node)) return look;
  return source.records.enis.get(id) ?? look;
}

/** The ENIs under a key of an index, for the layout and the far levels. */
export function looksUnder(
  source: ViewSource,
  index: 'enisByNode' | 'enisBySubnet' | 'branchesByTrunk',
  key: string,
): EniLook[] {
  const found: EniLook[] = [];
  for (const id of idsOf(source.indexes[index], key)) {
    const look = lookOf(source, id);
    if (look !== undefined) found.push(look);
  }
  return found;
}

/** The same, with their addresses where these have come: for the few of a node, since it reads them. */
export const enisUnder = (source: ViewSource, index: 'enisByNode' | 'branchesByTrunk', key: string): EniLook[] =>
  [...idsOf(source.indexes[index], key)].flatMap((id) => currentEni(source, id) ?? []);

/** Every ENI, for the layout and the far levels. */
export const allLooks = ({ sparse, records }: ViewSource): Iterable<EniLook> =>
  sparse === undefined ? records.enis.values() : sparse.outlines();

/** The node of a pod, interface, ENI or host NIC; null for none, undefined for an unknown record. */
export function nodeOfRecord({ records, sparse }: ViewSource, id: string): string | null | undefined {
  if (sparse !== undefined) return sparse.nodeOf(id);
  const found: Pick<EniRecord, 'node'> | undefined =
    records.enis.get(id) ?? records.pods.get(id) ?? records.interfaces.get(id) ?? records.hostNics.get(id);
  return found?.node;
}

/** Pods without an address, of a node or of all nodes. */
export function* podsWithoutAddress(source: ViewSource, node: string | null): Iterable<PodRecord> {
  if (source.sparse !== undefined) {
    yield* source.sparse.unaddressed(node);
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
  source.sparse?.hostNics(node) ?? recordsOf(source.indexes.hostNicsByNode, node, source.records.hostNics);

/** How many interfaces a network has, and on which nodes they are. */
export function networkUse(
  { records, indexes, sparse }: ViewSource,
  network: string,
): { readonly interfaces: number; readonly nodes: ReadonlySet<string> } {
  const interfaces = idsOf(indexes.interfacesByNetwork, network);
  if (sparse !== undefined) return { interfaces: interfaces.size, nodes: sparse.nodesOfNetwork(network) };
  const nodes = [...interfaces].flatMap((id) => records.interfaces.get(id)?.node ?? []);
  return { interfaces: interfaces.size, nodes: new Set(nodes) };
}
