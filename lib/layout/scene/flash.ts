/** Animates a slot's change: the previous look fades out above the current one, and a ring flashes once. */
import type { Place } from '../places/places';
import { cellLook, cellRadius } from './cells';
import type { Scope } from './scope';
import type { SlotItem } from '../places/slots';

/** A slot that has just changed. */
export interface Flash {
  readonly place: Place;
  /** Opacity of the ring and of the previous look. */
  readonly opacity: number;
  /** Null: it was free capacity; absent: nothing fades. */
  readonly before?: SlotItem | null;
}

/** Draws one frame of the flash; at level `slots`, with the slot's previous look. */
export function drawFlash(scope: Scope, { place, opacity, before }: Flash): void {
  const { draw, level } = scope;
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
