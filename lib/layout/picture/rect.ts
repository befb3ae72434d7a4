/** Rectangles in layout coordinates, and the transform to window coordinates. */

/** In layout units (one is one CSS pixel at scale 1), or in CSS pixels after a transform. */
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

/**
 * The transform from layout to window: CSS pixels per layout unit, and the position of the layout's origin in the
 * window.
 */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Whether the point is inside. Left and top edges are included, right and bottom edges are not. */
export const contains = ({ x, y, w, h }: Rect, px: number, py: number): boolean =>
  px >= x && px < x + w && py >= y && py < y + h;

/** The rectangle extended by `by` on every side. */
export const grown = ({ x, y, w, h }: Rect, by: number): Rect => ({
  x: x - by,
  y: y - by,
  w: w + 2 * by,
  h: h + 2 * by,
});

/** The centre as [x, y]. */
export const centre = ({ x, y, w, h }: Rect): readonly [number, number] => [x + w / 2, y + h / 2];

/** The part of the layout that is visible in a window. */
export const visibleRect = (view: View, window: Size): Rect => ({
  x: -view.x / view.scale,
  y: -view.y / view.scale,
  w: window.width / view.scale,
  h: window.height / view.scale,
});
