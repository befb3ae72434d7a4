/** Sorts tables. Each row gets one key, so that 30,000 rows compare as plain text. */
import { byCodeUnit } from '../model/order';

/** The sort key of a row; null: no value. */
export type SortKey = string | number | null;

/** A column and a direction. */
export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** `name` or `-name`; null for the table's own order. */
export function parseSort(text: string, columns: readonly string[]): Sort | null {
  const descending = text.startsWith('-');
  const column = descending ? text.slice(1) : text;
  return columns.includes(column) ? { column, descending } : null;
}

/** The sort after a click on a heading: ascending, descending, then the table's own order. */
export function nextSort(sort: Sort | null, column: string): string {
  if (sort?.column !== column) return column;
  return sort.descending ? '' : `-${column}`;
}

const DIGITS = 20;

/** A text whose code unit order is natural order: `net9` before `net17`. */
export const naturalKey = (text: string): string => text.replace(/\d+/g, (digits) => digits.padStart(DIGITS, '0'));

/** A sorted copy. Rows without a value come last in both directions; ties keep their order. */
export function sortRows<T>(rows: readonly T[], keyOf: (row: T) => SortKey, descending: boolean): readonly T[] {
  const sign = descending ? -1 : 1;
  return rows
    .map((row) => {
      const key = keyOf(row);
      return { row, key: typeof key === 'string' ? naturalKey(key) : key };
    })
    .sort((a, b) => {
      if (a.key === null || b.key === null) return a.key === b.key ? 0 : a.key === null ? 1 : -1;
      if (typeof a.key === 'number' && typeof b.key === 'number') return sign * (a.key - b.key);
      return sign * byCodeUnit(String(a.key), String(b.key));
    })
    .map(({ row }) => row);
}
