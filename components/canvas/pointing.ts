/** The picture by pointer: what it is on, what a click selects or folds, what a double click opens. */
import { HEADER } from '../../lib/layout/rack/geometry';
import { boxKind, boxRect } from '../../lib/layout/rack/rack';
import { onScreen, slotsSeen, type Standing } from './standing';
import { placeOf } from '../../lib/layout/places/find';
import { type Place, placeAt } from '../../lib/layout/places/places';

export interface PointingEvents {
  readonly onHover: (place: Place | null, at: DOMRect | null) => void;
  readonly onFold: (node: string) => void;
}

export interface Pointing {
  /** Nothing is under the pointer any more: the picture has moved. */
  leave(): void;
  stop(): void;
}

export function createPointing(on: Standing, events: PointingEvents): Pointing {
  const { element } = on;

  /** Layout point of a pointer event. */
  const pointOf = (event: MouseEvent): readonly [number, number] => {
    const box = element.getBoundingClientRect();
    const { x, y, scale } = on.view;
    return [(event.clientX - box.left - x) / scale, (event.clientY - box.top - y) / scale];
  };

  const hit = (event: MouseEvent): Place | null => {
    const [x, y] = pointOf(event);
    const place = placeAt(on.props.replica, on.rack, x, y, slotsSeen(on));
    // At the far level a tile is the node, whatever stands where the pointer is.
    if (place === null || on.level !== 'tile') return place;
    return placeOf(on.props.replica, on.rack, on.rack.boxes.id[place.box] ?? '') ?? place;
  };

  /** Near, a node says all of itself in words: only its header speaks up, not the gaps between its ENIs. */
  const isQuiet = ({ id, role, box }: Place, event: MouseEvent): boolean => {
    if (role === 'fold') return true;
    if (slotsSeen(on) === 0 || id !== on.rack.boxes.id[box]) return false;
    return pointOf(event)[1] - boxRect(on.rack, box).y > HEADER.height;
  };

  const setHover = (place: Place | null, at: DOMRect | null): void => {
    const { hover } = on;
    if (hover === null && place === null) return;
    const same = hover !== null && place !== null && hover.id === place.id && hover.ip === place.ip;
    on.hover = place;
    if (!same) events.onHover(place, at);
  };

  const leave = (): void => setHover(null, null);

  const onMove = (event: PointerEvent): void => {
    if (event.buttons !== 0 || on.moving) return;
    const place = hit(event);
    element.style.cursor = place === null ? 'grab' : 'pointer';
    const shown = place === null || isQuiet(place, event) ? null : place;
    setHover(shown, shown === null ? null : onScreen(on, shown));
  };

  const onClick = (event: MouseEvent): void => {
    const place = hit(event);
    if (place?.role === 'fold') {
      leave();
      events.onFold(on.rack.boxes.id[place.box] ?? '');
      return;
    }
    on.focus = place;
    on.props.onSelect(place?.id ?? null, place === null ? null : { ip: place.ip });
  };

  const onDouble = (event: MouseEvent): void => {
    const place = hit(event);
    if (place === null) return;
    if (boxKind(on.rack, place.box) === 'node') on.props.onOpenNode(on.rack.boxes.id[place.box] ?? '');
    else if (on.props.replica.records.nodes.has(place.id)) on.props.onOpenNode(place.id);
  };

  element.addEventListener('pointermove', onMove);
  element.addEventListener('pointerleave', leave);
  element.addEventListener('click', onClick);
  element.addEventListener('dblclick', onDouble);
  return {
    leave,
    stop() {
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerleave', leave);
      element.removeEventListener('click', onClick);
      element.removeEventListener('dblclick', onDouble);
    },
  };
}
