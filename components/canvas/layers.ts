/**
 * The boxes as a bitmap, kept while only the view moves. Cheap pictures are drawn afresh every frame; a dear one is moved
 * and scaled as a bitmap while the hand is on it, over a coarse bitmap of the whole, and drawn sharp once it rests.
 */
import { fitView } from '../../lib/layout/camera';
import type { Rack } from '../../lib/layout/rack/rack';
import type { SceneFacts } from '../../lib/layout/scene/facts';
import type { View } from '../../lib/layout/scene/pen';
import { boxesIn } from '../../lib/layout/locate';
import { sceneBoxes, visibleRect, type SceneState, type Window } from '../../lib/layout/scene/scene';
import type { Theme } from '../../lib/layout/tokens';
import { createBrush, createPatterns } from './draw/brush';
import { drawMarks } from './draw/marks';

/** A frame that took longer than this (ms) makes the next ones blit. */
const DEAR = 7;
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
  readonly window: Window;
  readonly state: SceneState;
  readonly theme: Theme;
  readonly ratio: number;
  /** Names everything that changes the boxes but the view: another stamp is another picture. */
  readonly stamp: string;
  /** Whether the view is moving under a hand or a transition. */
  readonly moving: boolean;
}

/** Boxes in sight from which a picture counts as dear before it was ever drawn. */
const MANY = 250;

export interface Layers {
  /** Makes the coarse bitmap of the whole, so that no frame under a hand has to. Call when there is time. */
  prepare(input: LayerInput): void;
  /** Draws the boxes; tells whether the picture is coarse and should be drawn again at rest. */
  draw(context: CanvasRenderingContext2D, input: LayerInput): boolean;
}

/** `window` in whole pixels: a bitmap that is drawn at any other than its own size is a blurred one. */
function render(input: LayerInput, view: View, window: Window, ratio: number): Layer {
  const bitmap = document.createElement('canvas');
  bitmap.width = Math.ceil(window.width * ratio);
  bitmap.height = Math.ceil(window.height * ratio);
  const context = bitmap.getContext('2d');
  if (context !== null) {
    context.scale(ratio, ratio);
    const brush = createBrush(context, input.theme, ratio, createPatterns());
    drawMarks(brush, sceneBoxes(input.rack, input.facts, view, window, input.state));
  }
  return { bitmap, view, width: bitmap.width / ratio, height: bitmap.height / ratio, stamp: input.stamp };
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
function covers(layer: Layer, view: View, window: Window, rack: Rack): boolean {
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
  let cost = 0;

  const overview = (input: LayerInput): void => {
    const stamp = `${input.stamp} tile`;
    if (whole?.stamp !== stamp) {
      const view = fitView(input.rack, OVERVIEW);
      const window = { width: input.rack.width * view.scale + view.x, height: input.rack.height * view.scale + view.y };
      whole = { ...render({ ...input, state: { ...input.state, level: 'tile' } }, view, window, 1), stamp };
    }
  };

  const stale = (input: LayerInput): boolean => whole?.stamp !== `${input.stamp} tile`;

  return {
    prepare(input) {
      if (cost > DEAR) overview(input);
    },
    draw(context, input) {
      const { view, window, rack } = input;
      if (cost === 0 && boxesIn(rack, visibleRect(view, window)).length > MANY) cost = DEAR + 1;
      if (cost > DEAR && sharp?.stamp === input.stamp) {
        const same = sharp.view.scale === view.scale;
        if (same && covers(sharp, view, window, rack)) {
          blit(context, sharp, view, input.ratio);
          return false;
        }
        if (input.moving) {
          if (whole !== null && !stale(input) && !covers(sharp, view, window, rack))
            blit(context, whole, view, input.ratio);
          blit(context, sharp, view, input.ratio);
          return true;
        }
      }
      const start = performance.now();
      if (cost > DEAR) {
        // At rest: drawn once, with room around it for the next pan where that is cheap enough.
        const margin =
          cost < 40 ? { x: Math.round(window.width * 0.2), y: Math.round(window.height * 0.2) } : { x: 0, y: 0 };
        const wide = { width: Math.ceil(window.width) + 2 * margin.x, height: Math.ceil(window.height) + 2 * margin.y };
        sharp = render(input, { ...view, x: view.x + margin.x, y: view.y + margin.y }, wide, input.ratio);
        blit(context, sharp, view, input.ratio);
        cost = Math.max((performance.now() - start) / 1.4, 0);
        return false;
      }
      const brush = createBrush(context, input.theme, input.ratio, patterns);
      drawMarks(brush, sceneBoxes(rack, input.facts, view, window, input.state));
      cost = performance.now() - start;
      if (cost > DEAR) sharp = null;
      return false;
    },
  };
}
