/**
 * Positions the window over the layout: fits the whole, centres on a point, and converts to the centre that the page
 * stores.
 */
import { SLOT } from './rack/geometry';
import type { Rect, Size, View } from './picture/rect';

/** Space above the layout for group headings, and at the other edges, in pixels. */
const TOP = 30;
const EDGE = 8;

/** The view that fits the whole layout into the window, at scale 1 or less. */
export function fitView(whole: Size, window: Size): View {
  const width = Math.max(1, window.width - 2 * EDGE);
  const height = Math.max(1, window.height - TOP - EDGE);
  const scale = Math.min(1, width / Math.max(1, whole.width), height / Math.max(1, whole.height));
  const x = whole.width * scale < width ? EDGE + (width - whole.width * scale) / 2 : EDGE;
  // At scale 1 the layout's own margin leaves space for the headings.
  return { scale, x: scale === 1 && whole.width <= width ? 0 : x, y: scale >= 0.9 ? 0 : TOP };
}

/** A slot width in pixels well within the tile level; at this width every cluster fits. */
const FAR_SLOT = 1.2;

/** The range of scales: from tiles (or well below the scale that fits the whole) to slots wider than their labels. */
export function scaleExtent(whole: Size, window: Size): readonly [number, number] {
  return [Math.min(FAR_SLOT / SLOT.w, fitView(whole, window).scale * 0.6), 12];
}

/** The layout point at the centre of the window. */
export const centreOf = (view: View, window: Size): { readonly x: number; readonly y: number } => ({
  x: (window.width / 2 - view.x) / view.scale,
  y: (window.height / 2 - view.y) / view.scale,
});

/** The view that puts a layout point at the centre of the window. */
export const viewAround = (x: number, y: number, scale: number, window: Size): View => ({
  scale,
  x: window.width / 2 - x * scale,
  y: window.height / 2 - y * scale,
});

/** The view at another scale that keeps a layout point at its position in the window. */
export const zoomedAbout = (view: View, scale: number, x: number, y: number): View => ({
  scale,
  x: view.x + x * (view.scale - scale),
  y: view.y + y * (view.scale - scale),
});

/**
 * Moves the view by the minimum that leaves no empty side while the layout extends beyond the other side. A layout that
 * fits is shown whole.
 */
export function withoutVoid(view: View, whole: Size, window: Size): View {
  const along = (at: number, length: number, room: number): number =>
    Math.min(Math.max(0, room - length), Math.max(Math.min(0, room - length), at));
  return {
    scale: view.scale,
    x: along(view.x, whole.width * view.scale, window.width),
    y: along(view.y, whole.height * view.scale, window.height),
  };
}

/** Whether a rectangle is fully visible, with a margin to the edges of the window. */
export function isInSight(view: View, window: Size, { x, y, w, h }: Rect): boolean {
  const left = x * view.scale + view.x;
  const top = y * view.scale + view.y;
  const margin = 24;
  return (
    left >= margin &&
    top >= margin + TOP / 2 &&
    left + Math.min(w * view.scale, window.width - 2 * margin) <= window.width - margin &&
    top + Math.min(h * view.scale, window.height - 2 * margin) <= window.height - margin
  );
}
