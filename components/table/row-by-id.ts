/**
 * Tracks by id the row with the tab stop and the row that keeps its position on screen, because rows appear and
 * disappear above them.
 */
import type { Virtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';

interface Place {
  readonly id: string;
  readonly index: number;
}

/** The current index of the row; if it is gone, its previous index, limited to the number of rows. */
function placeOf<T>(rows: readonly T[], idOf: (row: T) => string, place: Place): number {
  const same = rows[place.index];
  if (same !== undefined && idOf(same) === place.id) return place.index;
  const moved = rows.findIndex((row) => idOf(row) === place.id);
  return moved >= 0 ? moved : Math.max(0, Math.min(place.index, rows.length - 1));
}

/** The index of the row with the tab stop, and a setter by index. */
export function useActiveRow<T>(rows: readonly T[], idOf: (row: T) => string): [number, (index: number) => void] {
  const [active, setActive] = useState<Place | null>(null);
  const current = active === null ? 0 : placeOf(rows, idOf, active);
  const row = rows[current];
  // If the row with the tab stop is gone, the row in its place gets the tab stop.
  if (active !== null && row !== undefined && idOf(row) !== active.id) setActive({ id: idOf(row), index: current });
  return [
    current,
    (index) => {
      const next = rows[index];
      if (next !== undefined) setActive({ id: idOf(next), index });
    },
  ];
}

interface AnchorOptions {
  readonly virtual: Virtualizer<HTMLDivElement, Element>;
  readonly order: string;
}

/**
 * Keeps the first visible row in place while rows appear, disappear or are measured above it. At the top, or in a new
 * `order`, the scroll position stays.
 */
export function useScrollAnchor<T>(
  rows: readonly T[],
  idOf: (row: T) => string,
  { virtual, order }: AnchorOptions,
): void {
  const anchor = useRef<(Place & { readonly start: number; readonly order: string }) | null>(null);
  // The virtualizer would correct its own last position, which is not yet the one that is set here.
  virtual.shouldAdjustScrollPositionOnItemSizeChange = () => false;
  useLayoutEffect(() => {
    const box = virtual.scrollElement;
    if (box === null) return;
    const before = anchor.current;
    if (before !== null && before.order === order) {
      const start = virtual.measurementsCache[placeOf(rows, idOf, before)]?.start ?? before.start;
      if (start !== before.start) box.scrollTop += start - before.start;
    }
    const first = box.scrollTop <= 0 ? undefined : virtual.getVirtualItemForOffset(box.scrollTop);
    const row = first === undefined ? undefined : rows[first.index];
    anchor.current =
      first === undefined || row === undefined
        ? null
        : { id: idOf(row), index: first.index, start: first.start, order };
  });
}
