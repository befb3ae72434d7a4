/** Collects the cells of one block by look: all cells that look the same are one mark. */
import type { CellsMark } from '../picture/mark';
import type { Tone } from '../picture/tokens';
import type { Rect } from '../picture/rect';
import type { SlotItem } from '../places/slots';
import { SLOT } from '../rack/geometry';
import { freeOpacity, slotOpacity, type Scope } from './scope';
import { keptFor } from '../../model/remembered';

/** Corner radius of a slot `w` pixels wide. */
export const cellRadius = (scope: Scope, w: number): number => Math.min(2 * scope.draw.scale, w / 5, 4);

/** The colour of a slot. `eni`: the slot's ENI; null for none. */
export const slotTone = ({ facts }: Scope, item: SlotItem, eni: string | null): Tone =>
  item.style === 'primary' && item.interface === null
    ? 'primary'
    : (facts.paint?.slot(facts, item, eni) ?? facts.tone(item.network));

/** The look of a slot at this size in pixels, independent of its position. */
export const cellLook = (
  scope: Scope,
  item: SlotItem,
  eni: string | null,
  w: number,
  h: number,
): Omit<CellsMark, 'at' | 'id' | 'part'> => ({
  kind: 'cells',
  style: item.style,
  tone: slotTone(scope, item, eni),
  w,
  h,
  r: cellRadius(scope, w),
});

/** Minimum height of a slot with an icon, in pixels. */
const MIN_ICON = 9;

/** A slot's size in pixels. */
export const slotSize = (scale: number): readonly [number, number] => [SLOT.w * scale, SLOT.h * scale];

/**
 * Draws slots of one size (`w` × `h` pixels) and free capacity: fills, then rings and bars, then dots. `id`: the record
 * they belong to.
 */
export function drawCells(
  scope: Scope,
  id: string | null,
  [w, h]: readonly [number, number],
  slots: readonly (SlotItem & { readonly rect: Rect })[],
  free: readonly Rect[] = [],
): void {
  const { draw } = scope;
  const groups = new Map<string, { readonly mark: CellsMark; readonly at: number[] }>();
  for (const slot of slots) {
    const opacity = slotOpacity(scope, id, slot);
    const key = `${slot.style} ${slotTone(scope, slot, id)} ${opacity}`;
    const group = keptFor(groups, key, () => {
      const at: number[] = [];
      return { mark: { ...cellLook(scope, slot, id, w, h), part: `slot ${slot.style}`, id, at, opacity }, at };
    });
    group.at.push(draw.px(slot.rect.x), draw.py(slot.rect.y));
  }
  for (const key of [...groups.keys()].sort()) {
    const group = groups.get(key);
    if (group !== undefined) draw.marks.push(group.mark);
  }
  const { facts } = scope;
  if (facts.paint !== null && h >= MIN_ICON)
    for (const slot of slots) {
      const icon = facts.paint.icon(facts, slot, id);
      if (icon === null) continue;
      const at = draw.place(slot.rect);
      const size = Math.min(14, h - 1);
      const tone = slotTone(scope, slot, id);
      draw.icon('slot-icon', id, icon, at.x + (w - size) / 2, at.y + (h - size) / 2, size, 'surface', tone);
    }
  if (free.length === 0) return;
  const at: number[] = [];
  for (const rect of free) at.push(draw.px(rect.x + rect.w / 2), draw.py(rect.y + rect.h / 2));
  const radius = Math.min(2.4, Math.max(0.7, 1.3 * (h / 11)));
  draw.marks.push({ kind: 'dots', part: 'slot free', id, tone: 'edge', radius, at, opacity: freeOpacity(scope, id) });
}
