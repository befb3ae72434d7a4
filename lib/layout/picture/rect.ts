/** Rectangles of the layout, and the transform that brings them into a window. */

/** In layout units (one is one CSS pixel at scale 1), or in CSS pixels where it was transformed. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A size in CSS pixels or layout units. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** CSS pixels per layout unit, and where the layout's origin lies in the window. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Left and top edges belong to a rectangle, right and bottom edges to its neighbour. */
export const contains = ({ x, y, w, h }: Rect, px: number, py: number): boolean =>
  px >= x && px < x + w && py >= y && py < y + h;

/** The rectangle extended by `by` on every side. */
export const grown = ({ x, y, w, h }: Rect, by: number): Rect => ({
  x: x - by,
  y: y - by,
  w: w + 2 * by,
  h: h + 2 * by,
});

/** The middle as [x, y]. */
export const centre = ({ x, y, w, h }: Rect): readonly [number, number] => [x + w / 2, y + h / 2];

/** The part of the layout that a window shows. */
export const visibleRect = (view: View, window: Size): Rect => ({
  x: -view.x / view.scale,
  y: -view.y / view.scale,
  w: window.width / view.scale,
  h: window.height / view.scale,
});
