/**
 * # Keyframes
 *
 * A keyframe is one version of the record set, in chunks that are encoded, compressed, cached and read one by one. A viewer
 * fetches it, draws the first picture from its head, and follows the stream from its version.
 *
 * ## On the wire
 *
 * `GET /api/topology?format=keyframe`: chunk after chunk, each as four bytes of length (big-endian) and so many bytes of gzip
 * (`frames.ts`). A chunk is JSON text with a `kind`; the order is fixed:
 *
 * 1. One **head** (`head.ts`): what the far levels of the picture draw, a tenth of the bytes. The tables in `HEAD_TABLES` are
 *    whole, and are in no other chunk. All others are there as summaries:
 *    - `enis`: every ENI as an `EniOutline`, with counts instead of addresses;
 *    - `sums`: how many pods each node has, and how many interfaces by network, and on no ENI;
 *    - `pods`: the whole records of those that have a place of their own in the picture (they wait on a node, or their node is
 *      gone); they come again with their chunk;
 *    - `hostNics`: the whole records of those that are drawn (with virtual functions, or of a node without ENIs); they too
 *      come again;
 *    - `nodeOf`: the node of each pod and interface that a finding names.
 *
 *    It counts the chunks that follow, and the rows of every table, so that a page can say how much is there.
 * 2. **words**: texts that come with many nodes; `records` chunks name them by place. All words come before the first records.
 * 3. **records**: first those without a node (or whose node is not in the table), then those of about 1,000 rows' worth of
 *    nodes each, in the order of the head's nodes. The tables in `CHUNK_TABLES`: whole records (`chunk.ts`). A chunk needs the
 *    words, and neither the head nor another chunk; reading one takes some 10 ms.
 *
 * All chunks are of the version that the head names: with the deltas after it they give the server's record set, but for pod
 * uids. Every record is in exactly one chunk (but for the copies in the head, which are equal).
 *
 * ## Reading
 *
 * `KeyframeReader.read(text)` takes the text of one chunk after the other and gives what is in it as records. Columns that
 * should stay columns are in `ChunkText.tables`: `[rows, columns]` by table, each by the shape in `NODE_ROWS`, to be read
 * with `decodeColumn`.
 *
 * The format's name holds the fingerprint of all shapes: a page of another build is told to reload, and never misreads.
 */
import type { ClusterInfo, Table, Timestamp } from '../../model/records';
import { RECORDS } from '../../model/schema/tables';
import { fingerprint } from '../columns/codec';
import { NODE_ROWS } from '../columns/node-rows';
import type { PackedTable } from '../columns/node-rows';
import { OUTLINES_ALIKE, SUMS_ROW } from './summary';

/** Whole in the head, and in no other chunk. */
export const HEAD_TABLES = ['sources', 'nodes', 'networkCards', 'subnets', 'networks', 'findings'] as const;
/** A table that is whole in the head. */
export type HeadTable = (typeof HEAD_TABLES)[number];

/** In `records` chunks. The last two are with the records without a node. */
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

/** Of one version. */
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
  /** How many chunks of each kind follow, in this order; for chunks of nodes, how many of the head's nodes each contains. */
  readonly chunks: { readonly words: number; readonly rest: number; readonly nodes: readonly number[] };
  readonly tables: Readonly<Record<HeadTable, PackedTable>>;
  /** Nodes that outlines name but the table lacks; numbered after the table's. */
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
  /** The nodes of these records, which rows name by position; for `rest` records, only those that they name. */
  readonly nodes: readonly string[];
  readonly tables: Readonly<Record<ChunkTable, PackedTable>>;
}

/** Any chunk as JSON, discriminated by `kind`. */
export type AnyText = HeadText | WordsText | ChunkText;
