/**
 * Pointer input on the picture: what is under the pointer, what a click selects or folds, what a double click opens.
 */
import { placeAt, type Place } from '../../lib/layout/places/places';
import { boxKind, headerBottom } from '../../lib/layout/rack/rack';
import type { CurrentPicture } from './current-picture';
import type { Viewport } from './viewport';

/** Callbacks of pointer input. */
export interface PointerEvents {
  readonly onHover: (place: Place | null) => void;
  /** Null: on the background. */
  readonly onClick: (place: Place | null) => void;
  readonly onFold: (node: string) => void;
}

/** Maximum time (ms) and distance between the two clicks of a double click. */
const DOUBLE_MS = 400;
const DOUBLE_PX = 6;

interface FirstClick {
  readonly place: Place | null;
  /** Milliseconds of the page. */
  readonly at: number;
  readonly x: number;
  readonly y: number;
}

/** Finds the place under the pointer and reports hovers, clicks and double clicks. */
export class PointerInput {
  readonly #element: HTMLCanvasElement;
  readonly #picture: CurrentPicture;
  readonly #viewport: Viewport;
  readonly #events: PointerEvents;
  readonly #listeners = new AbortController();
  #hover: Place | null = null;
  #first: FirstClick | null = null;

  constructor(element: HTMLCanvasElement, picture: CurrentPicture, viewport: Viewport, events: PointerEvents) {
    this.#element = element;
    this.#picture = picture;
    this.#viewport = viewport;
    this.#events = events;
    const { signal } = this.#listeners;
    element.addEventListener('pointermove', (event) => this.#move(event), { signal });
    element.addEventListener('pointerleave', () => this.leave(), { signal });
    element.addEventListener('click', (event) => this.#click(event), { signal });
    window.addEventListener('click', (event) => this.#second(event), { signal, capture: true });
  }

  get hover(): Place | null {
    return this.#hover;
  }

  /** Nothing is hovered any more: the pointer has left, or the picture has moved. */
  leave(): void {
    this.#setHover(null);
  }

  /** Finds the hovered place again after a change of the records. */
  refresh(): void {
    this.#hover = this.#picture.again(this.#hover);
  }

  stop(): void {
    this.#listeners.abort();
  }

  #hit(event: MouseEvent): Place | null {
    const { rack, props } = this.#picture;
    const place = placeAt(props.replica, rack, ...this.#viewport.pointOf(event), this.#viewport.slotScale);
    // At the far level, every place in a tile is its node.
    if (place === null || this.#viewport.level !== 'tile') return place;
    return this.#picture.placeOf(this.#picture.boxId(place)) ?? place;
  }

  /** Zoomed in, a node shows all its text: only its header has a tooltip, not the gaps between its ENIs. */
  #isQuiet(place: Place, event: MouseEvent): boolean {
    if (place.role === 'fold') return true;
    if (this.#viewport.slotScale === 0 || place.id !== this.#picture.boxId(place)) return false;
    return this.#viewport.pointOf(event)[1] > headerBottom(this.#picture.rack, place.box);
  }

  #setHover(place: Place | null): void {
    const before = this.#hover;
    if (before === null && place === null) return;
    this.#hover = place;
    if (before?.id !== place?.id || before?.ip !== place?.ip) this.#events.onHover(place);
  }

  #move(event: PointerEvent): void {
    if (event.buttons !== 0 || this.#viewport.moving) return;
    const place = this.#hit(event);
    this.#element.style.cursor = place === null ? 'grab' : 'pointer';
    this.#setHover(place === null || this.#isQuiet(place, event) ? null : place);
  }

  #click(event: MouseEvent): void {
    const place = this.#hit(event);
    this.#first = { place, at: event.timeStamp, x: event.clientX, y: event.clientY };
    if (place?.role !== 'fold') {
      this.#events.onClick(place);
      return;
    }
    this.leave();
    this.#events.onFold(this.#picture.boxId(place));
  }

  /**
   * A double click opens the target of its first click: the panel that this click opened may have moved or covered the
   * picture.
   */
  #second(event: MouseEvent): void {
    const first = this.#first;
    this.#first = null;
    if (first === null || event.timeStamp - first.at > DOUBLE_MS) return;
    if (Math.hypot(event.clientX - first.x, event.clientY - first.y) > DOUBLE_PX) return;
    event.preventDefault();
    event.stopPropagation();
    this.#open(first.place);
  }

  #open(place: Place | null): void {
    if (place === null || place.role === 'fold') return;
    const { rack, props } = this.#picture;
    if (boxKind(rack, place.box) === 'node') props.onOpenNode(this.#picture.boxId(place));
    else if (place.role === 'node') props.onOpenNode(place.id);
  }
}
