/** Makes keyframes of a changing record set, each of one version. Chunks are cached; only those with changed records are encoded again. */
import { byCodeUnit } from '../../model/order';
import type { ClusterInfo, NodeRecord, RecordByTable, RecordMaps, Table } from '../../model/records';
import { SharedWords } from '../columns/shared';
import { encodeChunk } from './chunk';
import type { ChunkRecords } from './chunk';
import { HEAD_TABLES } from './format';
import type { KeyframeMeta, WordsText } from './format';
import { groupNodes } from './groups';
import type { NodeGroup } from './groups';
import { headSteps, rowCounts } from './head';
import type { HeadParts } from './head';
import { chunkLists, divided, isChunkTable, nodeNamed, partByNode, rowsByNode, together, weightOf } from './parting';
import type { ChunkLists } from './parting';
import { summarise } from './summary';
import type { ChunkSummary } from './summary';

/** A keyframe with its packed chunks. */
export interface Keyframe<P> {
  readonly meta: KeyframeMeta;
  /** In wire order, the head first. */
  readonly chunks: readonly P[];
}

/** A packed chunk of records with its summary for the head. */
interface Entry<P> {
  readonly packed: P;
  readonly summary: ChunkSummary;
}

/**
 * State kept from one keyframe to the next. Replaced as a whole when everything changes, so that a keyframe in progress
 * keeps its own.
 */
interface EncoderState<P> {
  readonly words: SharedWords;
  /** Number of words after all chunks were encoded for the first time; null before. */
  firstWords: number | null;
  /** The full lists of words, packed. */
  readonly fullWords: P[];
  groups: readonly NodeGroup[];
  /** Rows by node. */
  readonly weights: Map<string, number>;
  readonly entries: Map<NodeGroup, Entry<P>>;
  /** The chunks of records without a node; null: must be encoded. */
  rest: readonly Entry<P>[] | null;
}

const begin = <P>(): EncoderState<P> => ({
  words: new SharedWords(),
  firstWords: null,
  fullWords: [],
  groups: [],
  weights: new Map(),
  entries: new Map(),
  rest: null,
});

/** Maximum rows of each table in a chunk of records without a node. */
const REST_ROWS = 500;
/** Words per list. */
const WORDS_A_CHUNK = 4_096;
/** Words of removed records stay in the list, so it is rebuilt when it has grown by this factor. */
const MAX_GROWTH = 3;
/** Encodes keyframes. Report every change to it, then run `steps` whenever a keyframe is needed. */
export class KeyframeEncoder<P> {
  readonly #pack: (text: string) => P;
  #state: EncoderState<P> = begin();
  /** Nodes whose records have changed; null represents records without a node. */
  readonly #changed = new Set<string | null>();

  /** `pack` turns a chunk's text into the stored form (for example compressed bytes). */
  constructor(pack: (text: string) => P) {
    this.#pack = pack;
  }

  /** Call it for every record that changes. `before` is undefined for a new one, `after` for a removed one. */
  changed<T extends Table>(table: T, before: RecordByTable[T] | undefined, after: RecordByTable[T] | undefined): void {
    if (isChunkTable(table))
      for (const one of [before, after]) if (one !== undefined) this.#changed.add(nodeNamed(one));
    if (table !== 'nodes') return;
    const [was, is] = [before, after] as readonly (NodeRecord | undefined)[];
    // A node's own record is in the head, but which records are without a node depends on which nodes exist.
    if (was === undefined || is === undefined) this.#changed.add(null);
    if (was?.gone !== is?.gone) this.#changed.add((is ?? was)?.id ?? null);
  }

  /** Call it when all records have been replaced. */
  reset(): void {
    this.#state = begin();
    this.#changed.clear();
  }

  /** Makes a keyframe in steps of about 10 ms, one keyframe at a time, with the records as of the first step. */
  *steps(records: RecordMaps, cluster: ClusterInfo, meta: KeyframeMeta): Generator<undefined, Keyframe<P>> {
    const kept = this.#state;
    const nodes = new Map(records.nodes);
    const lists = chunkLists(records);
    const tables = Object.fromEntries(HEAD_TABLES.map((table) => [table, [...records[table].values()]]));
    const ofHead = { meta, cluster, rows: rowCounts(records), nodeOf: nodesOfFindings(records) };
    forgetChanged(kept, this.#changed, nodes);
    this.#changed.clear();
    yield;
    kept.groups = yield* this.#group(kept, lists, nodes);
    yield* this.#encodeChanged(kept, lists, nodes);
    const rest = kept.rest ?? [];
    const entries = kept.groups.map((group) => kept.entries.get(group)).filter((entry) => entry !== undefined);
    const words = this.#packWords(kept);
    const head = yield* headSteps({
      ...ofHead,
      records: tables as unknown as HeadParts['records'],
      chunks: { words: words.length, rest: rest.length, nodes: kept.groups.map((group) => group.length) },
      summaries: [...rest, ...entries].map(({ summary }) => summary),
    });
    kept.firstWords ??= kept.words.texts.length;
    if (kept === this.#state && kept.words.texts.length > WORDS_A_CHUNK + kept.firstWords * MAX_GROWTH)
      this.#state = begin();
    return { meta, chunks: [this.#pack(head), ...words, ...[...rest, ...entries].map(({ packed }) => packed)] };
  }

  *#group(
    kept: EncoderState<P>,
    lists: ChunkLists,
    nodes: ReadonlyMap<string, NodeRecord>,
  ): Generator<undefined, readonly NodeGroup[]> {
    const ids = [...nodes.keys()].sort(byCodeUnit);
    for (const id of kept.weights.keys()) if (!nodes.has(id)) kept.weights.delete(id);
    const fresh = ids.filter((id) => !kept.weights.has(id));
    yield;
    if (fresh.length > 0) for (const [id, rows] of yield* rowsByNode(lists, new Set(fresh))) kept.weights.set(id, rows);
    const groups = groupNodes(kept.groups, ids, (node) => kept.weights.get(node) ?? 0);
    const held = new Set(groups);
    for (const group of kept.entries.keys()) if (!held.has(group)) kept.entries.delete(group);
    return groups;
  }

  *#encodeChanged(
    kept: EncoderState<P>,
    lists: ChunkLists,
    nodes: ReadonlyMap<string, NodeRecord>,
  ): Generator<undefined, void> {
    const missing = kept.groups.filter((group) => !kept.entries.has(group));
    if (missing.length === 0 && kept.rest !== null) return;
    const { byNode, rest } = yield* partByNode(lists, nodes, missing.flat());
    if (kept.rest === null) {
      const entries: Entry<P>[] = [];
      for (const records of divided(rest, REST_ROWS)) {
        entries.push(this.#entryOf(records, nodesNamed(records), new Map(), kept.words));
        yield;
      }
      kept.rest = entries;
    }
    for (const group of missing) {
      const parts = group.map((id) => byNode.get(id));
      group.forEach((id, index) => kept.weights.set(id, weightOf(parts[index])));
      kept.entries.set(group, this.#entryOf(together(parts), group, some(nodes, group), kept.words));
      yield;
    }
  }

  #entryOf(
    records: ChunkRecords,
    ids: readonly string[],
    nodes: ReadonlyMap<string, NodeRecord>,
    words: SharedWords,
  ): Entry<P> {
    return { packed: this.#pack(encodeChunk(records, ids, words)), summary: summarise(records, nodes) };
  }

  #packWords({ words, fullWords }: EncoderState<P>): readonly P[] {
    const pack = (from: number): P => {
      const chunk: WordsText = { kind: 'words', texts: words.texts.slice(from, from + WORDS_A_CHUNK) };
      return this.#pack(JSON.stringify(chunk));
    };
    while ((fullWords.length + 1) * WORDS_A_CHUNK <= words.texts.length)
      fullWords.push(pack(fullWords.length * WORDS_A_CHUNK));
    const from = fullWords.length * WORDS_A_CHUNK;
    return from === words.texts.length ? [...fullWords] : [...fullWords, pack(from)];
  }
}

function forgetChanged(
  kept: EncoderState<unknown>,
  changed: ReadonlySet<string | null>,
  nodes: ReadonlyMap<string, NodeRecord>,
): void {
  for (const group of kept.entries.keys()) if (group.some((id) => changed.has(id))) kept.entries.delete(group);
  for (const node of changed) if (node === null || !nodes.has(node)) kept.rest = null;
}

function some(nodes: ReadonlyMap<string, NodeRecord>, ids: readonly string[]): ReadonlyMap<string, NodeRecord> {
  const found = new Map<string, NodeRecord>();
  for (const id of ids) {
    const node = nodes.get(id);
    if (node !== undefined) found.set(id, node);
  }
  return found;
}

const nodesNamed = (records: ChunkRecords): readonly string[] => {
  const named = [records.enis, records.pods, records.interfaces, records.hostNics, records.attachments]
    .flat()
    .map(({ node }) => node)
    .filter((node) => node !== null);
  return [...new Set(named)].sort(byCodeUnit);
};

/** The node of every pod and interface that a finding refers to. */
function nodesOfFindings({ findings, pods, interfaces, nodes }: RecordMaps): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { subjects } of findings.values())
    for (const id of subjects) {
      const node = (pods.get(id) ?? interfaces.get(id))?.node ?? null;
      if (node !== null && nodes.has(node)) found.set(id, node);
    }
  return found;
}
