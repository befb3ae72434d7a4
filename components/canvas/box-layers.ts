/**
 * The boxes as bitmaps, reused while only the view moves. A picture that is cheap to draw is drawn in every frame. An
 * expensive one is drawn into a bitmap, a few boxes per frame; until it is complete, the previous bitmap is shown,
 * moved and scaled. So neither a change of level nor new data requires a full redraw within one frame.
 */
import { fitView } from '../../lib/layout/camera';
import type { Rack } from '../../lib/layout/rack/rack';
import { sceneBoxes } from '../../lib/layout/scene/scene';
import {
  beginBitmap,
  type BitmapJob,
  type BoxBitmap,
  type Redraw,
  type DrawChanged,
  type LayerInput,
} from './box-bitmap';
import { createBrush, createPatterns } from './draw/brush';
import { drawMarks } from './draw/marks';
import { type View, type Size, visibleRect } from '../../lib/layout/picture/rect';
import { boxesIn } from '../../lib/layout/places/places';

/** A picture that takes longer than this (ms) is expensive. */
const EXPENSIVE = 7;
/** Milliseconds per frame spent on the next bitmap, while the view moves and while it rests. */
const SLICE = { moving: 4, resting: 9 } as const;
/**
 * New data alone renew an expensive bitmap only after this multiple of its last drawing time, to leave time for other
 * work.
 */
const REST = 2;
/** With more boxes in view, a picture counts as expensive before it is first drawn. */
const MANY = 250;
/** While the view moves, a bitmap is reused from half to twice its own scale; beyond that a new one is started. */
const FAR = 2;
/** Margin of a bitmap for the next pan, as a share of the window; none with more than `MARGIN_BOXES` boxes in view. */
const MARGIN = 0.2;
const MARGIN_BOXES = 600;
const OVERVIEW = { width: 1600, height: 1000 } as const;

/**
 * What a draw showed. `whole`: the current picture. `coarse`: an older bitmap, to be replaced when the view rests.
 * `underway`: an older bitmap while the next one is being drawn; draw again in the next frame. `resting`: the bitmap of
 * older data; draw again after `restMs`.
 */
export type Shown = 'whole' | 'coarse' | 'underway' | 'resting';

/** At its own scale a bitmap is drawn on whole device pixels, so that its text stays sharp while the view moves. */
function blit(context: CanvasRenderingContext2D, layer: BoxBitmap, view: View, ratio: number): void {
  const k = view.scale / layer.view.scale;
  const x = view.x - layer.view.x * k;
  const y = view.y - layer.view.y * k;
  const at = (value: number): number => (k === 1 ? Math.round(value * ratio) / ratio : value);
  context.drawImage(layer.bitmap, at(x), at(y), layer.width * k, layer.height * k);
}

/** Whether a layer covers the part of the window that the layout occupies. */
function covers(layer: BoxBitmap, view: View, window: Size, rack: Rack): boolean {
  const k = view.scale / layer.view.scale;
  const x = view.x - layer.view.x * k;
  const y = view.y - layer.view.y * k;
  const left = Math.max(0, view.x);
  const top = Math.max(0, view.y);
  const right = Math.min(window.width, view.x + rack.width * view.scale);
  const bottom = Math.min(window.height, view.y + rack.height * view.scale);
  return x <= left && y <= top && x + layer.width * k >= right && y + layer.height * k >= bottom;
}

const stampOf = ({ stamp, state, aged }: LayerInput): string => `${stamp} ${state.level} ${aged ?? ''}`;

const lookOf = ({ look, state }: LayerInput): string => `${look} ${state.level}`;

/** Whether the bitmap is for exactly this view, possibly with older data. */
const isOfView = (layer: BoxBitmap, input: LayerInput): boolean =>
  layer.look === lookOf(input) &&
  layer.view.scale === input.view.scale &&
  covers(layer, input.view, input.window, input.rack);

const fits = (layer: BoxBitmap, input: LayerInput): boolean => layer.stamp === stampOf(input) && isOfView(layer, input);

const areaOf = ({ view, width, height }: BoxBitmap): { readonly view: View; readonly window: Size } => ({
  view,
  window: { width, height },
});

/** Whether a bitmap is good enough to show while the view moves. */
function serves(layer: BoxBitmap, input: LayerInput): boolean {
  const k = input.view.scale / layer.view.scale;
  return (
    layer.stamp === stampOf(input) && k < FAR && k > 1 / FAR && covers(layer, input.view, input.window, input.rack)
  );
}

/** Keeps drawn boxes as bitmaps, and draws new ones within the time budget of a frame. */
export class BoxLayers {
  readonly #patterns = createPatterns();
  /** The newest picture of the visible part, and a coarse one of the whole. */
  #sharp: BoxBitmap | null = null;
  #whole: BoxBitmap | null = null;
  #sharpJob: BitmapJob | null = null;
  #wholeJob: BitmapJob | null = null;
  /** Milliseconds to draw all visible boxes; 0: not known. */
  #cost = 0;
  /** Milliseconds spent on the sharp bitmap: less than the cost if only some boxes had changed. */
  #lastSpent = 0;
  /** When the sharp bitmap was completed, in milliseconds of the page. */
  #finishedAt = 0;

  #revision: number | null = null;
  #drawChanged: DrawChanged | null = null;

  /** From now on new data draw only the boxes that changed. */
  drawChangesBy(drawChanged: DrawChanged): void {
    this.#drawChanged = drawChanged;
  }

  /** The revision of the data in the last drawn boxes; null: they are of another view. */
  get revision(): number | null {
    return this.#revision;
  }

  /** Milliseconds until new data are drawn over an expensive picture that is otherwise current. */
  get restMs(): number {
    return this.#finishedAt + REST * this.#lastSpent - performance.now();
  }

  /** Draws a slice of the coarse bitmap of the whole in advance; returns false when nothing is left to draw. */
  prepare(input: LayerInput): boolean {
    if (this.#cost <= EXPENSIVE || this.#whole?.stamp === input.stamp) return false;
    if (this.#wholeJob?.layer.stamp !== input.stamp) {
      const { rack } = input;
      const view = fitView(rack, OVERVIEW);
      const window = { width: rack.width * view.scale + view.x, height: rack.height * view.scale + view.y };
      const tiles = { ...input, state: { ...input.state, level: 'tile' as const } };
      const area = { view, window, ratio: 1, stamp: input.stamp, look: input.look };
      this.#wholeJob = beginBitmap(tiles, area, this.#redrawOf(this.#whole?.look === input.look ? this.#whole : null));
    }
    if (!this.#wholeJob.work(SLICE.moving)) return true;
    this.#whole = this.#wholeJob.layer;
    this.#wholeJob = null;
    return false;
  }

  draw(context: CanvasRenderingContext2D, input: LayerInput): Shown {
    const { view, window, rack, ratio } = input;
    const boxes = boxesIn(rack, visibleRect(view, window)).length;
    if (this.#cost === 0 && boxes > MANY) this.#cost = EXPENSIVE + 1;
    if (this.#cost <= EXPENSIVE) return this.#drawAfresh(context, input);
    const rests = this.#rests(input);
    if (this.#sharp === null || !fits(this.#sharp, input)) {
      if (!rests) this.#work(input, boxes);
    } else this.#sharpJob = null;
    const sharp = this.#sharp;
    const isWhole = sharp !== null && fits(sharp, input);
    this.#revision = sharp !== null && isOfView(sharp, input) ? sharp.revision : null;
    if (this.#whole?.stamp === input.stamp && sharp !== null && !isWhole && !covers(sharp, view, window, rack))
      blit(context, this.#whole, view, ratio);
    if (sharp !== null) blit(context, sharp, view, ratio);
    return isWhole ? 'whole' : rests ? 'resting' : this.#sharpJob === null ? 'coarse' : 'underway';
  }

  /** Whether only the data are newer than the bitmap, which was completed recently. */
  #rests(input: LayerInput): boolean {
    const sharp = this.#sharp;
    return (
      sharp !== null &&
      this.#sharpJob === null &&
      this.restMs > 0 &&
      sharp.stamp !== stampOf(input) &&
      isOfView(sharp, input)
    );
  }

  #drawAfresh(context: CanvasRenderingContext2D, input: LayerInput): Shown {
    const start = performance.now();
    const brush = createBrush(context, input.theme, input.ratio, this.#patterns);
    drawMarks(brush, sceneBoxes(input.rack, input.facts, input.view, input.window, input.state));
    this.#cost = performance.now() - start;
    this.#sharp = null;
    this.#sharpJob = null;
    this.#revision = input.revision;
    return 'whole';
  }

  /** Draws a slice of the next sharp bitmap, if one is due. */
  #work(input: LayerInput, boxes: number): void {
    const { window, moving } = input;
    const due = !moving || this.#sharp === null || !serves(this.#sharp, input);
    // A bitmap is completed even if its data are outdated by then: otherwise, with data arriving faster than it is
    // drawn, none would ever be completed.
    const job = this.#sharpJob?.layer;
    if (job !== undefined && !(moving ? job.look === lookOf(input) : isOfView(job, input))) this.#sharpJob = null;
    if (due) this.#sharpJob ??= this.#beginSharp(input, boxes);
    // The first picture is drawn in one go, because there is nothing else to show.
    const slice = this.#sharp === null ? Infinity : moving ? SLICE.moving : SLICE.resting;
    if (this.#sharpJob?.work(slice) !== true) return;
    this.#sharp = this.#sharpJob.layer;
    this.#finishedAt = performance.now();
    this.#lastSpent = this.#sharpJob.spent();
    if (this.#sharpJob.all)
      this.#cost = (this.#lastSpent * window.width * window.height) / (this.#sharp.width * this.#sharp.height);
    this.#sharpJob = null;
  }

  #redrawOf(older: BoxBitmap | null): Redraw | null {
    return older === null || this.#drawChanged === null ? null : { older, draw: this.#drawChanged };
  }

  #beginSharp(input: LayerInput, boxes: number): BitmapJob {
    const { view, window, ratio } = input;
    const made = { ratio, stamp: stampOf(input), look: lookOf(input) };
    const sharp = this.#sharp;
    if (sharp !== null && isOfView(sharp, input))
      return beginBitmap(input, { ...made, ...areaOf(sharp) }, this.#redrawOf(sharp));
    // The first picture has no margin, to appear sooner.
    const share = sharp !== null && boxes < MARGIN_BOXES ? MARGIN : 0;
    const margin = { x: Math.round(window.width * share), y: Math.round(window.height * share) };
    const wide = { width: Math.ceil(window.width) + 2 * margin.x, height: Math.ceil(window.height) + 2 * margin.y };
    return beginBitmap(
      input,
      { ...made, view: { ...view, x: view.x + margin.x, y: view.y + margin.y }, window: wide },
      null,
    );
  }
}
