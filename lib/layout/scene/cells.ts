/** Cells of one box, collected by look: one mark for all that look the same. */
import type { CellsMark } from '../picture/mark';
import type { Tone } from '../picture/tokens';
import { freeOpacity, slotOpacity, type Scope } from './scope';
import type { SlotItem } from '../places/slots';
import type { Rect } from '../picture/rect';

export interface Cells {
  add(item: SlotItem, at: Rect): void;
  free(at: Rect): void;
  /** Writes the marks: solid fills first, so that rings and bars lie above. */
  flush(id: string | null): void;
}

export function createCells(scope: Scope, w: number, h: number): Cells {
  const { pen, facts } = scope;
  const groups = new Map<string, { mark: Omit<CellsMark, 'at' | 'id'>; at: number[] }>();
  const dots: number[] = [];
  const r = Math.min(2 * pen.scale, w / 5, 4);
  return {
    add(item, at) {
      const opacity = slotOpacity(scope, item);
      const tone: Tone = item.style === 'primary' && item.interface === null ? 'primary' : facts.tone(item.network);
      const key = `${item.style} ${tone} ${opacity}`;
      let group = groups.get(key);
      if (group === undefined) {
        group = {
          mark: { kind: 'cells', part: `slot ${item.style}`, style: item.style, tone, w, h, r, opacity },
          at: [],
        };
        groups.set(key, group);
      }
      group.at.push(pen.px(at.x), pen.py(at.y));
    },
    free: (at) => void dots.push(pen.px(at.x + at.w / 2), pen.py(at.y + at.h / 2)),
    flush(id) {
      for (const key of [...groups.keys()].sort()) {
        const group = groups.get(key);
        if (group !== undefined) pen.marks.push({ ...group.mark, id, at: group.at });
      }
      if (dots.length > 0) {
        const radius = Math.min(2.4, Math.max(0.7, 1.3 * (h / 11)));
        const opacity = freeOpacity(scope);
        pen.marks.push({ kind: 'dots', part: 'slot free', id, tone: 'edge', radius, at: dots, opacity });
      }
    },
  };
}
