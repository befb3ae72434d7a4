/**
 * The page's record set: small tables are held as records, tables that grow with the pods as chunks of columns. It
 * behaves like any replica, and provides what the whole picture needs (`PartialSet`) without reading a chunk.
 *
 * A head and its chunks are of one version. Deltas after that version may arrive before, between and after the chunks,
 * in order; the result is the same as applying them to the full set.
 */
import { mayAwaitAddress } from '../../model/awaits-address';
import type { Delta, RecordPatch, TableDelta } from '../../model/delta';
import {
  TABLES,
  type ClusterInfo,
  type EniRecord,
  type HostNicRecord,
  type InterfaceRecord,
  type PodRecord,
  type RecordByTable,
  type RecordMaps,
  type Table,
} from '../../model/records';
import { applyPatch } from '../../records/apply';
import type { Indexes } from '../../records/indexes';
import { createReplica, type Replica } from '../../records/replica';
import type { NodeSums } from '../../snapshot/keyframe/summary';
import type { EniOutline } from '../../view/eni-outline';
import type { PartialSet } from '../../view/view-source';
import {
  isChunked,
  type Chunk,
  type ChunkDelta,
  type ChunkedTable,
  type ChunkListener,
  type ChunkRecords,
  type DecodeChunk,
} from './chunk';
import type { ChunkEntries } from './chunk-entries';
import { chunkIndexes } from './chunk-indexes';
import { ChunkRouter } from './chunk-router';
import { ChunkStore } from './chunk-store';
import { ChunkedMap } from './chunked-table';
import { EarlyChanges } from './early';
import { EniOutlines } from './eni-outlines';
import { HeadFacts } from './head-facts';
import { hashOf } from './id-table';

/** The first part of a record set. */
export interface SetHead {
  readonly cluster: ClusterInfo;
  /** The tables that are not in chunks; the others are empty. */
  readonly records: RecordMaps;
  readonly enis: Iterable<EniOutline>;
  /** Pods that wait on their node, or whose node no longer exists. */
  readonly pods: Iterable<PodRecord>;
  /** Host NICs that are drawn. */
  readonly hostNics: Iterable<HostNicRecord>;
  /** Totals by node id. */
  readonly sums: ReadonlyMap<string, NodeSums>;
  /** The nodes of pods and interfaces named by findings. */
  readonly nodeOf: ReadonlyMap<string, string>;
  /** Number of records of each chunked table. */
  readonly sizes: Readonly<Record<ChunkedTable, number>>;
  /** The nodes of each chunk, and the number of messages with records without a node. */
  readonly parts: readonly (readonly string[])[];
  readonly rest: number;
  readonly decode: DecodeChunk;
  /** How many chunks are held as records at a time; absent: the default. */
  readonly mostLive?: number;
}

/** A replica whose large tables are in chunks. */
export interface ChunkedReplica extends Replica {
  readonly partial: PartialSet & Arrival;
  /** A chunk of nodes has arrived; `part` is its position among them. */
  readonly arrive: (part: number, columns: Uint8Array, entries: ChunkEntries) => void;
  readonly arriveRest: (records: RestRecords) => void;
  /** All chunks, for passes over them: the revision changes with the chunk's records. */
  readonly chunks: readonly Pick<Chunk, 'revision' | 'here'>[];
  /** Reads one of them. */
  readonly read: <R>(chunk: number, read: (records: ChunkRecords) => R) => R;
  /** Previous states of the ENIs and interfaces held as records that have changed since the last call. */
  readonly takeBefore: () => ReadonlyMap<string, EniRecord | InterfaceRecord>;
  /** Whether a record is in memory; getting any other record reads its chunk. */
  readonly isHeld: (table: Table, id: string) => boolean;
  /** The number of a node, for the entries of its chunk. */
  readonly numberOf: (node: string | null) => number;
}

/** Records without a node. */
export type RestRecords = { readonly [T in ChunkedTable | FewTable]: readonly RecordByTable[T][] };

/** Small tables that arrive with the records without a node. */
const FEW = ['ipPools', 'signals'] as const satisfies readonly Table[];
type FewTable = (typeof FEW)[number];

/** How much of a set has arrived. */
interface Arrival {
  /** Number of nodes whose records have arrived, and number of all announced nodes. */
  readonly nodesHere: number;
  readonly nodes: number;
  /** Numbers of pods by namespace and interfaces by network among the arrived records. */
  readonly namespaces: ReadonlyMap<string, number>;
  readonly interfacesIn: (network: string) => number;
}

function split(tables: Delta['tables']): { readonly held: Delta['tables']; readonly chunked: ChunkDelta } {
  const held: Partial<Record<Table, unknown>> = {};
  const chunked: Partial<Record<ChunkedTable, unknown>> = {};
  for (const table of TABLES) {
    if (tables[table] === undefined) continue;
    if (isChunked(table)) chunked[table] = tables[table];
    else held[table] = tables[table];
  }
  return { held: held as Delta['tables'], chunked: chunked as ChunkDelta };
}

/** A replica with a head, whose chunks arrive later. */
export function createChunkedReplica(head: SetHead): ChunkedReplica {
  let before = new Map<string, EniRecord | InterfaceRecord>();
  const listener: ChunkListener = (table, id, was) => {
    if (was !== undefined && (table === 'enis' || table === 'interfaces') && !before.has(id))
      before.set(id, was as EniRecord | InterfaceRecord);
  };
  const held = createReplica();
  held.reset(head.records, head.cluster);
  const store = new ChunkStore(head.parts, head.rest, head.decode, listener, head.mostLive);
  const enis = new EniOutlines();
  for (const eni of head.enis) enis.begin(eni);
  const inPrefixMode = (node: string | null): boolean =>
    node !== null && held.records.nodes.get(node)?.cni?.mode === 'prefix';
  const facts = new HeadFacts(head.pods, head.hostNics, head.sums);
  const early = new EarlyChanges();
  const router = new ChunkRouter({ store, enis, head: facts, early, sizes: head.sizes, inPrefixMode });
  const few = new FewRecords(held, early, store);
  const records: RecordMaps = {
    ...held.records,
    pods: new ChunkedMap('pods', store, router, (id) => facts.pods.get(id)),
    interfaces: new ChunkedMap('interfaces', store, router),
    enis: new ChunkedMap('enis', store, router),
    hostNics: new ChunkedMap('hostNics', store, router, (id) => facts.nics.get(id)),
    attachments: new ChunkedMap('attachments', store, router),
  };
  const indexes: Indexes = {
    ...held.indexes,
    ...outlineIndexes(enis),
    ...chunkIndexes(store, router, records, facts),
  };
  return {
    records,
    indexes,
    get cluster() {
      return held.cluster;
    },
    apply(tables, info) {
      const parts = split(tables);
      few.apply(parts.held, info);
      router.apply(parts.chunked);
    },
    reset: () => {
      throw new Error('a record set in chunks is replaced by another one');
    },
    onChange: held.onChange,
    partial: partialSetOf({ store, router, enis, facts, head }),
    arrive: (part, columns, entries) => router.arrive(part, columns, entries),
    arriveRest(rest) {
      few.arrive(rest);
      router.arriveRest(rest);
    },
    chunks: store.chunks,
    read: (index, read) => {
      const chunk = store.chunks[index];
      if (chunk === undefined) throw new Error(`there is no chunk ${index}`);
      return store.pass(chunk, read);
    },
    takeBefore: () => {
      const taken = before;
      before = new Map();
      return taken;
    },
    isHeld: (table, id) => !isChunked(table) || router.chunkOf(table, id)?.isLive === true,
    numberOf: (node) => store.numberOf(node),
  };
}

/** The records that are not in chunks. Changes of tables that arrive with the records without a node wait for them. */
class FewRecords {
  readonly #held: Replica;
  readonly #early: EarlyChanges;
  readonly #store: ChunkStore;

  constructor(held: Replica, early: EarlyChanges, store: ChunkStore) {
    this.#held = held;
    this.#early = early;
    this.#store = store;
  }

  apply(tables: Delta['tables'], cluster: ClusterInfo | undefined): void {
    if (!this.#store.rest.here) for (const table of FEW) this.#keep(table, tables);
    this.#held.apply(tables, cluster);
  }

  arrive(rest: RestRecords): void {
    for (const table of FEW) this.#arrive(table, rest);
  }

  #keep(table: FewTable, tables: Delta['tables']): void {
    const change = tables[table] as TableDelta<Table> | undefined;
    const known = this.#held.records[table];
    for (const id of change?.drop ?? []) if (!known.has(id)) this.#early.end(hashOf(id), table, id);
    for (const { id } of change?.put ?? []) if (!known.has(id)) this.#early.end(hashOf(id), table, id);
    for (const patch of change?.patch ?? [])
      if (!known.has(patch.id)) this.#early.patch(hashOf(patch.id), table, patch);
  }

  #arrive<T extends FewTable>(table: T, rest: { readonly [U in T]: readonly RecordByTable[U][] }): void {
    const put: RecordByTable[T][] = [];
    for (const base of rest[table]) {
      const early = this.#early.take(hashOf(base.id));
      if (early === null) put.push(base);
      else if (early.patch !== null) put.push(applyPatch(table, base, early.patch as RecordPatch<T>));
    }
    this.#held.apply({ [table]: { put, patch: [], drop: [] } });
  }
}

const outlineIndexes = ({ indexes: { enisByNode, branchesByTrunk, enisBySubnet } }: EniOutlines) => ({
  enisByNode,
  branchesByTrunk,
  enisBySubnet,
});

interface PartialSetParts {
  readonly store: ChunkStore;
  readonly router: ChunkRouter;
  readonly enis: EniOutlines;
  readonly facts: HeadFacts;
  readonly head: SetHead;
}

function partialSetOf({ store, router, enis, facts, head }: PartialSetParts): PartialSet & Arrival {
  const { tallies } = router;
  const nodes = head.parts.reduce((sum, part) => sum + part.length, 0);
  const hasArrived = (node: string): boolean => {
    const number = store.knownNumber(node);
    return number === undefined || store.chunkAt(number).here;
  };
  return {
    nodes,
    get nodesHere() {
      return Math.min(nodes, store.nodesHere);
    },
    get complete() {
      return store.missing === 0;
    },
    get namespaces() {
      return tallies.namespaces;
    },
    interfacesIn: (network) => tallies.interfacesIn(network),
    hasArrived,
    outline: (eni) => enis.get(eni),
    outlines: () => enis.all(),
    nodeOf(id) {
      const number = router.numberOf(id);
      if (number !== undefined) return store.nodeAt(number);
      return store.missing > 0 ? head.nodeOf.get(id) : undefined;
    },
    *unaddressed(node) {
      for (const pod of node === null ? facts.pods.values() : facts.pods.on(node))
        if (pod.node !== null && !hasArrived(pod.node) && mayAwaitAddress(pod)) yield pod;
      yield* node === null ? tallies.unaddressed.values() : tallies.unaddressed.under(node).values();
    },
    hostNics: (node) => facts.nics.on(node),
    looseCount(node) {
      let count = hasArrived(node) ? 0 : facts.looseCount(node);
      for (const nic of tallies.loose.under(node).values()) if (!facts.hasVfs(nic)) count++;
      return count;
    },
    nodesOfNetwork(network) {
      const number = tallies.knownNetwork(network);
      const numbers = number === undefined ? [] : tallies.interfaces.under(number).keys();
      return new Set([...numbers].flatMap((one) => store.nodeAt(one) ?? []));
    },
  };
}
