/**
 * New data over a bitmap: only boxes whose marks differ are drawn again, onto a copy of it. Loaded after the first
 * picture.
 */
import { equal } from '../../lib/model/equal';
import type { Rect } from '../../lib/layout/picture/rect';
import { boxesIn } from '../../lib/layout/places/places';
import { boxRect } from '../../lib/layout/rack/rack';
import {
  inSteps,
  type BitmapArea,
  type BoxBitmap,
  type DrawChanged,
  type Drawing,
  type LayerInput,
} from './box-bitmap';
import { drawMarks } from './draw/marks';

/** Pixels by which marks may extend beyond their box: icons on its corner, lines along its edge. */
const REACH = 16;
/**
 * If a larger share of the boxes has changed, all are drawn: each changed box is drawn together with its neighbours.
 */
const MAX_CHANGED = 0.1;

/** The area that a changed box is drawn in, on whole device pixels, so that its edge leaves no seam. */
function areaOfBox({ rack }: LayerInput, { view, ratio }: BitmapArea, box: number): Rect {
  const { x, y, w, h } = boxRect(rack, box);
  const left = Math.floor((x * view.scale + view.x - REACH) * ratio) / ratio;
  const top = Math.floor((y * view.scale + view.y - REACH) * ratio) / ratio;
  const right = Math.ceil(((x + w) * view.scale + view.x + REACH) * ratio) / ratio;
  const bottom = Math.ceil(((y + h) * view.scale + view.y + REACH) * ratio) / ratio;
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** The layout within `REACH` of an area of the bitmap. */
const around = ({ x, y, w, h }: Rect, { view: { scale, x: left, y: top } }: BitmapArea): Rect => ({
  x: (x - REACH - left) / scale,
  y: (y - REACH - top) / scale,
  w: (w + 2 * REACH) / scale,
  h: (h + 2 * REACH) / scale,
});

/** Pixel by pixel, whatever the context's scale. */
function copyOnto(context: CanvasRenderingContext2D, bitmap: HTMLCanvasElement): void {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(bitmap, 0, 0);
  context.restore();
}

/** Draws one box again, with the parts of its neighbours that extend into its area. */
function drawAgain({ input, area, brush, marks }: Drawing, box: number): void {
  const { context } = brush;
  const rect = areaOfBox(input, area, box);
  context.save();
  context.beginPath();
  context.rect(rect.x, rect.y, rect.w, rect.h);
  context.clip();
  context.clearRect(rect.x, rect.y, rect.w, rect.h);
  for (const one of boxesIn(input.rack, around(rect, area))) drawMarks(brush, marks.get(one) ?? []);
  context.restore();
}

/** Draws the changed boxes, or all if many have changed. */
export const drawChanged: DrawChanged = function* (drawing: Drawing, older: BoxBitmap) {
  const { brush, boxes, marks, looks, scene, drawAll } = drawing;
  const changed: number[] = [];
  yield* inSteps(boxes, (box) => {
    const was = older.marks.get(box);
    const look = scene.lookOf(box);
    if (look !== null) looks.set(box, look);
    const isKnown = look !== null && was !== undefined && equal(older.looks.get(box), look);
    const made = isKnown ? was : scene.marksOf([box]);
    const same = isKnown || (was !== undefined && equal(was, made));
    marks.set(box, same ? was : made);
    if (!same) changed.push(box);
  });
  if (changed.length > boxes.length * MAX_CHANGED) {
    yield* drawAll();
    return;
  }
  copyOnto(brush.context, older.bitmap);
  yield* inSteps(changed, (box) => drawAgain(drawing, box));
};
