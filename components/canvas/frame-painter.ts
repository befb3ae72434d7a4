/** Paints a frame when something has changed: boxes, the overlay above them, and the minimap. */
import type { Mark } from '../../lib/layout/picture/mark';
import { colourOf } from '../../lib/layout/picture/tokens';
import { hasBlocks } from '../../lib/layout/rack/rack';
import { sceneAbove, type SceneState } from '../../lib/layout/scene/scene';
import type { DrawChanged, LayerInput } from './box-bitmap';
import { BoxLayers } from './box-layers';
import type { CurrentPicture } from './current-picture';
import { createBrush, createPatterns } from './draw/brush';
import { drawMarks } from './draw/marks';
import type { Minimap } from './minimap';
import type { Viewport } from './viewport';

/** After this long without a frame, bitmaps are prepared for the next move. Milliseconds. */
const IDLE_MS = 400;

/** Callbacks of the painter. */
export interface PainterEvents {
  /** The state to paint at this moment, besides the boxes. `now`: milliseconds of the page. */
  readonly state: (now: number) => SceneState;
  readonly onPainted: (now: number) => void;
}

/** Schedules and paints the frames of one canvas. */
export class FramePainter {
  readonly #element: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #picture: CurrentPicture;
  readonly #viewport: Viewport;
  readonly #events: PainterEvents;
  readonly #patterns = createPatterns();
  readonly #layers = new BoxLayers();
  #request = 0;
  #idleTimer = 0;
  #minimapTimer = 0;
  #minimap: Minimap | null = null;
  #minimapDue = true;
  #filterVersion = 0;
  /** The shown revision: while the view moves, the picture is kept. */
  #shown: number;

  constructor(element: HTMLCanvasElement, picture: CurrentPicture, viewport: Viewport, events: PainterEvents) {
    const context = element.getContext('2d', { alpha: false });
    if (context === null) throw new Error('This browser offers no 2D canvas.');
    this.#element = element;
    this.#context = context;
    this.#picture = picture;
    this.#viewport = viewport;
    this.#events = events;
    this.#shown = picture.props.revision;
  }

  /** Schedules a repaint in the next frame. */
  readonly invalidate = (): void => {
    if (this.#request === 0) this.#request = requestAnimationFrame((now) => this.#paint(now));
  };

  /** The minimap to draw as well; null: none. */
  showMinimap(minimap: Minimap | null): void {
    this.#minimap = minimap;
    this.invalidateMinimap();
  }

  /** The minimap, or the window's frame in it, has changed. */
  invalidateMinimap(): void {
    this.#minimapDue = true;
    this.invalidate();
  }

  /** From now on new data draw only the boxes that changed. */
  drawChangesBy(drawChanged: DrawChanged): void {
    this.#layers.drawChangesBy(drawChanged);
  }

  filterChanged(): void {
    this.#filterVersion++;
  }

  /** The view is moving: nothing is prepared. */
  keepBusy(): void {
    window.clearTimeout(this.#idleTimer);
  }

  /** Paints immediately, after a change of the element's size has cleared it. */
  paintNow(): void {
    if (this.#request !== 0) cancelAnimationFrame(this.#request);
    this.#paint(performance.now());
  }

  stop(): void {
    cancelAnimationFrame(this.#request);
    window.clearTimeout(this.#idleTimer);
    window.clearTimeout(this.#minimapTimer);
  }

  #input(now: number): LayerInput {
    const { props, rack, facts, version } = this.#picture;
    const { size, ratio, view, moving } = this.#viewport;
    const { theme, selection, stale } = props;
    const state = this.#events.state(now);
    // Tiles show no ages.
    const aged = state.level !== 'tile' && hasBlocks(rack, 'waiting') ? props.now : null;
    const look = [theme, version, selection, this.#filterVersion, stale?.badge, ratio].join(' ');
    const stamp = `${look} ${this.#shown}`;
    return { rack, facts, view, window: size, state, theme, ratio, look, stamp, revision: this.#shown, aged, moving };
  }

  #paint(now: number): void {
    this.#request = 0;
    const context = this.#context;
    const { props, rack } = this.#picture;
    const { size, ratio, view, moving } = this.#viewport;
    if (size.width === 0 || size.height === 0) return;
    if (!moving) this.#shown = props.revision;
    const input = this.#input(now);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = colourOf(props.theme, 'bg');
    context.fillRect(0, 0, size.width, size.height);
    const drawn = this.#layers.draw(context, input);
    window.clearTimeout(this.#idleTimer);
    if (!moving && drawn === 'whole') this.#prepareLater(input);
    this.#drawAbove(sceneAbove(rack, input.facts, view, size, input.state, 0));
    if (this.#minimapDue && this.#minimap !== null) {
      this.#minimapDue = false;
      const rest = this.#minimap.draw(input, performance.now());
      window.clearTimeout(this.#minimapTimer);
      if (rest > 0) this.#minimapTimer = window.setTimeout(() => this.invalidateMinimap(), rest);
    }
    this.#events.onPainted(now);
    if (drawn === 'underway' || (drawn === 'coarse' && !moving)) this.invalidate();
    else if (drawn === 'resting') this.#idleTimer = window.setTimeout(this.invalidate, this.#layers.restMs);
    // What is on screen, for tests and measurements.
    const { revision } = this.#layers;
    if (rack.boxes.id.length > 0 && revision !== null)
      this.#element.dataset['revision'] = String(revision === props.revision ? this.#picture.revision : revision);
  }

  #drawAbove(marks: readonly Mark[]): void {
    const { theme } = this.#picture.props;
    drawMarks(createBrush(this.#context, theme, this.#viewport.ratio, this.#patterns), marks);
  }

  /** Prepares bitmaps, a little at a time, once nothing has been painted for a while. */
  #prepareLater(input: LayerInput, wait = IDLE_MS): void {
    this.#idleTimer = window.setTimeout(() => {
      if (this.#layers.prepare(input)) this.#prepareLater(input, 0);
    }, wait);
  }
}
