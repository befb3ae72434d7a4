/** Collects the blocks of a rack while it is built, one box after the other. */
import type { Rect } from '../picture/rect';
import { BLOCK_KINDS, type BlockKind, type Blocks } from './rack';

const CODE: Readonly<Record<BlockKind, number>> = Object.fromEntries(
  BLOCK_KINDS.map((kind, code) => [kind, code]),
) as Record<BlockKind, number>;

/** A block; coordinates are relative to its node's corner, in layout units. */
export interface Block extends Rect {
  readonly kind: BlockKind;
  readonly ref: string;
  readonly scale?: number;
  readonly rows?: number;
}

/** An empty list; call `startBox` before adding a box's blocks. */
export function createBlockList() {
  const kind: number[] = [];
  const ref: string[] = [];
  const places: number[] = [];
  const rows: number[] = [];
  const node: number[] = [];
  const first: number[] = [];
  return {
    add(block: Block): void {
      kind.push(CODE[block.kind]);
      ref.push(block.ref);
      places.push(block.x, block.y, block.w, block.h, block.scale ?? 1);
      rows.push(block.rows ?? 0);
      node.push(first.length - 1);
    },
    get length(): number {
      return ref.length;
    },
    /** Starts the blocks of a node box. */
    startBox: (): void => void first.push(ref.length),
    finish(): { readonly blocks: Blocks; readonly firstBlock: Uint32Array } {
      const column = (offset: number): Float64Array =>
        Float64Array.from({ length: ref.length }, (_, block) => places[block * 5 + offset] ?? 0);
      return {
        blocks: {
          kind: Uint8Array.from(kind),
          ref,
          x: column(0),
          y: column(1),
          w: column(2),
          h: column(3),
          scale: column(4),
          rows: Uint16Array.from(rows),
          node: Uint32Array.from(node),
        },
        firstBlock: Uint32Array.from([...first, ref.length]),
      };
    },
  };
}

/** Collects blocks box by box. */
export type BlockList = ReturnType<typeof createBlockList>;
