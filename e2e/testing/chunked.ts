/** A record set split into a head and chunks, as in a keyframe, for tests of the page's record set. */
import { mayAwaitAddress } from '../../lib/model/awaits-address';
import { TABLES, type RecordByTable, type RecordMaps } from '../../lib/model/records';
import { perTable } from '../../lib/model/schema/tables';
import { CHUNKED, isChunked, type ChunkedTable, type ChunkRecords } from '../../lib/client/set/chunk';
import { entriesOfChunk, locatedRecords, standsOnNoEni } from '../../lib/client/set/chunk-entries';
import { createChunkedReplica, type ChunkedReplica, type RestRecords } from '../../lib/client/set/chunked-replica';
import type { NodeSums } from '../../lib/snapshot/keyframe/summary';
import { outlineOf } from '../../lib/view/eni-outline';

const decode = (columns: Uint8Array): ChunkRecords => {
  const tables = JSON.parse(new TextDecoder().decode(columns)) as Record<string, readonly { readonly id: string }[]>;
  return Object.fromEntries(
    CHUNKED.map((table) => [table, new Map((tables[table] ?? []).map((record) => [record.id, record]))]),
  ) as unknown as ChunkRecords;
};

function sumsOf(records: RecordMaps, node: string): NodeSums {
  const networks = new Map<string, number>();
  const loose = new Map<string | null, number>();
  for (const record of records.interfaces.values()) {
    if (record.node !== node) continue;
    networks.set(record.network, (networks.get(record.network) ?? 0) + 1);
    if (standsOnNoEni(record)) loose.set(record.hostNic, (loose.get(record.hostNic) ?? 0) + 1);
  }
  return {
    pods: [...records.pods.values()].filter((pod) => pod.node === node).length,
    networks: [...networks].map(([network, count]) => ({ network, count })),
    loose: [...loose].map(([hostNic, count]) => ({ hostNic, count })),
  };
}

type ChunkList = { readonly [T in ChunkedTable]: readonly RecordByTable[T][] };

export interface Cut {
  readonly replica: ChunkedReplica;
  /** Each delivers one chunk; call each once, in any order. */
  readonly arrivals: readonly (() => void)[];
  /** Number of chunks that the replica has decoded. */
  readonly decoded: () => number;
}

/** `size`: nodes per chunk; `mostLive`: maximum number of chunks kept as records. */
export function cut(records: RecordMaps, size: number, mostLive: number): Cut {
  const nodes = [...records.nodes.keys()].sort();
  const parts: string[][] = [];
  for (let from = 0; from < nodes.length; from += size) parts.push(nodes.slice(from, from + size));
  const of = (keep: (node: string | null) => boolean): ChunkList =>
    Object.fromEntries(
      CHUNKED.map((table) => [table, [...records[table].values()].filter(({ node }) => keep(node))]),
    ) as unknown as ChunkList;
  const loose = of((node) => node === null || !records.nodes.has(node));
  const rest: RestRecords = {
    ...loose,
    ipPools: [...records.ipPools.values()],
    signals: [...records.signals.values()],
  };
  const onNode = (node: string | null): boolean => node !== null && records.nodes.has(node);
  const networkOf = (id: string): string | null => records.interfaces.get(id)?.network ?? null;
  let decoded = 0;
  const withEnis = new Set([...records.enis.values()].map(({ node }) => node));
  const replica = createChunkedReplica({
    cluster: { name: 'test', kubernetesVersion: null, region: null, vpcId: null, vpcCidrs: null, demo: false },
    records: perTable((table) =>
      isChunked(table) || table === 'ipPools' || table === 'signals' ? new Map() : records[table],
    ) as unknown as RecordMaps,
    enis: [...records.enis.values()].map((eni) => outlineOf(eni, networkOf)),
    pods: [...records.pods.values()].filter(
      (pod) => onNode(pod.node) && (mayAwaitAddress(pod) || records.nodes.get(pod.node ?? '')?.gone === true),
    ),
    hostNics: [...records.hostNics.values()].filter(
      ({ node, vfs }) => onNode(node) && (vfs !== null || !withEnis.has(node)),
    ),
    sums: new Map(nodes.map((node) => [node, sumsOf(records, node)])),
    nodeOf: new Map(),
    sizes: Object.fromEntries(TABLES.map((table) => [table, records[table].size])) as Record<ChunkedTable, number>,
    parts,
    rest: 1,
    decode: (columns) => {
      decoded++;
      return decode(columns);
    },
    mostLive,
  });
  const bring = (part: readonly string[], index: number) => (): void => {
    const chunk = of((node) => node !== null && part.includes(node));
    const columns = new TextEncoder().encode(JSON.stringify(chunk));
    replica.arrive(index, columns, entriesOfChunk(locatedRecords(decode(columns)), replica.numberOf));
  };
  return { replica, arrivals: [() => replica.arriveRest(rest), ...parts.map(bring)], decoded: () => decoded };
}
