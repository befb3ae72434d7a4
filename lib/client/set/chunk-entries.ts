/**
 * What the page keeps of every chunk without its records: where each id belongs, and the little that the whole picture
 * needs. Made where the chunk is first read; flat arrays, which move between threads without a copy.
 */
import type { PodRecord } from '../../model/records';
import { CHUNKED, type ChunkedTable, type ChunkRecords } from './chunk';
import { hashOf } from './id-table';

/** The number of the records that belong to no node. */
export const NO_NODE = 0;

export interface ChunkEntries {
  /** One entry a record: the halves of its id's hash, its node's number, and for an interface its network's place in `networks`. */
  readonly high: Uint32Array<ArrayBuffer>;
  readonly low: Uint32Array<ArrayBuffer>;
  readonly node: Uint32Array<ArrayBuffer>;
  readonly network: Uint16Array<ArrayBuffer>;
  /** How many of the entries each table has, in the order of `CHUNKED`. */
  readonly counts: readonly number[];
  readonly networks: readonly string[];
  /** Pods by namespace. */
  readonly namespaces: readonly (readonly [namespace: string, pods: number])[];
  /** Pods that may wait for an address. */
  readonly unaddressed: readonly string[];
  /** Interfaces that stand on no ENI, each with its host NIC. */
  readonly loose: readonly (readonly [id: string, node: string, hostNic: string | null])[];
}

/** Whether a pod may wait for an address: nobody else can. */
export const mayWait = (pod: PodRecord): boolean =>
  pod.ips.length === 0 && pod.phase === 'Pending' && !pod.hostNetwork && !pod.deleting;

/** Whether an interface has an address but no ENI. */
export const standsOnNoEni = (record: { readonly eni: string | null; readonly ips: readonly string[] }): boolean =>
  record.eni === null && record.ips.length > 0;

/** `numberOf` gives a node's number. */
export function entriesOfChunk(records: ChunkRecords, numberOf: (node: string | null) => number): ChunkEntries {
  const size = CHUNKED.reduce((sum, table) => sum + records[table].size, 0);
  const networks = new Map<string, number>();
  const namespaces = new Map<string, number>();
  const high = new Uint32Array(size);
  const low = new Uint32Array(size);
  const node = new Uint32Array(size);
  const network = new Uint16Array(size);
  let at = 0;
  const add = (table: ChunkedTable): void => {
    for (const [id, record] of records[table]) {
      [high[at], low[at]] = hashOf(id) as [number, number];
      node[at] = numberOf(record.node);
      if ('network' in record && table === 'interfaces') {
        const place = networks.get(record.network) ?? networks.size;
        networks.set(record.network, place);
        network[at] = place;
      }
      at++;
    }
  };
  for (const table of CHUNKED) add(table);
  const unaddressed: string[] = [];
  for (const pod of records.pods.values()) {
    namespaces.set(pod.namespace, (namespaces.get(pod.namespace) ?? 0) + 1);
    if (mayWait(pod)) unaddressed.push(pod.id);
  }
  const loose: (readonly [string, string, string | null])[] = [];
  for (const record of records.interfaces.values())
    if (record.node !== null && standsOnNoEni(record)) loose.push([record.id, record.node, record.hostNic]);
  return {
    high,
    low,
    node,
    network,
    counts: CHUNKED.map((table) => records[table].size),
    networks: [...networks.keys()],
    namespaces: [...namespaces],
    unaddressed,
    loose,
  };
}
