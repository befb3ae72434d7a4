/** Keyboard navigation: from a place to the nearest one in a direction; slots where they are shown, otherwise nodes. */
import type { ViewSource } from '../../view/view-source';
import { centre, type Rect } from '../picture/rect';
import type { Rack } from '../rack/rack';
import { boxesIn, focusPlaces, type Place } from './places';

/** Direction of an arrow key. */
export type Direction = 'left' | 'right' | 'up' | 'down';

const UNIT: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};

/** Maximum distance of a neighbouring slot, in layout units: two nodes. */
const REACH = 700;

/** The place with the lowest cost in a part of the layout; null when every cost is infinite. */
function cheapest(
  source: ViewSource,
  rack: Rack,
  view: Rect,
  slotScale: number,
  cost: (x: number, y: number) => number,
): Place | null {
  let best: Place | null = null;
  let least = Infinity;
  for (const box of boxesIn(rack, view))
    for (const place of focusPlaces(source, rack, box, slotScale)) {
      const price = cost(...centre(place.rect));
      if (price >= least) continue;
      least = price;
      best = place;
    }
  return best;
}

/** The place nearest to the centre of a part of the layout, where focus enters it; null in an empty picture. */
export function nearestPlace(source: ViewSource, rack: Rack, view: Rect, slotScale: number): Place | null {
  const [x, y] = centre(view);
  return cheapest(source, rack, view, slotScale, (px, py) => Math.hypot(px - x, py - y));
}

/** The nearest place in a direction, preferring straight ahead. Null at the edge of the picture. */
export function neighbour(
  source: ViewSource,
  rack: Rack,
  from: Place,
  direction: Direction,
  slotScale: number,
): Place | null {
  const [x, y] = centre(from.rect);
  const reach = slotScale > 0 ? REACH : Math.max(rack.width, rack.height);
  const view = { x: x - reach, y: y - reach, w: 2 * reach, h: 2 * reach };
  const [ux, uy] = UNIT[direction];
  return cheapest(source, rack, view, slotScale, (px, py) => {
    const ahead = (px - x) * ux + (py - y) * uy;
    const aside = Math.abs((px - x) * uy) + Math.abs((py - y) * ux);
    return ahead <= 0.5 || aside > ahead * 2.5 ? Infinity : ahead + 2 * aside;
  });
}
