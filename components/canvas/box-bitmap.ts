/**
 * Bitmaps of boxes, drawn a little at a time. A bitmap keeps the marks of its boxes, so that new data cost little: only
 * boxes whose marks differ are drawn again, onto a copy of the bitmap.
 */
import { equal } from '../../lib/model/equal';
import type { Mark } from '../../lib/layout/picture/mark';
import { type Rect, type Size, type View, visibleRect } from '../../lib/layout/picture/rect';
import { boxesIn } from '../../lib/layout/places/places';
import { boxRect } from '../../lib/layout/rack/rack';
import { boxScene } from '../../lib/layout/scene/scene';
import type { LayerInput } from './box-layers';
import { createBrush, createPatterns, type Brush } from './draw/brush';
import { drawMarks } from './draw/marks';

/** A finished bitmap. Width and height in CSS pixels. */
export interface BoxBitmap {
  readonly bitmap: HTMLCanvasElement;
  readonly view: View;
  readonly width: number;
  readonly height: number;
  readonly stamp: string;
  readonly look: string;
  readonly revision: number;
  /** The marks of its boxes, in drawing order. */
  readonly marks: ReadonlyMap<number, readonly Mark[]>;
}

/** A bitmap being drawn. */
export interface BitmapJob {
  readonly layer: BoxBitmap;
  /** Draws for about `ms` milliseconds; true when the bitmap is complete. */
  work(ms: number): boolean;
  /** Milliseconds of work so far. */
  spent(): number;
  /** Whether it draws every box, and not only those that differ from an older bitmap. */
  readonly all: boolean;
}

/** The part of the picture in a bitmap, and its identity. */
export interface BitmapArea {
  readonly view: View;
  readonly window: Size;
  readonly ratio: number;
  readonly stamp: string;
  readonly look: string;
}

/** Boxes handled between two checks of the time. */
const STEP = 4;
/** Pixels by which marks may extend beyond their box: icons on its corner, lines along its edge. */
const REACH = 16;
/** With more changed boxes than this share, all are drawn: each of the changed is drawn with its neighbours. */
const MOST_CHANGED = 0.1;

/** Steps of work until the generator ends, each a few boxes. */
function slices(steps: Generator<undefined, void>): Pick<BitmapJob, 'work' | 'spent'> {
  let spent = 0;
  return {
    spent: () => spent,
    work(ms) {
      const start = performance.now();
      let done = false;
      do done = steps.next().done === true;
      while (!done && performance.now() < start + ms);
      spent += performance.now() - start;
      return done;
    },
  };
}

function* inSteps(boxes: Iterable<number>, each: (box: number) => void): Generator<undefined, void> {
  let count = 0;
  for (const box of boxes) {
    each(box);
    if (++count % STEP === 0) yield undefined;
  }
}

interface Sheet {
  readonly bitmap: HTMLCanvasElement;
  readonly brush: Brush;
}

function newSheet(input: LayerInput, { window, ratio }: BitmapArea): Sheet | null {
  const bitmap = document.createElement('canvas');
  // In whole pixels: a bitmap drawn at another size than its own is blurred.
  bitmap.width = Math.ceil(window.width * ratio);
  bitmap.height = Math.ceil(window.height * ratio);
  const context = bitmap.getContext('2d');
  if (context === null) return null;
  context.scale(ratio, ratio);
  return { bitmap, brush: createBrush(context, input.theme, ratio, createPatterns()) };
}

/** The area that a changed box is drawn in, on whole device pixels, so that its edge leaves no seam. */
function areaOf({ rack }: LayerInput, { view, ratio }: BitmapArea, box: number): Rect {
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

/** Draws one box again, with the parts of its neighbours that reach into its area. */
function drawAgain(
  input: LayerInput,
  area: BitmapArea,
  brush: Brush,
  marks: ReadonlyMap<number, readonly Mark[]>,
  box: number,
): void {
  const { context } = brush;
  const rect = areaOf(input, area, box);
  context.save();
  context.beginPath();
  context.rect(rect.x, rect.y, rect.w, rect.h);
  context.clip();
  context.clearRect(rect.x, rect.y, rect.w, rect.h);
  for (const one of boxesIn(input.rack, around(rect, area))) drawMarks(brush, marks.get(one) ?? []);
  context.restore();
}

/** Starts a bitmap. `older`: one of the same area and look, whose unchanged boxes are kept; null: draw all. */
export function beginBitmap(input: LayerInput, area: BitmapArea, older: BoxBitmap | null): BitmapJob {
  const { view, window, ratio, stamp, look } = area;
  const sheet = newSheet(input, area);
  const marks = new Map<number, readonly Mark[]>();
  const layer: BoxBitmap = {
    bitmap: sheet?.bitmap ?? document.createElement('canvas'),
    view,
    width: Math.ceil(window.width * ratio) / ratio,
    height: Math.ceil(window.height * ratio) / ratio,
    stamp,
    look,
    revision: input.revision,
    marks,
  };
  if (sheet === null) return { layer, all: true, work: () => true, spent: () => 0 };
  const marksOf = boxScene(input.rack, input.facts, view, input.state);
  const boxes = boxesIn(input.rack, visibleRect(view, window));
  const { brush } = sheet;

  const drawAll = (): Generator<undefined, void> =>
    inSteps(boxes, (box) => {
      const made = marks.get(box) ?? marksOf([box]);
      marks.set(box, made);
      drawMarks(brush, made);
    });
  function* drawChanged(before: BoxBitmap): Generator<undefined, void> {
    const changed: number[] = [];
    yield* inSteps(boxes, (box) => {
      const made = marksOf([box]);
      const was = before.marks.get(box);
      const same = was !== undefined && equal(was, made);
      marks.set(box, same ? was : made);
      if (!same) changed.push(box);
    });
    if (changed.length > boxes.length * MOST_CHANGED) {
      yield* drawAll();
      return;
    }
    copyOnto(brush.context, before.bitmap);
    yield* inSteps(changed, (box) => drawAgain(input, area, brush, marks, box));
  }
  return {
    layer,
    all: older === null,
    ...slices(older === null ? drawAll() : drawChanged(older)),
  };
}
