/** Keyboard navigation in a link diagram: up and down in a column, left and right along the wires. */
import { centre, type Rect } from '../picture/rect';
import type { Direction } from '../places/neighbour';
import type { FocusLayout } from './focus-layout';

/** A record of the diagram with its rectangle, in pixels. */
export interface FocusPlace {
  readonly id: string;
  readonly rect: Rect;
}

type Column = readonly FocusPlace[];

/** Pods, interfaces, ENIs, cards, each from top to bottom. */
function columnsOf({ pods, enis, cards }: FocusLayout): readonly Column[] {
  return [
    pods.map(({ pod, rect }) => ({ id: pod.id, rect })),
    pods.flatMap(({ rows }) => rows.map(({ record, rect }) => ({ id: record.id, rect }))),
    enis.flatMap(({ eni, rect }) => (eni === null ? [] : [{ id: eni.id, rect }])),
    cards.map(({ id, rect }) => ({ id, rect })),
  ];
}

/** The places that are wired to a place, in both directions. */
function wiredTo({ pods, enis, cards, eniOf }: FocusLayout, id: string): ReadonlySet<string> {
  const ids = new Set<string>();
  const join = (a: string, b: string | undefined): void => {
    if (b === undefined) return;
    if (a === id) ids.add(b);
    if (b === id) ids.add(a);
  };
  for (const { pod, rows } of pods)
    for (const { record } of rows) {
      join(pod.id, record.id);
      join(record.id, eniOf.get(record.id)?.eni?.id);
    }
  for (const { eni, card } of enis) if (eni !== null) join(eni.id, cards.find(({ index }) => index === card)?.id);
  return ids;
}

const nearest = (places: Column, y: number): FocusPlace | undefined =>
  places.toSorted((a, b) => Math.abs(centre(a.rect)[1] - y) - Math.abs(centre(b.rect)[1] - y))[0];

/** The place of a record; null when the diagram has none. */
export function focusPlaceOf(layout: FocusLayout, id: string | null): FocusPlace | null {
  for (const column of columnsOf(layout)) for (const place of column) if (place.id === id) return place;
  return null;
}

/**
 * The next place in a direction. Left and right follow the wires, or go to the same height if there is none. From null,
 * the first interface. Null at the edge.
 */
export function focusNeighbour(layout: FocusLayout, from: string | null, direction: Direction): FocusPlace | null {
  const columns = columnsOf(layout);
  const at = columns.findIndex((places) => places.some(({ id }) => id === from));
  const column = columns[at];
  if (column === undefined) return columns[1]?.[0] ?? columns.find((places) => places.length > 0)?.[0] ?? null;
  const index = column.findIndex(({ id }) => id === from);
  const place = column[index];
  if (place === undefined) return null;
  if (direction === 'up' || direction === 'down') return column[index + (direction === 'down' ? 1 : -1)] ?? null;
  const side = direction === 'right' ? columns.slice(at + 1) : columns.slice(0, at).toReversed();
  const next = side.find((places) => places.length > 0);
  if (next === undefined) return null;
  const wired = wiredTo(layout, place.id);
  const [, y] = centre(place.rect);
  return (
    nearest(
      next.filter(({ id }) => wired.has(id)),
      y,
    ) ??
    nearest(next, y) ??
    null
  );
}
