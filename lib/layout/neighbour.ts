/** Walking the picture by keyboard: from a place to the nearest one in a direction, slots near, nodes far. */
import type { ViewSource } from '../view/view-source';
import { boxesIn, slotPlaces, type Place } from './locate';
import { boxKind, boxRect, type Rack, type Rect } from './rack/rack';

export type Direction = 'left' | 'right' | 'up' | 'down';

const centre = ({ x, y, w, h }: Rect): readonly [number, number] => [x + w / 2, y + h / 2];

/** Node boxes of a part of the layout; groups of tiles and the shelf are walked by what is in them. */
function boxPlaces(rack: Rack, view: Rect): Place[] {
  return boxesIn(rack, view)
    .filter((box) => boxKind(rack, box) === 'node' || boxKind(rack, box) === 'ghost')
    .map((box) => ({ id: rack.boxes.id[box] ?? '', ip: null, rect: boxRect(rack, box), box }));
}

const placesIn = (source: ViewSource, rack: Rack, view: Rect, near: boolean): readonly Place[] =>
  near ? boxesIn(rack, view).flatMap((box) => slotPlaces(source, rack, box)) : boxPlaces(rack, view);

/** The place nearest to a point, to begin a walk; null in an empty picture. */
export function nearestPlace(source: ViewSource, rack: Rack, view: Rect, near: boolean): Place | null {
  const [x, y] = centre(view);
  let best: Place | null = null;
  let least = Infinity;
  for (const place of placesIn(source, rack, view, near)) {
    const [px, py] = centre(place.rect);
    const distance = Math.hypot(px - x, py - y);
    if (distance < least) {
      least = distance;
      best = place;
    }
  }
  return best;
}

/**
 * The nearest place in a direction, what lies straight ahead before what lies aside; null at the picture's edge. Looks in
 * `view` widened to both sides by a node's size, so that a walk can leave the window.
 */
export function neighbour(
  source: ViewSource,
  rack: Rack,
  from: Place,
  direction: Direction,
  near: boolean,
): Place | null {
  const [x, y] = centre(from.rect);
  const reach = near ? 700 : Math.max(rack.width, rack.height);
  const view = { x: x - reach, y: y - reach, w: 2 * reach, h: 2 * reach };
  const [ux, uy] = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }[direction] as [number, number];
  let best: Place | null = null;
  let least = Infinity;
  for (const place of placesIn(source, rack, view, near)) {
    const [px, py] = centre(place.rect);
    const along = (px - x) * ux + (py - y) * uy;
    const aside = Math.abs((px - x) * uy) + Math.abs((py - y) * ux);
    if (along <= 0.5 || aside > along * 2.5) continue;
    const cost = along + 2 * aside;
    if (cost < least) {
      least = cost;
      best = place;
    }
  }
  return best;
}
