/** Keyboard control of the picture: from place to place, into a node and out of it, and the keys that move the view. */
import { nearestPlace, neighbour, type Direction } from '../../lib/layout/places/neighbour';
import type { Place } from '../../lib/layout/places/places';
import { centre, type Rect } from '../../lib/layout/picture/rect';
import type { CurrentPicture } from './current-picture';
import type { Viewport } from './viewport';

const KEY_DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
/** Pixels by which Shift and an arrow key move the picture. */
const PAN: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [80, 0],
  right: [-80, 0],
  up: [0, 80],
  down: [0, -80],
};
const ZOOM = 1.4;

/** Callbacks of keyboard navigation. */
export interface KeyboardEvents {
  readonly onFocus: (place: Place | null) => void;
  readonly onFold: (node: string) => void;
}

/** Moves a focus from place to place by keys. */
export class KeyboardNavigation {
  readonly #picture: CurrentPicture;
  readonly #viewport: Viewport;
  readonly #events: KeyboardEvents;
  #place: Place | null = null;
  #active = false;

  constructor(picture: CurrentPicture, viewport: Viewport, events: KeyboardEvents) {
    this.#picture = picture;
    this.#viewport = viewport;
    this.#events = events;
  }

  /** The starting point of the arrow keys: the place last focused or clicked. */
  get place(): Place | null {
    return this.#place;
  }

  /** The focused place while the picture has keyboard focus. */
  get focused(): Place | null {
    return this.#active ? this.#place : null;
  }

  /** A click sets the starting point of the arrow keys without focusing anything. */
  startAt(place: Place | null): void {
    this.#place = place;
  }

  /** Finds the place again after a change of the records. */
  refresh(): void {
    this.#place = this.#picture.again(this.#place);
  }

  /** Keyboard focus enters or leaves the picture. */
  enter(inside: boolean): void {
    this.#active = inside;
    if (inside) this.#focus(this.#place ?? this.#nearest(this.#viewport.visible));
    else this.#events.onFocus(null);
  }

  /** Handles a key; returns whether it was one of the picture's. */
  onKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const direction = KEY_DIRECTIONS[event.key];
    if (direction !== undefined) {
      if (event.shiftKey) this.#viewport.pan(...PAN[direction]);
      else this.#go(direction);
      return true;
    }
    switch (event.key) {
      case 'Enter':
        return this.#open();
      case ' ':
        return this.#select();
      case 'PageUp': {
        const node = this.#place === null ? null : this.#picture.placeOf(this.#picture.boxId(this.#place));
        if (node !== null) this.#focus(node);
        return true;
      }
      case 'PageDown':
        this.#focus(this.#nearest(this.#place?.rect ?? this.#viewport.visible));
        return true;
      case '+':
      case '=':
        this.#viewport.zoomBy(ZOOM);
        return true;
      case '-':
        this.#viewport.zoomBy(1 / ZOOM);
        return true;
      case '0':
      case 'f':
        this.#viewport.fit();
        return true;
      default:
        return false;
    }
  }

  #nearest(rect: Rect): Place | null {
    return nearestPlace(this.#picture.props.replica, this.#picture.rack, rect, this.#viewport.slotScale);
  }

  #focus(place: Place | null): void {
    this.#place = place;
    if (place !== null && !this.#viewport.isInSight(place)) this.#viewport.centreOn(...centre(place.rect), true);
    this.#events.onFocus(place);
  }

  #go(direction: Direction): void {
    const place = this.#place;
    const { props, rack } = this.#picture;
    // From a whole node, the arrow keys go to other nodes.
    const isNode = place !== null && place.id === this.#picture.boxId(place);
    const next =
      place === null
        ? this.#nearest(this.#viewport.visible)
        : neighbour(props.replica, rack, place, direction, isNode ? 0 : this.#viewport.slotScale);
    if (next !== null) this.#focus(next);
  }

  #open(): boolean {
    const place = this.#place;
    if (place === null) return false;
    if (place.role === 'fold' || place.role === 'card') this.#events.onFold(this.#picture.boxId(place));
    else if (place.role === 'node') this.#picture.props.onOpenNode(place.id);
    else return this.#select();
    return true;
  }

  #select(): boolean {
    if (this.#place === null) return false;
    this.#picture.props.onSelect(this.#place.id, { ip: this.#place.ip });
    return true;
  }
}
