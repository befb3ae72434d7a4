/**
 * # Keyframes
 *
 * A keyframe is one version of the record set, in chunks that are encoded, compressed, cached and read independently. A
 * viewer loads it, draws the first picture from its head, and follows the stream from its version.
 *
 * ## On the wire
 *
 * `GET /api/topology?format=keyframe`: a sequence of chunks, each as four bytes of length (big-endian) and that many bytes
 * of gzip (`frames.ts`). A chunk is JSON text with a `kind`; the order is fixed:
 *
 * 1. One **head** (`head.ts`): the data drawn by the far levels of the picture, a tenth of the bytes. The tables in
 *    `HEAD_TABLES` are complete, and in no other chunk. The other tables are summarised:
 *    - `enis`: every ENI as an `EniOutline`, with counts instead of addresses;
 *    - `sums`: the number of pods of each node, and its numbers of interfaces by network and on no ENI;
 *    - `pods`: the whole records of pods with a place of their own in the picture (they wait on a node, or their node is
 *      gone); their chunk contains them again;
 *    - `hostNics`: the whole records of those that are drawn (with virtual functions, or of a node without ENIs); their
 *      chunk contains them again;
 *    - `nodeOf`: the node of each pod and interface that a finding refers to.
 *
 *    The head also gives the number of chunks that follow and the number of rows of every table, so that a page can show
 *    how much has arrived.
 * 2. **words**: texts that repeat on many nodes; `records` chunks refer to them by position. All words precede the first
 *    records.
 * 3. **records**: first those without a node (or whose node is not in the table), then those of groups of nodes with about
 *    1,000 rows each, in the order of the head's nodes. The tables in `CHUNK_TABLES`, as whole records (`chunk.ts`). A chunk
 *    requires the words, but neither the head nor another chunk; reading one takes about 10 ms.
 *
 * All chunks are of the version in the head: with the deltas after it they give the server's record set, except for pod
 * uids. Every record is in exactly one chunk (apart from the copies in the head, which are equal).
 *
 * ## Reading
 *
 * `decodeHead` (`head.ts`) decodes the head, and `decodeChunk` (`chunk.ts`) a chunk of records. Columns that should stay
 * columns are in `ChunkText.tables`: `[rows, columns]` by table, each by the shape in `NODE_ROWS`, for `decodeColumn`.
 *
 * The format's name contains the fingerprint of all shapes: a page of another build reloads instead of misreading.
 */
import type { ClusterInfo, Table, Timestamp } from '../../model/records';
import { RECORDS } from '../../model/schema/tables';
import { fingerprint } from '../columns/codec';
import { NODE_ROWS } from '../columns/node-rows';
import type { PackedTable } from '../columns/node-rows';
import { OUTLINES_ALIKE, SUMS_ROW } from './summary';

/** Complete in the head, and in no other chunk. */
export const HEAD_TABLES = ['sources', 'nodes', 'networkCards', 'subnets', 'networks', 'findings'] as const;
export type HeadTable = (typeof HEAD_TABLES)[number];

/** In `records` chunks. The last two are in the chunks of records without a node. */
export const CHUNK_TABLES = [
  'enis',
  'pods',
  'interfaces',
  'hostNics',
  'attachments',
  'ipPools',
  'signals',
] as const satisfies readonly Exclude<Table, HeadTable>[];
/** A table whose records are in `records` chunks. */
export type ChunkTable = (typeof CHUNK_TABLES)[number];

/** Position and time of a keyframe, all of one version. */
export interface KeyframeMeta {
  readonly epoch: string;
  readonly version: number;
  readonly takenAt: Timestamp;
}

/** `ifscope/keyframe/v1/` and the fingerprint of the shapes. */
export const FORMAT = `ifscope/keyframe/v1/${fingerprint([...Object.values(RECORDS), ...Object.values(NODE_ROWS), OUTLINES_ALIKE.shape, SUMS_ROW])}`;

/** The head as JSON. */
export interface HeadText {
  readonly kind: 'head';
  readonly format: string;
  readonly meta: KeyframeMeta;
  readonly cluster: ClusterInfo;
  /** Number of rows in the whole keyframe, by table. */
  readonly rows: Readonly<Record<Table, number>>;
  /**
   * The number of chunks of each kind that follow, in this order; for chunks of nodes, how many of the head's nodes
   * each contains.
   */
  readonly chunks: { readonly words: number; readonly rest: number; readonly nodes: readonly number[] };
  readonly tables: Readonly<Record<HeadTable, PackedTable>>;
  /** Nodes that outlines refer to but the table lacks; numbered after the table's. */
  readonly otherNodes: readonly string[];
  readonly enis: PackedTable;
  readonly pods: PackedTable;
  readonly hostNics: PackedTable;
  /** In the order of the nodes. */
  readonly sums: PackedTable;
  /** Record ids and, for each, the position of its node. */
  readonly nodeOf: readonly [ids: readonly string[], nodes: readonly number[]];
}

/** A list of shared texts as JSON. */
export interface WordsText {
  readonly kind: 'words';
  readonly texts: readonly string[];
}

/** A chunk of records as JSON. */
export interface ChunkText {
  readonly kind: 'records';
  /** The nodes of these records, which rows refer to by position; for `rest` records, only those that they refer to. */
  readonly nodes: readonly string[];
  readonly tables: Readonly<Record<ChunkTable, PackedTable>>;
}

/** Any chunk as JSON, discriminated by `kind`. */
export type AnyText = HeadText | WordsText | ChunkText;
