/**
 * The window over the layout: its size and view, its moves and their targets. Every move ends in `onMove`. A record is
 * brought into the window as a whole, and what was visible stays visible when the window changes its size.
 */
import {
  centreOf,
  fitView,
  isInSight,
  scaleExtent,
  viewAround,
  withoutVoid,
  zoomedAbout,
} from '../../lib/layout/camera';
import { centre, visibleRect, type Rect, type Size, type View } from '../../lib/layout/picture/rect';
import { nearestPlace } from '../../lib/layout/places/neighbour';
import type { Place } from '../../lib/layout/places/places';
import { levelAt, slotScale, type Level } from '../../lib/layout/rack/level';
import { boxRect } from '../../lib/layout/rack/rack';
import type { CurrentPicture } from './current-picture';
import type { createGestures, Gestures } from './gestures';

const MOVE_MS = 200;
/** After this long without a move, the view is at rest. Milliseconds. */
const REST_MS = 110;
/** Minimum scale after a jump to a record, so that its node shows its full text. */
const REVEAL_SCALE = 1;
/** Scales that differ by less count as the same zoom. */
const SAME_SCALE = 0.03;
/** Margin around the node after a jump, in CSS pixels. */
const REVEAL_MARGIN = 40;

/** Callbacks of the viewport. */
export interface ViewportEvents {
  readonly onMove: () => void;
  /** Called after a pan or zoom has ended. */
  readonly onRest: () => void;
  /** The place with keyboard focus; a zoom keeps its position. */
  readonly focused: () => Place | null;
}

/** The visible part of the picture, and the moves to another. */
export class Viewport {
  readonly #element: HTMLCanvasElement;
  readonly #picture: CurrentPicture;
  readonly #events: ViewportEvents;
  readonly #reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');
  #gestures: Gestures | null = null;
  #restTimer = 0;
  #size: Size = { width: 0, height: 0 };
  #ratio = 1;
  #view: View = { scale: 1, x: 0, y: 0 };
  #level: Level = 'slots';
  #placed = false;
  #moving = false;
  /** The view that shows the whole, until the user moves it. */
  #fitted: View | null = null;
  /** The scale at which tiles were requested although there is room for more; null: the level follows the zoom. */
  #tilesAt: number | null = null;
  #wasAtTiles = false;
  /** The target of a running move (id null: the whole), so that a panel that opens meanwhile does not make it miss. */
  #aim: { readonly id: string | null; readonly scale: number; readonly until: number } | null = null;
  /** The record that had no place when it was to be shown: pods of a link arrive after the first picture. */
  #awaited: string | null = null;

  constructor(element: HTMLCanvasElement, picture: CurrentPicture, events: ViewportEvents) {
    this.#element = element;
    this.#picture = picture;
    this.#events = events;
  }

  /** CSS pixels of the element. */
  get size(): Size {
    return this.#size;
  }
  /** Device pixels per CSS pixel. */
  get ratio(): number {
    return this.#ratio;
  }
  get view(): View {
    return this.#view;
  }
  get level(): Level {
    return this.#level;
  }
  /** Whether there has been a first view. */
  get placed(): boolean {
    return this.#placed;
  }
  /** Whether a gesture or an animation is moving the view. */
  get moving(): boolean {
    return this.#moving;
  }
  /** CSS pixels per layout unit if the level shows slots; 0 otherwise. */
  get slotScale(): number {
    return slotScale(this.#level, this.#view.scale);
  }
  get visible(): Rect {
    return visibleRect(this.#view, this.#size);
  }
  get reducedMotion(): boolean {
    return this.#reducedMotion.matches;
  }

  /** The layout point under a pointer event. */
  pointOf(event: MouseEvent): readonly [number, number] {
    const box = this.#element.getBoundingClientRect();
    const { x, y, scale } = this.#view;
    return [(event.clientX - box.left - x) / scale, (event.clientY - box.top - y) / scale];
  }

  /** The rectangle of a place on the page, for positioning a tooltip. */
  onPage({ rect: { x, y, w, h } }: Place): DOMRect {
    const box = this.#element.getBoundingClientRect();
    const view = this.#view;
    const { scale } = view;
    return new DOMRect(box.left + x * scale + view.x, box.top + y * scale + view.y, w * scale, h * scale);
  }

  isInSight(place: Place): boolean {
    return isInSight(this.#view, this.#size, place.rect);
  }

  /** Whether the view is as `fit` left it. */
  isWhole(): boolean {
    const { x, y, scale } = this.#view;
    return this.#fitted?.x === x && this.#fitted.y === y && this.#fitted.scale === scale;
  }

  goTo(view: View, animate: boolean): void {
    this.#aim = null;
    if (this.#gestures === null) this.#look(view);
    else this.#gestures.goTo(view, animate && !this.reducedMotion && this.#placed ? MOVE_MS : 0);
  }

  /** Centres the window on a point of the layout. */
  centreOn(x: number, y: number, animate: boolean): void {
    this.goTo(viewAround(x, y, this.#view.scale, this.#size), animate);
  }

  pan(dx: number, dy: number): void {
    this.goTo({ ...this.#view, x: this.#view.x + dx, y: this.#view.y + dy }, true);
  }

  /** Shows the whole. Tiles stay tiles, although the whole may now have another scale. */
  fit(animate = true): void {
    const whole = fitView(this.#picture.rack, this.#size);
    if (this.#tilesAt !== null) this.#tilesAt = whole.scale;
    this.goTo(whole, animate && !this.#wasAtTiles);
    this.#fitted = whole;
    this.#aimAt(null, whole.scale);
  }

  /** Fits the whole with one tile per node, even if there is room for more. */
  showTiles(): void {
    this.#tilesAt = fitView(this.#picture.rack, this.#size).scale;
    this.fit();
  }

  /** Brings a record into view, unless it is visible. */
  reveal(id: string): void {
    const place = this.#picture.placeOf(id);
    this.#awaited = place === null ? id : null;
    if (place === null) return;
    if (this.#view.scale >= REVEAL_SCALE && this.isInSight(place)) return;
    this.#goToRecord(id, Math.max(this.#view.scale, REVEAL_SCALE));
  }

  /** Reveals the awaited record once it has a place, unless the user has moved the view. */
  revealAwaited(): void {
    if (this.#awaited !== null && this.isWhole()) this.reveal(this.#awaited);
  }

  zoomBy(factor: number): void {
    this.#tilesAt = null;
    const scale = this.#within(this.#view.scale * factor);
    const anchor = this.#anchorAt(scale);
    const { rack } = this.#picture;
    let view: View;
    if (anchor === null) {
      const { x, y } = centreOf(this.#view, this.#size);
      view = zoomedAbout(this.#view, scale, x, y);
    } else if (levelAt(scale) === 'labelled' && this.#level !== 'labelled')
      view = viewAround(...centre(anchor), scale, this.#size);
    else view = zoomedAbout(this.#view, scale, ...centre(anchor));
    this.goTo(withoutVoid(view, rack, this.#size), true);
  }

  /** Adopts the bounds of the rack after its size has changed. */
  limit(): void {
    const { rack } = this.#picture;
    const size = this.#size;
    const scale = scaleExtent(rack, size);
    const room = Math.max(size.width, size.height) / 2 / scale[0];
    this.#gestures?.bound({ scale, translate: [-room, -room, rack.width + room, rack.height + room], size });
  }

  /** Adopts the element's size; returns false when it has not changed. The first size sets the first view. */
  resize(size: Size, ratio: number): boolean {
    const before = this.#size;
    if (size.width === before.width && size.height === before.height && ratio === this.#ratio) return false;
    this.#size = size;
    this.#ratio = ratio;
    if (size.width === 0 || size.height === 0) return true;
    if (!this.#placed) this.#begin();
    else {
      this.limit();
      // A line that appears above the picture must not cut it off.
      if (this.isWhole() && size.width === before.width) this.fit(false);
      else if (this.#aim !== null && this.#aim.until > performance.now()) {
        if (this.#aim.id === null) this.fit();
        else this.#goToRecord(this.#aim.id, this.#aim.scale);
      } else this.#keepInSight(before);
    }
    return true;
  }

  /** Begins to pan and zoom, once there is a picture to move. */
  beginGestures(create: typeof createGestures): void {
    this.#gestures = create(this.#element, this.#picture, this.#view, (view) => this.#look(view));
    this.limit();
  }

  stop(): void {
    window.clearTimeout(this.#restTimer);
    this.#gestures?.stop();
  }

  #look(view: View): void {
    this.#view = view;
    const isAtTiles = this.#tilesAt !== null && Math.abs(view.scale / this.#tilesAt - 1) < SAME_SCALE;
    const before = this.#placed && !this.#wasAtTiles ? this.#level : null;
    // On the way there the level follows the zoom; a zoom away ends the state.
    if (this.#wasAtTiles && !isAtTiles) this.#tilesAt = null;
    this.#wasAtTiles = isAtTiles;
    this.#level = isAtTiles ? 'tile' : levelAt(view.scale, before);
    this.#placed = true;
    this.#moving = true;
    window.clearTimeout(this.#restTimer);
    this.#restTimer = window.setTimeout(() => {
      this.#moving = false;
      this.#events.onRest();
    }, REST_MS);
    this.#events.onMove();
  }

  #within(scale: number): number {
    const [least, most] = scaleExtent(this.#picture.rack, this.#size);
    return Math.max(least, Math.min(most, scale));
  }

  /** Sets the view from the URL, or the whole. A view from a URL is limited to the range of gestures. */
  #begin(): void {
    const { initialView, viewTarget } = this.#picture.props;
    if (initialView === null) this.fit(false);
    else this.goTo(viewAround(initialView.x, initialView.y, this.#within(initialView.scale), this.#size), false);
    if (viewTarget?.to === 'record') this.reveal(viewTarget.id);
  }

  #goToRecord(id: string, scale: number): void {
    const place = this.#picture.placeOf(id);
    if (place === null) return;
    const { x, y } = this.#middleOf(place, scale);
    this.goTo(withoutVoid(viewAround(x, y, scale, this.#size), this.#picture.rack, this.#size), true);
    this.#aimAt(id, scale);
  }

  #aimAt(id: string | null, scale: number): void {
    this.#aim = { id, scale, until: performance.now() + 2 * MOVE_MS };
  }

  /** The centre of the place's node if the node fits into the window, otherwise of the place itself. */
  #middleOf(place: Place, scale: number): { readonly x: number; readonly y: number } {
    const box = boxRect(this.#picture.rack, place.box);
    const x = box.w * scale <= this.#size.width - REVEAL_MARGIN ? box : place.rect;
    const y = box.h * scale <= this.#size.height - 2 * REVEAL_MARGIN ? box : place.rect;
    return { x: x.x + x.w / 2, y: y.y + y.h / 2 };
  }

  /**
   * The rectangle that a zoom keeps in view: the focus, otherwise the selection, otherwise, where slots have text, a
   * slot near the centre.
   */
  #anchorAt(scale: number): Rect | null {
    const focused = this.#events.focused();
    if (focused !== null) return focused.rect;
    const { props, rack } = this.#picture;
    const selected = this.#picture.placeOf(props.selection);
    if (selected !== null && isInSight(this.#view, this.#size, { ...selected.rect, w: 0, h: 0 })) return selected.rect;
    if (levelAt(scale) !== 'labelled') return null;
    return nearestPlace(props.replica, rack, this.visible, scale)?.rect ?? null;
  }

  /** A panel that opens moves nothing, except that a selection outside the new window is brought back into view. */
  #keepInSight(before: Size): void {
    const place = this.#picture.placeOf(this.#picture.props.selection);
    if (place === null || this.isInSight(place) || !isInSight(this.#view, before, place.rect))
      this.goTo(this.#view, false);
    else this.#goToRecord(place.id, this.#view.scale);
  }
}
