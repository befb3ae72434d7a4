/**
 * The rack: the position of every box of the picture, in typed arrays. Zone → node → block (card heading, ENI, …);
 * slots are computed inside their block. Positions depend on the sorted records alone: not on arrival order, time or
 * randomness.
 */
import type { Rect } from '../picture/rect';
import { remembered } from '../../model/remembered';

/** The kinds of block inside a node; `ref` in the comments is `Blocks.ref`. */
export const BLOCK_KINDS = [
  /** ref: card record, or the node if the card is not known. */
  'card-heading',
  /** ref: ENI. */
  'eni',
  /** The reserved place of an ENI that is not attached. ref: card; rows: 1 for the trunk's. */
  'vacant',
  /** A run of equal cards in one line. ref: first card; rows: number of cards. */
  'fold',
  /** A card in the matrix. ref: card. */
  'cell',
  /** The background of such a run in the matrix. ref: first card; rows: number of cards. */
  'region',
  /** Pods without an address. ref: node. */
  'waiting',
  /** Why the node shows no ENIs. ref: node. */
  'no-enis',
  /** Addresses on no known ENI. ref: node; rows of slots. */
  'addresses',
  /** The same in one line below the ENIs. ref: node. */
  'beside',
  /** A record that still refers to a deleted node. ref: ENI or pod. */
  'ghost-ref',
  /** ref: host NIC. */
  'nic-heading',
  /** Virtual functions. ref: host NIC; rows of slots. */
  'vfs',
  /** A Fargate node. ref: node. */
  'tile',
  /** An ENI on the shelf. ref: ENI. */
  'shelf-eni',
] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

/** The kinds of box; only `node` and `ghost` are single nodes. */
export const BOX_KINDS = ['node', 'ghost', 'fargate', 'shelf'] as const;
export type BoxKind = (typeof BOX_KINDS)[number];

/** Blocks; x and y are relative to the node's top left corner. */
export interface Blocks {
  readonly kind: Uint8Array;
  readonly ref: readonly string[];
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly w: Float64Array;
  readonly h: Float64Array;
  /** 1, or the scale of the contents of a matrix cell. */
  readonly scale: Float64Array;
  readonly rows: Uint16Array;
  /** Index of the node box that contains the block. */
  readonly node: Uint32Array;
}

/** Boxes, in group order and, within a group, column by column. */
export interface Boxes {
  readonly kind: Uint8Array;
  /** Node record id; `fargate:GROUP` and `shelf:N` for boxes that are not single nodes. */
  readonly id: readonly string[];
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly w: Float64Array;
  readonly h: Float64Array;
  /** Index of the group that contains the box. */
  readonly group: Uint16Array;
  /** Block range of box i: firstBlock[i] up to firstBlock[i + 1]. */
  readonly firstBlock: Uint32Array;
}

/** Columns of boxes, left to right. Box range of column c: first[c] up to first[c + 1]. */
export interface Columns {
  readonly x: Float64Array;
  readonly first: Uint32Array;
}

/** A group of nodes with its position. */
export interface GroupBox {
  readonly key: string;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly columns: number;
  /** Number of nodes, or of ENIs on the shelf. */
  readonly count: number;
  readonly shelf: boolean;
  /** The column height at which the group was wrapped; passed in again, it keeps the columns in place. */
  readonly cap: number;
}

/** The whole layout, in layout units. */
export interface Rack {
  readonly width: number;
  readonly height: number;
  readonly groups: readonly GroupBox[];
  readonly columns: Columns;
  readonly boxes: Boxes;
  readonly blocks: Blocks;
  /** Box index by node record id; for a Fargate node, the box of its group. */
  readonly boxOf: ReadonlyMap<string, number>;
  /** The time it was built for, epoch milliseconds; null: none. */
  readonly now: number | null;
}

/** The kind of the block at this index. */
export const blockKind = (rack: Rack, block: number): BlockKind => BLOCK_KINDS[rack.blocks.kind[block] ?? 0] ?? 'eni';

/** Whether the rack has a block of this kind. */
export const hasBlocks = (rack: Rack, kind: BlockKind): boolean => rack.blocks.kind.includes(BLOCK_KINDS.indexOf(kind));

/** The kind of the box at this index. */
export const boxKind = (rack: Rack, box: number): BoxKind => BOX_KINDS[rack.boxes.kind[box] ?? 0] ?? 'node';

/** The rectangle of a box in layout units. */
export const boxRect = ({ boxes }: Rack, box: number): Rect => ({
  x: boxes.x[box] ?? 0,
  y: boxes.y[box] ?? 0,
  w: boxes.w[box] ?? 0,
  h: boxes.h[box] ?? 0,
});

/** The bottom of a box's heading, where its first block starts, in layout units. */
export function headerBottom({ boxes, blocks }: Rack, box: number): number {
  const top = boxes.y[box] ?? 0;
  const first = boxes.firstBlock[box] ?? 0;
  const isEmpty = first === boxes.firstBlock[box + 1];
  return top + (isEmpty ? (boxes.h[box] ?? 0) : (blocks.y[first] ?? 0));
}

/** A block in layout units. */
export function blockRect({ boxes, blocks }: Rack, block: number): Rect {
  const box = blocks.node[block] ?? 0;
  return {
    x: (boxes.x[box] ?? 0) + (blocks.x[block] ?? 0),
    y: (boxes.y[box] ?? 0) + (blocks.y[block] ?? 0),
    w: blocks.w[block] ?? 0,
    h: blocks.h[block] ?? 0,
  };
}

/** The first block of each record. */
const blocksByRef = remembered((rack: Rack): ReadonlyMap<string, number> => {
  const made = new Map<string, number>();
  rack.blocks.ref.forEach((id, block) => {
    const kind = blockKind(rack, block);
    // A card is represented by its cell or heading, a host NIC by its heading, a node by its box.
    if (kind === 'vfs' || kind === 'region' || kind === 'vacant' || id === rack.boxes.id[rack.blocks.node[block] ?? 0])
      return;
    if (!made.has(id)) made.set(id, block);
  });
  return made;
}, new WeakMap());

/** Block index by record id (ENI, card, host NIC, Fargate node); the index is built once per rack, on first use. */
export const blockOf = (rack: Rack, ref: string): number | undefined => blocksByRef(rack).get(ref);
