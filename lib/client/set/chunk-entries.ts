/**
 * What the page keeps of every chunk besides its columns: the node of each id, and the few facts that the whole picture
 * needs. Created where the chunk is first read; flat arrays, which are transferred between threads without copying.
 */
import { mayAwaitAddress } from '../../model/awaits-address';
import type { PodRecord } from '../../model/records';
import { tally } from '../../model/sums';
import type { LocatedTables } from '../../snapshot/columns/located-rows';
import { CHUNKED, type ChunkRecords } from './chunk';
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

/** What locates the given records. */
export const locatedRecords = ({ pods, interfaces, enis, hostNics, attachments }: ChunkRecords): LocatedTables => ({
  pods: [...pods.values()],
  interfaces: [...interfaces.values()].map((record) => ({ ...record, isLoose: standsOnNoEni(record) })),
  enis: [...enis.values()],
  hostNics: [...hostNics.values()],
  attachments: [...attachments.values()],
  unaddressed: [...pods.values()].filter(mayAwaitAddress),
});

/** Creates the entries of a chunk; `numberOf` returns a node's number. */
export function entriesOfChunk(located: LocatedTables, numberOf: (node: string | null) => number): ChunkEntries {
  const size = CHUNKED.reduce((sum, table) => sum + located[table].length, 0);
  const networks = new Map<string, number>();
  const high = new Uint32Array(size);
  const low = new Uint32Array(size);
  const node = new Uint32Array(size);
  const network = new Uint16Array(size);
  let at = 0;
  for (const table of CHUNKED) {
    for (const record of located[table]) {
      [high[at], low[at]] = hashOf(record.id) as [number, number];
      node[at] = numberOf(record.node);
      if ('network' in record && table === 'interfaces') {
        const place = networks.get(record.network) ?? networks.size;
        networks.set(record.network, place);
        network[at] = place;
      }
      at++;
    }
  }
  return {
    high,
    low,
    node,
    network,
    counts: CHUNKED.map((table) => located[table].length),
    networks: [...networks.keys()],
    namespaces: [...tally(located.pods.map(({ namespace }) => namespace))],
    unaddressed: located.unaddressed,
    loose: located.interfaces.flatMap(({ id, node: on, hostNic, isLoose }) =>
      isLoose && on !== null ? [[id, on, hostNic] as const] : [],
    ),
  };
}
