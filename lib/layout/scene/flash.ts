/** A slot's change: what it looked like fades away above what it looks like now, and its ring flashes once. */
import { contains, type Rect } from '../picture/rect';
import { blocksOf, type Place } from '../places/places';
import { blockKind, blockRect } from '../rack/rack';
import { barIn } from './mini-eni';
import { cellLook, cellRadius } from './cells';
import type { Scope } from './scope';
import type { SlotItem } from '../places/slots';

/** A slot that has just changed. */
interface Flash {
  readonly place: Place;
  /** Of its ring, and of what it looked like before, which fades away above what it looks like now. */
  readonly opacity: number;
  /** Null: it was free capacity; absent: nothing fades. */
  readonly before?: SlotItem | null;
}

/** The bar, with its ratio, that stands for the slots of an ENI; null for a slot of anything else. */
function barAround({ draw, rack }: Scope, { rect, box }: Place): Rect | null {
  const middle = { x: rect.x + rect.w / 2, y: rect.y + rect.h / 2 };
  const block = blocksOf(rack, box).find(
    (one) => blockKind(rack, one) === 'eni' && contains(blockRect(rack, one), middle.x, middle.y),
  );
  return block === undefined ? null : barIn(draw.place(blockRect(rack, block)));
}

/** Draws one moment of the flash; at level `slots`, with the slot's previous look, and where an ENI is a bar, around that. */
export function drawFlash(scope: Scope, { place, opacity, before }: Flash): void {
  const { draw, level } = scope;
  const bar = level === 'bars' ? barAround(scope, place) : null;
  if (bar !== null) {
    const ring = { x: bar.x - 3, y: bar.y - 3, w: bar.w + 6, h: bar.h + 6 };
    draw.rect('flash', place.id, ring, { r: 4, stroke: { tone: 'sel', width: 1.5 }, opacity });
    return;
  }
  const { x, y, w, h } = draw.place(place.rect);
  if (before === null)
    draw.rect('flash-before', place.id, { x, y, w, h }, { r: cellRadius(scope, w), fill: 'surface', opacity });
  else if (before !== undefined && level === 'slots')
    draw.marks.push({
      ...cellLook(scope, before, null, w, h),
      part: 'flash-before',
      id: place.id,
      at: [x, y],
      opacity,
    });
  const around = { x: x - 2, y: y - 2, w: w + 4, h: h + 4 };
  draw.rect('flash', place.id, around, { r: 4, stroke: { tone: 'sel', width: 1.5 }, opacity });
}
