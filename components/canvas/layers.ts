/**
 * The boxes as a bitmap, kept while only the view moves. Cheap pictures are drawn afresh every frame. A dear one is drawn a
 * few boxes a frame into a bitmap of its own, while the one before it stands, moved and scaled to where it belongs: a
 * level that is crossed, or a change of the data, never costs a whole picture in one frame.
 */
import { fitView } from '../../lib/layout/camera';
import type { Rack } from '../../lib/layout/rack/rack';
import type { SceneFacts } from '../../lib/layout/scene/facts';
import { boxScene, sceneBoxes, type SceneState } from '../../lib/layout/scene/scene';
import type { Theme } from '../../lib/layout/picture/tokens';
import { createBrush, createPatterns } from './draw/brush';
import { drawMarks } from './draw/marks';
import { type View, type Size, visibleRect } from '../../lib/layout/picture/rect';
import { boxesIn } from '../../lib/layout/places/places';

/** A frame that took longer than this (ms) makes the next ones blit. */
const DEAR = 7;
/** So much of a frame (ms) goes into the next bitmap, while the view moves and while it rests. */
const SLICE = { moving: 4, resting: 9 } as const;
/** Boxes between two looks at the clock. */
const STEP = 4;
/** Boxes in sight from which a picture counts as dear before it was ever drawn. */
const MANY = 250;
/** Under a hand a bitmap is good from half to twice its own scale; beyond, a new one is begun. */
const FAR = 2;
/** Room around the window that a bitmap of a picture of usual cost has for the next pan, in windows. */
const MARGIN = 0.2;
const MARGIN_BOXES = 600;
const OVERVIEW = { width: 1600, height: 1000 } as const;

interface Layer {
  readonly bitmap: HTMLCanvasElement;
  readonly view: View;
  readonly width: number;
  readonly height: number;
  readonly stamp: string;
}

export interface LayerInput {
  readonly rack: Rack;
  readonly facts: SceneFacts;
  readonly view: View;
  readonly window: Size;
  readonly state: SceneState;
  readonly theme: Theme;
  readonly ratio: number;
  /** Names everything that changes the boxes but view and level: another stamp is another picture. */
  readonly stamp: string;
  /** Whether the view is moving under a hand or a transition. */
  readonly moving: boolean;
}

/**
 * What a draw showed. `whole`: the picture as it is. `coarse`: an older bitmap, to be drawn sharp at rest. `underway`: an
 * older bitmap, and the next one is being made: draw again in the next frame.
 */
export type Shown = 'whole' | 'coarse' | 'underway';

export interface Layers {
  /** Works on the coarse bitmap of the whole, so that no frame under a hand has to; false once there is none to do. */
  prepare(input: LayerInput): boolean;
  draw(context: CanvasRenderingContext2D, input: LayerInput): Shown;
}

/** A bitmap on its way. */
interface Job {
  readonly layer: Layer;
  /** Works for so many milliseconds; true when it is done. */
  work(ms: number): boolean;
  /** Milliseconds of work so far. */
  spent(): number;
}

/** `window` in whole pixels: a bitmap that is drawn at any other than its own size is a blurred one. */
function begin(input: LayerInput, stamp: string, view: View, window: Size, ratio: number): Job {
  const bitmap = document.createElement('canvas');
  bitmap.width = Math.ceil(window.width * ratio);
  bitmap.height = Math.ceil(window.height * ratio);
  const layer = { bitmap, view, width: bitmap.width / ratio, height: bitmap.height / ratio, stamp };
  const context = bitmap.getContext('2d');
  if (context === null) return { layer, work: () => true, spent: () => 0 };
  context.scale(ratio, ratio);
  const brush = createBrush(context, input.theme, ratio, createPatterns());
  const marksOf = boxScene(input.rack, input.facts, view, input.state);
  const boxes = boxesIn(input.rack, visibleRect(view, window));
  let next = 0;
  let spent = 0;
  return {
    layer,
    spent: () => spent,
    work(ms) {
      const start = performance.now();
      while (next < boxes.length) {
        drawMarks(brush, marksOf(boxes.slice(next, next + STEP)));
        next += STEP;
        if (performance.now() >= start + ms) break;
      }
      spent += performance.now() - start;
      return next >= boxes.length;
    },
  };
}

/** At its own scale a bitmap lies on whole device pixels, so that its text stays sharp under a hand. */
function blit(context: CanvasRenderingContext2D, layer: Layer, view: View, ratio: number): void {
  const k = view.scale / layer.view.scale;
  const x = view.x - layer.view.x * k;
  const y = view.y - layer.view.y * k;
  const at = (value: number): number => (k === 1 ? Math.round(value * ratio) / ratio : value);
  context.drawImage(layer.bitmap, at(x), at(y), layer.width * k, layer.height * k);
}

/** Whether a layer shows all of the window that the layout reaches into. */
function covers(layer: Layer, view: View, window: Size, rack: Rack): boolean {
  const k = view.scale / layer.view.scale;
  const x = view.x - layer.view.x * k;
  const y = view.y - layer.view.y * k;
  const left = Math.max(0, view.x);
  const top = Math.max(0, view.y);
  const right = Math.min(window.width, view.x + rack.width * view.scale);
  const bottom = Math.min(window.height, view.y + rack.height * view.scale);
  return x <= left && y <= top && x + layer.width * k >= right && y + layer.height * k >= bottom;
}

export function createLayers(): Layers {
  const patterns = createPatterns();
  let sharp: Layer | null = null;
  let whole: Layer | null = null;
  let job: Job | null = null;
  let overview: Job | null = null;
  let cost = 0;

  const stampOf = ({ stamp, state }: LayerInput): string => `${stamp} ${state.level}`;
  const fits = (layer: Layer, input: LayerInput): boolean =>
    layer.stamp === stampOf(input) &&
    layer.view.scale === input.view.scale &&
    covers(layer, input.view, input.window, input.rack);
  /** Whether a bitmap is good enough to be looked at while the view moves. */
  const serves = (layer: Layer, input: LayerInput): boolean => {
    const k = input.view.scale / layer.view.scale;
    return (
      layer.stamp === stampOf(input) && k < FAR && k > 1 / FAR && covers(layer, input.view, input.window, input.rack)
    );
  };

  const beginSharp = (input: LayerInput, boxes: number): Job => {
    const { view, window, ratio } = input;
    // What is waited for gets no more than what is seen.
    const share = sharp !== null && boxes < MARGIN_BOXES ? MARGIN : 0;
    const margin = { x: Math.round(window.width * share), y: Math.round(window.height * share) };
    const wide = { width: Math.ceil(window.width) + 2 * margin.x, height: Math.ceil(window.height) + 2 * margin.y };
    return begin(input, stampOf(input), { ...view, x: view.x + margin.x, y: view.y + margin.y }, wide, ratio);
  };

  return {
    prepare(input) {
      if (cost <= DEAR || whole?.stamp === input.stamp) return false;
      if (overview?.layer.stamp !== input.stamp) {
        const { rack } = input;
        const view = fitView(rack, OVERVIEW);
        const window = { width: rack.width * view.scale + view.x, height: rack.height * view.scale + view.y };
        overview = begin({ ...input, state: { ...input.state, level: 'tile' } }, input.stamp, view, window, 1);
      }
      if (!overview.work(SLICE.moving)) return true;
      whole = overview.layer;
      overview = null;
      return false;
    },
    draw(context, input) {
      const { view, window, rack, ratio, moving } = input;
      const boxes = boxesIn(rack, visibleRect(view, window)).length;
      if (cost === 0 && boxes > MANY) cost = DEAR + 1;
      if (cost <= DEAR) {
        const start = performance.now();
        const brush = createBrush(context, input.theme, ratio, patterns);
        drawMarks(brush, sceneBoxes(rack, input.facts, view, window, input.state));
        cost = performance.now() - start;
        sharp = null;
        job = null;
        return 'whole';
      }
      if (sharp !== null && fits(sharp, input)) {
        job = null;
        blit(context, sharp, view, ratio);
        return 'whole';
      }
      const due = !moving || sharp === null || !serves(sharp, input);
      // At rest only the bitmap of this very view will do; under a hand one that was begun is finished.
      if (job !== null && (moving ? job.layer.stamp !== stampOf(input) : !fits(job.layer, input))) job = null;
      if (due) job ??= beginSharp(input, boxes);
      // There is nothing to look at before the first picture.
      if (job?.work(sharp === null ? Infinity : moving ? SLICE.moving : SLICE.resting) === true) {
        sharp = job.layer;
        cost = (job.spent() * window.width * window.height) / (sharp.width * sharp.height);
        job = null;
        if (fits(sharp, input)) {
          blit(context, sharp, view, ratio);
          return 'whole';
        }
      }
      if (whole?.stamp === input.stamp && sharp !== null && !covers(sharp, view, window, rack))
        blit(context, whole, view, ratio);
      if (sharp !== null) blit(context, sharp, view, ratio);
      return job === null ? 'coarse' : 'underway';
    },
  };
}
