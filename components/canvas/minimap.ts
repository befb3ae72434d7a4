/**
 * The minimap: tiles, and the window as a frame that the pointer moves. The tiles are kept as a bitmap until the data
 * change. Loaded after the picture.
 */
import { NODE } from '../../lib/layout/rack/geometry';
import { boxRect, type Rack } from '../../lib/layout/rack/rack';
import { SEVERITY_FILL } from '../../lib/layout/scene/badges';
import { sceneBoxes } from '../../lib/layout/scene/scene';
import { isTroubleLeft } from '../../lib/layout/scene/scope';
import { colourOf } from '../../lib/layout/picture/tokens';
import { createBrush, createPatterns } from './draw/brush';
import { drawMarks } from './draw/marks';
import type { LayerInput } from './box-bitmap';
import type { Rect, Size, View } from '../../lib/layout/picture/rect';

/** The tiles as last drawn. */
interface Tiles {
  /** The stamp of the input, without the size of the map. */
  readonly data: string;
  readonly stamp: string;
  readonly look: string;
  readonly bitmap: HTMLCanvasElement;
  /** New data alone are not drawn before this time, in milliseconds of the page. */
  readonly restUntil: number;
}

/**
 * Minimum time between redraws, as a multiple of the drawing time: with thousands of nodes a redraw takes as long as
 * the picture itself, which is more important.
 */
const REST = 40;
/** Maximum of that time in milliseconds: the map must not differ from the picture for longer. */
const MAX_REST_MS = 2_000;

function mapView(rack: Rack, width: number, height: number): View {
  const scale = Math.min(width / Math.max(1, rack.width), height / Math.max(1, rack.height), 0.12);
  return { scale, x: 0, y: 0 };
}

/** The dependencies of the map. */
export interface MinimapEvents {
  readonly rack: () => Rack;
  /** Moves the view to a point of the layout; `animated` unless dragging. */
  readonly centreOn: (x: number, y: number, animated: boolean) => void;
}

/** The map on a canvas element of its own. */
export class Minimap {
  readonly #map: HTMLCanvasElement;
  readonly #events: MinimapEvents;
  #tiles: Tiles | null = null;
  /** What the map showed when it was last drawn, apart from the data. */
  #shown = '';

  constructor(map: HTMLCanvasElement, events: MinimapEvents) {
    this.#map = map;
    this.#events = events;
    for (const type of ['pointerdown', 'pointermove'] as const) map.addEventListener(type, this.#onPointer);
  }

  stop(): void {
    for (const type of ['pointerdown', 'pointermove'] as const) this.#map.removeEventListener(type, this.#onPointer);
  }

  /**
   * Draws the whole picture small, with a frame around the visible part. `now`: milliseconds of the page. Returns the
   * milliseconds after which to draw again because new data wait; 0: none wait.
   */
  draw(input: LayerInput, now: number): number {
    const { view: seen, window: size } = input;
    const shown = [input.look, seen.x, seen.y, seen.scale, size.width, size.height].join(' ');
    const rest = (this.#tiles?.restUntil ?? now) - now;
    if (rest > 0 && shown === this.#shown && this.#tiles?.data !== input.stamp) return rest;
    this.#shown = shown;
    const map = this.#map;
    const { width, height } = map.getBoundingClientRect();
    const context = map.getContext('2d');
    if (width === 0 || height === 0 || context === null) return 0;
    const { rack, ratio } = input;
    const pixels = [Math.round(width * ratio), Math.round(height * ratio)] as const;
    if (map.width !== pixels[0] || map.height !== pixels[1]) [map.width, map.height] = pixels;
    const view = mapView(rack, width, height);
    const stamp = `${input.stamp} ${width} ${height}`;
    const look = `${input.look} ${width} ${height}`;
    const before = this.#tiles;
    if (before?.stamp !== stamp && (before?.look !== look || now >= before.restUntil)) {
      const bitmap = drawnTiles(input, view, { width, height }, pixels);
      const took = performance.now() - now;
      this.#tiles = {
        data: input.stamp,
        stamp,
        look,
        bitmap,
        restUntil: now + took + Math.min(REST * took, MAX_REST_MS),
      };
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, map.width, map.height);
    if (this.#tiles !== null) context.drawImage(this.#tiles.bitmap, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawFrame(context, input, view);
    return this.#tiles === null || this.#tiles.stamp === stamp ? 0 : this.#tiles.restUntil - now;
  }

  readonly #onPointer = (event: PointerEvent): void => {
    if (event.type === 'pointermove' && event.buttons === 0) return;
    const box = this.#map.getBoundingClientRect();
    const { scale } = mapView(this.#events.rack(), box.width, box.height);
    const [x, y] = [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
    this.#events.centreOn(x, y, event.type === 'pointerdown');
  };
}

/**
 * Minimum width of a tile in pixels: the frames of narrower ones would form a pattern, so they are drawn as one ground.
 */
const LEAST_TILE = 4;
/** Pixels of the mark of a troubled node on that ground. */
const DOT = 3;
/** Margin in pixels within which a dot would be covered by the frame of a window that shows the whole. */
const EDGE = 2.5;

const within = (at: number, size: number): number => Math.max(EDGE, Math.min(at, size - EDGE - DOT));

/** A ground where nodes are, and on it what sets a node apart, errors last. */
function drawGround(context: CanvasRenderingContext2D, { rack, facts, theme, state }: LayerInput, view: View): void {
  const dots: Record<'error' | 'warning', Rect[]> = { error: [], warning: [] };
  context.fillStyle = colourOf(theme, 'edge');
  context.globalAlpha = 0.5;
  for (const [box, id] of rack.boxes.id.entries()) {
    const { x, y, w, h } = boxRect(rack, box);
    const at = { x: x * view.scale, y: y * view.scale, w: w * view.scale, h: h * view.scale };
    context.fillRect(at.x, at.y, at.w, at.h);
    const apart = facts.troubleOfNode(id)?.apart ?? null;
    if ((apart === 'error' || apart === 'warning') && isTroubleLeft(state, id)) dots[apart].push(at);
  }
  context.globalAlpha = 1;
  for (const severity of ['warning', 'error'] as const) {
    context.fillStyle = colourOf(theme, SEVERITY_FILL[severity]);
    for (const { x, y, w, h } of dots[severity]) {
      const left = within(x + (w - DOT) / 2, rack.width * view.scale);
      const top = within(y + (h - DOT) / 2, rack.height * view.scale);
      context.fillRect(left, top, DOT, DOT);
    }
  }
}

function drawnTiles(
  input: LayerInput,
  view: View,
  size: Size,
  [width, height]: readonly [number, number],
): HTMLCanvasElement {
  const { rack, facts, theme, ratio, state } = input;
  const bitmap = document.createElement('canvas');
  bitmap.width = width;
  bitmap.height = height;
  const context = bitmap.getContext('2d');
  if (context === null) return bitmap;
  context.scale(ratio, ratio);
  if (NODE.w * view.scale < LEAST_TILE) {
    drawGround(context, input, view);
    return bitmap;
  }
  const marks = sceneBoxes(rack, facts, view, size, { ...state, level: 'tile' });
  drawMarks(createBrush(context, theme, ratio, createPatterns()), marks);
  return bitmap;
}

/** Draws the window's frame, if the map shows more than the window. */
function drawFrame(context: CanvasRenderingContext2D, input: LayerInput, view: View): void {
  const { rack, theme, window } = input;
  const k = view.scale / input.view.scale;
  const x = Math.max(1, -input.view.x * k);
  const y = Math.max(1, -input.view.y * k);
  const right = Math.min(rack.width * view.scale - 1, (window.width - input.view.x) * k);
  const bottom = Math.min(rack.height * view.scale - 1, (window.height - input.view.y) * k);
  if (right <= x || bottom <= y) return;
  context.strokeStyle = colourOf(theme, 'sel');
  context.lineWidth = 1.5;
  context.setLineDash([]);
  context.beginPath();
  context.roundRect(x, y, right - x, bottom - y, 2);
  context.stroke();
}
