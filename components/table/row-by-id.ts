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
 * Keeps the first visible row in place while rows appear and disappear above it. At the top, or in a new `order`, the
 * scroll position stays.
 */
export function useScrollAnchor<T>(
  rows: readonly T[],
  idOf: (row: T) => string,
  { virtual, order }: AnchorOptions,
): void {
  const anchor = useRef<(Place & { readonly start: number }) | null>(null);
  const last = useRef({ rows, order });
  const offset = virtual.scrollOffset ?? 0;
  useLayoutEffect(() => {
    const isSameOrder = last.current.order === order;
    const isSameRows = last.current.rows === rows;
    last.current = { rows, order };
    if (!isSameRows && isSameOrder && anchor.current !== null) {
      const index = placeOf(rows, idOf, anchor.current);
      const start = virtual.measurementsCache[index]?.start ?? anchor.current.start;
      if (start !== anchor.current.start) virtual.scrollToOffset(offset + start - anchor.current.start);
      anchor.current = { id: anchor.current.id, index, start };
      return;
    }
    const first = virtual.getVirtualItemForOffset(offset);
    const row = first === undefined ? undefined : rows[first.index];
    anchor.current =
      offset <= 0 || first === undefined || row === undefined
        ? null
        : { id: idOf(row), index: first.index, start: first.start };
  }, [rows, idOf, virtual, order, offset]);
}
