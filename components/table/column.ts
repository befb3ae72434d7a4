import type { ReactNode } from 'react';
import type { SortKey } from '../../lib/view/table-sort';

/** A column of a table. */
export interface Column<T> {
  readonly id: string;
  readonly title: string;
  /** The title is only for screen readers and CSV: the column is as narrow as an icon. */
  readonly titleIsSpoken?: boolean;
  /** A grid track: `96px`, or `minmax(120px, 2fr)`. */
  readonly width: string;
  /** Shown only if chosen. */
  readonly optional?: boolean;
  /** On a phone, the column follows the first one. */
  readonly early?: boolean;
  /** The text of the cell, also in CSV. */
  readonly text: (row: T) => string;
  /** The sort key; absent: the text. */
  readonly sort?: (row: T) => SortKey;
  readonly cell?: (row: T) => ReactNode;
  /** The query part that selects this value; null if no filter exists for it. */
  readonly part?: (row: T) => string | null;
  readonly align?: 'end';
  readonly mono?: boolean;
  /**
   * The text wraps, and a row is as high as its text; `on phone`: there, at least two lines. `always`: every row is two
   * lines high, so that rows that come above do not move those in view while they are measured.
   */
  readonly wraps?: 'as needed' | 'on phone' | 'always';
  /** Clips the start of a long text, because names of one owner differ at their end. */
  readonly keepsEnd?: boolean;
}

/** A column of texts; `more`: what differs from that. */
export const column = <T>(
  id: string,
  title: string,
  width: string,
  text: (row: T) => string,
  more: Partial<Column<T>> = {},
): Column<T> => ({ id, title, width, text, ...more });
