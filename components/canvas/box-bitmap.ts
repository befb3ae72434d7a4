/** Bitmaps of boxes, drawn a little at a time. A bitmap keeps the marks of its boxes for the next one (`changed-boxes`). */
import type { Mark } from '../../lib/layout/picture/mark';
import { type Size, type View, visibleRect } from '../../lib/layout/picture/rect';
import { boxesIn } from '../../lib/layout/places/places';
import type { Rack } from '../../lib/layout/rack/rack';
import type { SceneFacts } from '../../lib/layout/scene/facts';
import { boxScene, type BoxScene, type SceneState } from '../../lib/layout/scene/scene';
import type { TileLook } from '../../lib/layout/scene/tile';
import type { Theme } from '../../lib/layout/picture/tokens';
import { createBrush, createPatterns, type Brush } from './draw/brush';
import { drawMarks } from './draw/marks';

/** The input of a frame's boxes. `ratio`: device pixels per CSS pixel. */
export interface LayerInput {
  readonly rack: Rack;
  readonly facts: SceneFacts;
  readonly view: View;
  readonly window: Size;
  readonly state: SceneState;
  readonly theme: Theme;
  readonly ratio: number;
  /** Redraw whenever the boxes would look different, apart from view, level and ages. */
  readonly stamp: string;
  /** The same, without what depends on the data alone. */
  readonly look: string;
  /** The revision of the data. */
  readonly revision: number;
  /** The time for the drawn ages, in milliseconds; null when no age is drawn. */
  readonly aged: number | null;
  /** Whether a gesture or an animation is moving the view. */
  readonly moving: boolean;
}

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
  /** The looks of the boxes that have been compared, by which the next bitmap tells that they have not changed. */
  readonly looks: ReadonlyMap<number, TileLook>;
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

/** Calls `each` for every box, with a pause after every few. */
export function* inSteps(boxes: Iterable<number>, each: (box: number) => void): Generator<undefined, void> {
  let count = 0;
  for (const box of boxes) {
    each(box);
    if (++count % STEP === 0) yield undefined;
  }
}

/** A bitmap in the making. */
export interface Drawing {
  readonly input: LayerInput;
  readonly area: BitmapArea;
  readonly brush: Brush;
  /** Its boxes, in drawing order. */
  readonly boxes: readonly number[];
  readonly scene: BoxScene;
  /** The marks and looks of its boxes as far as they have been made. */
  readonly marks: Map<number, readonly Mark[]>;
  readonly looks: Map<number, TileLook>;
  /** Draws all boxes, from their marks in `marks` where there are any. */
  readonly drawAll: () => Generator<undefined, void>;
}

/** Draws a bitmap from an older one. Loaded after the first picture. */
export type DrawChanged = (drawing: Drawing, older: BoxBitmap) => Generator<undefined, void>;

/** `older`: a bitmap of the same area and look. */
export interface Redraw {
  readonly older: BoxBitmap;
  readonly draw: DrawChanged;
}

interface Sheet {
  readonly bitmap: HTMLCanvasElement;
  readonly brush: Brush;
}

function newSheet(input: LayerInput, { window, ratio }: BitmapArea): Sheet {
  const bitmap = document.createElement('canvas');
  // Whole pixels: a bitmap drawn at a size other than its own is blurred.
  bitmap.width = Math.ceil(window.width * ratio);
  bitmap.height = Math.ceil(window.height * ratio);
  const context = bitmap.getContext('2d');
  if (context === null) throw new Error('no 2D canvas');
  context.scale(ratio, ratio);
  return { bitmap, brush: createBrush(context, input.theme, ratio, createPatterns()) };
}

/** Starts a bitmap. `redraw`: how to draw it from an older one; null: draw all. */
export function beginBitmap(input: LayerInput, area: BitmapArea, redraw: Redraw | null): BitmapJob {
  const { view, window, ratio, stamp, look } = area;
  const { bitmap, brush } = newSheet(input, area);
  const marks = new Map<number, readonly Mark[]>();
  const looks = new Map<number, TileLook>();
  const layer: BoxBitmap = {
    bitmap,
    view,
    width: bitmap.width / ratio,
    height: bitmap.height / ratio,
    stamp,
    look,
    revision: input.revision,
    marks,
    looks,
  };
  const scene = boxScene(input.rack, input.facts, view, input.state);
  const boxes = boxesIn(input.rack, visibleRect(view, window));

  const drawAll = (): Generator<undefined, void> =>
    inSteps(boxes, (box) => {
      const made = marks.get(box) ?? scene.marksOf([box]);
      marks.set(box, made);
      drawMarks(brush, made);
    });
  return {
    layer,
    all: redraw === null,
    ...slices(
      redraw === null
        ? drawAll()
        : redraw.draw({ input, area, brush, boxes, scene, marks, looks, drawAll }, redraw.older),
    ),
  };
}
