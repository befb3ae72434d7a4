/**
 * Aligns edges to whole device pixels, so that a line of one pixel is not blurred over two. On screen only: SVG keeps
 * exact coordinates.
 */
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

/** Whether a line of this width has an odd number of device pixels, and so must be centred on one. */
const isOdd = ({ ratio }: Pick<Brush, 'ratio'>, width: number): boolean =>
  Math.max(1, Math.round(width * ratio)) % 2 === 1;

/** The rectangle to fill. */
export function snapFill(brush: Pick<Brush, 'ratio'>, { x, y, w, h }: Edges): Edges {
  const left = snap(brush, x);
  const top = snap(brush, y);
  return { x: left, y: top, w: snap(brush, x + w) - left, h: snap(brush, y + h) - top };
}

/** The rectangle to stroke with this width; for an odd width it is inset from the filled one. */
export function snapStroke(brush: Pick<Brush, 'ratio'>, edges: Edges, width: number): Edges {
  const { x, y, w, h } = snapFill(brush, edges);
  if (!isOdd(brush, width)) return { x, y, w, h };
  const half = 0.5 / brush.ratio;
  return { x: x + half, y: y + half, w: Math.max(0, w - 2 * half), h: Math.max(0, h - 2 * half) };
}

/** The coordinate of a horizontal or vertical line of this width. */
export const snapLine = (brush: Pick<Brush, 'ratio'>, value: number, width: number): number =>
  isOdd(brush, width) ? (Math.floor(value * brush.ratio) + 0.5) / brush.ratio : snap(brush, value);
