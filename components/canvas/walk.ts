/** The picture by keyboard: from place to place, into a node and out of it, and the keys that move the view. */
import { isInSight, viewAround } from '../../lib/layout/camera';
import { nearestPlace, neighbour, type Direction } from '../../lib/layout/places/neighbour';
import type { Eye } from './eye';
import { onScreen, slotsSeen, type Standing } from './standing';
import { visibleRect } from '../../lib/layout/picture/rect';
import { placeOf } from '../../lib/layout/places/find';
import { type Place } from '../../lib/layout/places/places';

const KEY_DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
/** Pixels that Shift and an arrow move the picture. */
const STEP: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [80, 0],
  right: [-80, 0],
  up: [0, 80],
  down: [0, -80],
};

export interface WalkEvents {
  readonly onFocus: (place: Place | null, at: DOMRect | null) => void;
  readonly onFold: (node: string) => void;
}

export interface Walk {
  /** Whether the key was one of the picture's. */
  onKey(event: KeyboardEvent): boolean;
  /** The keyboard comes into the picture, or leaves it. */
  enter(on: boolean): void;
}

export function createWalk(on: Standing, eye: Eye, events: WalkEvents): Walk {
  const boxId = (place: Place): string => on.rack.boxes.id[place.box] ?? '';

  const setFocus = (place: Place | null): void => {
    on.focus = place;
    if (place !== null && !isInSight(on.view, on.size, place.rect)) {
      const { x, y, w, h } = place.rect;
      eye.goTo(viewAround(x + w / 2, y + h / 2, on.view.scale, on.size), true);
    }
    events.onFocus(place, place === null ? null : onScreen(on, place));
  };

  const move = (direction: Direction): void => {
    const { focus, rack } = on;
    const { replica } = on.props;
    // From a node as a whole the arrows go to nodes.
    const near = focus === null || focus.id !== boxId(focus) ? slotsSeen(on) : 0;
    const next =
      focus === null
        ? nearestPlace(replica, rack, visibleRect(on.view, on.size), near)
        : neighbour(replica, rack, focus, direction, near);
    if (next !== null) setFocus(next);
  };

  return {
    onKey(event) {
      const direction = KEY_DIRECTIONS[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      if (direction !== undefined) {
        const [dx, dy] = STEP[direction];
        if (event.shiftKey) eye.goTo({ ...on.view, x: on.view.x + dx, y: on.view.y + dy }, true);
        else move(direction);
        return true;
      }
      const { focus, props } = on;
      switch (event.key) {
        case 'Enter':
          if (focus === null) return false;
          if (focus.role === 'fold' || focus.role === 'card') events.onFold(boxId(focus));
          else if (props.replica.records.nodes.has(focus.id)) props.onOpenNode(focus.id);
          else props.onSelect(focus.id, { ip: focus.ip });
          return true;
        case ' ':
          if (focus === null) return false;
          props.onSelect(focus.id, { ip: focus.ip });
          return true;
        case 'PageUp': {
          const node = focus === null ? null : placeOf(props.replica, on.rack, boxId(focus));
          if (node !== null) setFocus(node);
          return true;
        }
        case 'PageDown':
          setFocus(nearestPlace(props.replica, on.rack, focus?.rect ?? visibleRect(on.view, on.size), slotsSeen(on)));
          return true;
        case '+':
        case '=':
          eye.zoomBy(1.4);
          return true;
        case '-':
          eye.zoomBy(1 / 1.4);
          return true;
        case '0':
        case 'f':
          eye.fit();
          return true;
        default:
          return false;
      }
    },
    enter(inside) {
      on.focused = inside;
      if (!inside) events.onFocus(null, null);
      else setFocus(on.focus ?? nearestPlace(on.props.replica, on.rack, visibleRect(on.view, on.size), slotsSeen(on)));
    },
  };
}
