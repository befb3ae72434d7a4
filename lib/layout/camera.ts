/** Positions the window over the layout: fits the whole, centres on a place, and converts to the centre that the page stores. */
import { SLOT } from './rack/geometry';
import type { Rect, Size, View } from './picture/rect';

/** Kept free above the whole, for the headings of groups; and at the other edges. */
const TOP = 30;
const EDGE = 8;

/** The view that fits the whole into the window, at most at scale 1. */
export function fitView(whole: Size, window: Size): View {
  const width = Math.max(1, window.width - 2 * EDGE);
  const height = Math.max(1, window.height - TOP - EDGE);
  const scale = Math.min(1, width / Math.max(1, whole.width), height / Math.max(1, whole.height));
  const x = whole.width * scale < width ? EDGE + (width - whole.width * scale) / 2 : EDGE;
  // At life size the layout's own edge leaves room for the headings.
  return { scale, x: scale === 1 && whole.width <= width ? 0 : x, y: scale >= 0.9 ? 0 : TOP };
}

/** A slot width (pixels) well within the tile level, at which every cluster fits. */
const FAR_SLOT = 1.2;

/** The range of scales: from tiles, or the whole at half the window, to slots wider than their labels. */
export function scaleExtent(whole: Size, window: Size): readonly [number, number] {
  return [Math.min(FAR_SLOT / SLOT.w, fitView(whole, window).scale * 0.6), 12];
}

/** The layout point at the window's middle. */
export const centreOf = (view: View, window: Size): { readonly x: number; readonly y: number } => ({
  x: (window.width / 2 - view.x) / view.scale,
  y: (window.height / 2 - view.y) / view.scale,
});

/** The view that puts a layout point at the window's middle. */
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

/** The view moved just far enough that no side of the window is empty while layout lies beyond the other; a layout that fits is whole. */
export function withoutVoid(view: View, whole: Size, window: Size): View {
  const along = (at: number, length: number, room: number): number =>
    Math.min(Math.max(0, room - length), Math.max(Math.min(0, room - length), at));
  return {
    scale: view.scale,
    x: along(view.x, whole.width * view.scale, window.width),
    y: along(view.y, whole.height * view.scale, window.height),
  };
}

/** Whether a rectangle is fully visible and clear of the edges. */
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
