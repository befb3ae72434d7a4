/** The layers of each slot style, bottom first. Canvas and SVG both draw these. */
import type { CellsMark, Stroke } from './mark';
import type { Rect } from './rect';
import { blend, colourOf, WARM_TINT, type Theme, type Tone } from './tokens';

/** A rounded rectangle, relative to a cell's top left corner. */
export interface CellBox extends Rect {
  readonly r: number;
}

/** How a shape is filled. */
export type CellFill =
  | { readonly kind: 'tone'; readonly tone: Tone }
  /** A network's colour, faint over the surface. */
  | { readonly kind: 'tint'; readonly tone: Tone }
  | { readonly kind: 'stripes'; readonly tone: Tone };

/** The stripes of cooling addresses: 45°, 1.6 of every 4 px. */
export const CELL_STRIPES = { angle: 45, stripe: 1.6, period: 4 } as const;

export type CellLayer =
  | {
      readonly kind: 'shape';
      readonly boxes: readonly CellBox[];
      /** A line from corner to corner, with an inset of one pixel. */
      readonly slash: boolean;
      /** The second box is a hole in the first. */
      readonly hole: boolean;
      readonly fill: CellFill | null;
      readonly stroke: Stroke | null;
    }
  /** A centred character; `y` is its baseline from the cell's top. */
  | { readonly kind: 'glyph'; readonly text: string; readonly y: number; readonly size: number; readonly tone: Tone };

type Shape = Extract<CellLayer, { readonly kind: 'shape' }>;

/** Minimum height of a cell with a character, in pixels. */
const MIN_GLYPH = 9;

/** The layers of a cell in a style. Sizes are pixels. */
export function cellLayers({
  style,
  tone,
  w,
  h,
  r,
}: Pick<CellsMark, 'style' | 'tone' | 'w' | 'h' | 'r'>): readonly CellLayer[] {
  const whole: CellBox = { x: 0, y: 0, w, h, r };
  const inner: CellBox = { x: 0.5, y: 0.5, w: w - 1, h: h - 1, r: Math.max(0, r - 0.5) };
  const shape = (boxes: readonly CellBox[], fill: CellFill | null, rest: Partial<Shape> = {}): Shape => ({
    kind: 'shape',
    boxes,
    slash: false,
    hole: false,
    fill,
    stroke: null,
    ...rest,
  });
  const own = { kind: 'tone', tone } as const;
  const surface = { kind: 'tone', tone: 'surface' } as const;
  const edge = { stroke: { tone: 'edge', width: 1 } } as const;
  const line = { stroke: { tone, width: 1 } } as const;
  switch (style) {
    case 'primary': {
      const bar = { x: w * 0.275, y: h / 2 - Math.max(0.6, h * 0.09), w: w * 0.45, h: Math.max(1.2, h * 0.18), r: 0.6 };
      return [shape([whole], own), shape([bar], surface)];
    }
    case 'assigned': {
      // Networks without a colour of their own have a hole, because the "other" colour is similar to some of the eight
      // network colours.
      const hole = { x: w * 0.35, y: h * 0.3, w: w * 0.3, h: h * 0.4, r: 1 };
      return [tone === 'other' ? shape([whole, hole], own, { hole: true }) : shape([whole], own)];
    }
    case 'warm':
      return [shape([inner], { kind: 'tint', tone }, line)];
    case 'cooling':
      return [shape([inner], surface), shape([inner], { kind: 'stripes', tone }, line)];
    case 'unclaimed':
      return [shape([inner], surface, edge)];
    case 'excluded':
      return [shape([inner], surface, { ...edge, slash: true })];
    case 'unknown': {
      const size = Math.min(11, h);
      const glyph = { kind: 'glyph', text: '?', y: h / 2 + size * 0.36, size, tone: 'text2' } as const;
      const dashed = shape([inner], surface, { stroke: { ...edge.stroke, dash: [2, 2] } });
      return h >= MIN_GLYPH ? [dashed, glyph] : [dashed];
    }
    case 'requested':
      return [shape([inner], null, { stroke: { tone: 'err', width: 1.2, dash: [2, 2] } })];
  }
}

/** The `#rrggbb` colour of a fill without stripes. */
export const cellColour = (theme: Theme, { kind, tone }: CellFill): string => {
  const colour = colourOf(theme, tone);
  return kind === 'tint' ? blend(colour, colourOf(theme, 'surface'), WARM_TINT[theme]) : colour;
};
