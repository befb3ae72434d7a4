/** Encodes and decodes the head of a keyframe. */
import { byCodeUnit } from '../../model/order';
import type { ClusterInfo, HostNicRecord, NodeRecord, PodRecord, RecordByTable, Table } from '../../model/records';
import type { ObjectShape, ShapeOf } from '../../model/schema/shape';
import { RECORDS, TABLES } from '../../model/schema/tables';
import { rememberingParser } from '../columns/alike';
import { decodeColumn, encodeColumn } from '../columns/codec';
import type { Column } from '../columns/codec';
import { packHostNic, unpackHostNic } from '../columns/node-parts';
import { NodeList } from '../columns/nodes';
import { NODE_ROWS } from '../columns/node-rows';
import type { PackedTable } from '../columns/node-rows';
import { decodeTable } from '../columns/own-tables';
import { PODS_ALIKE, packPod, unpackPod } from '../columns/pods';
import { FORMAT, HEAD_TABLES } from './format';
import type { HeadTable, HeadText, KeyframeMeta } from './format';
import { OUTLINES_ALIKE, packOutline, SUMS_ROW, unpackOutline } from './summary';
import type { ChunkSummary, EniOutline, InstanceOf, NodeSums } from './summary';

/** The decoded head. */
export interface Head {
  readonly meta: KeyframeMeta;
  readonly cluster: ClusterInfo;
  /** Number of rows in the whole keyframe, by table. */
  readonly rows: Readonly<Record<Table, number>>;
  /** The chunks that follow: numbers of `words` and `rest` chunks, then the node ids of each further chunk, in wire order. */
  readonly chunks: {
    readonly words: number;
    readonly rest: number;
    readonly nodes: readonly (readonly string[])[];
  };
  /** Whole tables, sorted by id. */
  readonly records: { readonly [T in HeadTable]: readonly RecordByTable[T][] };
  readonly enis: readonly EniOutline[];
  readonly pods: readonly PodRecord[];
  readonly hostNics: readonly HostNicRecord[];
  /** By node id, for every node of the table. */
  readonly sums: ReadonlyMap<string, NodeSums>;
  /**
   * The node of every pod and interface that a finding refers to, by the latter's id; records without a node are
   * absent.
   */
  readonly nodeOf: ReadonlyMap<string, string>;
}

/** The input of a head. Lists may be in any order, but the summaries must be in chunk order. */
export interface HeadParts {
  readonly meta: KeyframeMeta;
  readonly cluster: ClusterInfo;
  readonly rows: Readonly<Record<Table, number>>;
  /** `nodes`: number of nodes in each chunk, in the order of node ids. */
  readonly chunks: HeadText['chunks'];
  readonly records: { readonly [T in HeadTable]: readonly RecordByTable[T][] };
  readonly summaries: readonly ChunkSummary[];
  readonly nodeOf: ReadonlyMap<string, string>;
}

const NO_SUMS: NodeSums = { pods: 0, networks: [], loose: [] };

function instancesOf(nodes: readonly NodeRecord[]): InstanceOf {
  const instances = new Map(nodes.map(({ id, instanceId }) => [id, instanceId]));
  return (node) => (node === null ? null : instances.get(node)) ?? null;
}

/** Encodes the head in steps of a few milliseconds; returns its JSON text. */
export function* headSteps(parts: HeadParts): Generator<undefined, string> {
  const { summaries } = parts;
  const known = parts.records.nodes.toSorted((a, b) => byCodeUnit(a.id, b.id));
  const ids = new Set(known.map(({ id }) => id));
  const outlines = summaries.flatMap(({ enis }) => enis);
  const others = new Set(outlines.map(({ node }) => node).filter((node) => node !== null && !ids.has(node)));
  const otherNodes = [...others].filter((node) => node !== null).sort(byCodeUnit);
  const nodes = new NodeList([...ids, ...otherNodes]);
  const instanceOf = instancesOf(known);
  yield;
  const sums = new Map(summaries.flatMap((one) => [...one.sums]));
  const tables: Partial<Record<HeadTable, PackedTable>> = {};
  for (const table of HEAD_TABLES) {
    const list: readonly { readonly id: string }[] = parts.records[table];
    tables[table] = yield* packed(
      RECORDS[table],
      list.toSorted((a, b) => byCodeUnit(a.id, b.id)),
    );
  }
  const named = [...parts.nodeOf].sort(([a], [b]) => byCodeUnit(a, b));
  const head: HeadText = {
    kind: 'head',
    format: FORMAT,
    meta: parts.meta,
    cluster: parts.cluster,
    rows: parts.rows,
    chunks: parts.chunks,
    tables: tables as Record<HeadTable, PackedTable>,
    otherNodes,
    enis: yield* packed(
      OUTLINES_ALIKE.shape,
      yield* mapped(outlines, (eni) => OUTLINES_ALIKE.pack(packOutline(eni, nodes, instanceOf))),
    ),
    pods: yield* packed(
      NODE_ROWS.pods,
      summaries.flatMap(({ pods }) => pods.map((pod) => PODS_ALIKE.pack(packPod(pod, nodes)))),
    ),
    hostNics: yield* packed(
      NODE_ROWS.hostNics,
      summaries.flatMap(({ hostNics }) => hostNics.map((nic) => packHostNic(nic, nodes))),
    ),
    sums: yield* packed(
      SUMS_ROW,
      known.map(({ id }) => sums.get(id) ?? NO_SUMS),
    ),
    nodeOf: [named.map(([id]) => id), named.map(([, node]) => nodes.placeOf(node) ?? 0)],
  };
  return JSON.stringify(head);
}

const ROWS_A_STEP = 1_000;

function* mapped<T, R>(list: readonly T[], map: (one: T) => R): Generator<undefined, readonly R[]> {
  const result: R[] = [];
  for (const one of list) {
    result.push(map(one));
    if (result.length % ROWS_A_STEP === 0) yield;
  }
  return result;
}

/** Encodes one field per step. */
function* packed(shape: ObjectShape, rows: readonly object[]): Generator<undefined, PackedTable> {
  if (rows.length === 0) return [0, null];
  const columns: Column[] = [];
  for (const [name, field] of shape.fields) {
    columns.push(
      encodeColumn(
        field,
        (rows as readonly Readonly<Record<string, unknown>>[]).map((row) => row[name]),
      ),
    );
    yield;
  }
  return [rows.length, columns];
}

const rowsOf = <R>(shape: ObjectShape & ShapeOf<R>, [rows, columns]: PackedTable): readonly R[] =>
  decodeColumn(shape, columns, rows) as readonly R[];

/** Decodes a head. Throws when it has another format. */
export function decodeHead(text: HeadText): Head {
  if (text.format !== FORMAT) throw new Error(`not a keyframe of this format (${FORMAT}); reload the page`);
  const records = Object.fromEntries(HEAD_TABLES.map((table) => [table, decodeTable(table, text.tables[table])]));
  const known = records['nodes'] as readonly NodeRecord[];
  const ids = known.map(({ id }) => id);
  const nodes = new NodeList([...ids, ...text.otherNodes]);
  const instanceOf = instancesOf(known);
  const parse = rememberingParser();
  let from = 0;
  const sums = rowsOf(SUMS_ROW, text.sums);
  return {
    meta: text.meta,
    cluster: text.cluster,
    rows: text.rows,
    chunks: { ...text.chunks, nodes: text.chunks.nodes.map((count) => ids.slice(from, (from += count))) },
    records: records as unknown as Head['records'],
    enis: rowsOf(OUTLINES_ALIKE.shape, text.enis).map((row) =>
      unpackOutline(OUTLINES_ALIKE.unpack(row, parse), nodes, instanceOf),
    ),
    pods: rowsOf(NODE_ROWS.pods, text.pods).map((row) => unpackPod(PODS_ALIKE.unpack(row, parse), nodes)),
    hostNics: rowsOf(NODE_ROWS.hostNics, text.hostNics).map((row) => unpackHostNic(row, nodes)),
    sums: new Map(ids.map((id, place) => [id, sums[place] ?? NO_SUMS])),
    nodeOf: new Map(text.nodeOf[0].map((id, index) => [id, nodes.at(text.nodeOf[1][index] ?? null) ?? ''])),
  };
}

/** Number of rows of every table of a record set. */
export const rowCounts = (records: {
  readonly [T in Table]: { readonly size: number };
}): Readonly<Record<Table, number>> =>
  Object.fromEntries(TABLES.map((table) => [table, records[table].size])) as Record<Table, number>;
