/** Edges on whole device pixels, so that a line of one pixel is not a smear of two. On screen only: an SVG keeps exact figures. */
import type { Brush } from './brush';

/** A rectangle in CSS pixels. */
export interface Edges {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The value rounded to a whole device pixel. */
export const snap = ({ ratio }: Pick<Brush, 'ratio'>, value: number): number => Math.round(value * ratio) / ratio;

/** Whether a line of this width is an odd number of device pixels, and so has to run through the middle of one. */
const isOdd = ({ ratio }: Pick<Brush, 'ratio'>, width: number): boolean =>
  Math.max(1, Math.round(width * ratio)) % 2 === 1;

/** The rectangle that a fill covers. */
export function snapFill(brush: Pick<Brush, 'ratio'>, { x, y, w, h }: Edges): Edges {
  const left = snap(brush, x);
  const top = snap(brush, y);
  return { x: left, y: top, w: snap(brush, x + w) - left, h: snap(brush, y + h) - top };
}

/** The rectangle that a stroke of this width runs along, inside the filled one where it is odd. */
export function snapStroke(brush: Pick<Brush, 'ratio'>, edges: Edges, width: number): Edges {
  const { x, y, w, h } = snapFill(brush, edges);
  if (!isOdd(brush, width)) return { x, y, w, h };
  const half = 0.5 / brush.ratio;
  return { x: x + half, y: y + half, w: Math.max(0, w - 2 * half), h: Math.max(0, h - 2 * half) };
}

/** Where a level or upright line of this width runs. */
export const snapLine = (brush: Pick<Brush, 'ratio'>, value: number, width: number): number =>
  isOdd(brush, width) ? (Math.floor(value * brush.ratio) + 0.5) / brush.ratio : snap(brush, value);
