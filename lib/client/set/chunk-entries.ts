/**
 * What the page keeps of every chunk besides its columns: the node of each id, and the few facts that the whole picture
 * needs. Created where the chunk is first read; flat arrays, which are transferred between threads without copying.
 */
import { mayAwaitAddress } from '../../model/awaits-address';
import type { PodRecord } from '../../model/records';
import { CHUNKED, type ChunkedTable, type ChunkRecords } from './chunk';
import { hashOf } from './id-table';

/** The node number of records without a node. */
export const NO_NODE = 0;

/** The entries of one chunk. */
export interface ChunkEntries {
  /** One entry per record: both halves of its id's hash, its node's number and, for an interface, its network's position in `networks`. */
  readonly high: Uint32Array<ArrayBuffer>;
  readonly low: Uint32Array<ArrayBuffer>;
  readonly node: Uint32Array<ArrayBuffer>;
  readonly network: Uint16Array<ArrayBuffer>;
  /** Number of entries of each table, in the order of `CHUNKED`. */
  readonly counts: readonly number[];
  readonly networks: readonly string[];
  /** Number of pods by namespace. */
  readonly namespaces: readonly (readonly [namespace: string, pods: number])[];
  /** Pods that may be waiting for an address. */
  readonly unaddressed: readonly PodRecord[];
  /** Interfaces with an address but no ENI, each with its node and host NIC. */
  readonly loose: readonly (readonly [id: string, node: string, hostNic: string | null])[];
}

/** Whether an interface has an address but no ENI. */
export const standsOnNoEni = (record: { readonly eni: string | null; readonly ips: readonly string[] }): boolean =>
  record.eni === null && record.ips.length > 0;

/** Creates the entries of a chunk; `numberOf` returns a node's number. */
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
  const unaddressed: PodRecord[] = [];
  for (const pod of records.pods.values()) {
    namespaces.set(pod.namespace, (namespaces.get(pod.namespace) ?? 0) + 1);
    if (mayAwaitAddress(pod)) unaddressed.push(pod);
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
