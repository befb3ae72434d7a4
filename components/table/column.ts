import type { Column } from './DataTable';

/** A column of texts; `more`: what differs from that. */
export const column = <T>(
  id: string,
  title: string,
  width: string,
  text: (row: T) => string,
  more: Partial<Column<T>> = {},
): Column<T> => ({ id, title, width, text, ...more });
