/** Which columns of a table are shown, and in which order: `VIEW:id,id` in the URL, so that a link shows the same. */

/** The properties of a column that matter for the choice. */
interface Offered {
  readonly id: string;
  /** Shown only if chosen. */
  readonly optional?: boolean;
}

/** The chosen column ids of the view; null when the text is for another view. */
export function chosenColumns(text: string, view: string): readonly string[] | null {
  const prefix = `${view}:`;
  if (!text.startsWith(prefix)) return null;
  const ids = text.slice(prefix.length).split(',');
  return [...new Set(ids.filter((id) => id !== ''))];
}

/** The columns to show. A choice without a known column is ignored. */
export function shownColumns<C extends Offered>(columns: readonly C[], chosen: readonly string[] | null): readonly C[] {
  const shown = (chosen ?? []).flatMap((id) => columns.find((column) => column.id === id) ?? []);
  return shown.length > 0 ? shown : columns.filter(({ optional }) => optional !== true);
}

/** For a narrow window: the columns that users look for follow the one that names the row. */
export function earlyFirst<C extends { readonly early?: boolean }>(columns: readonly C[]): readonly C[] {
  const rest = columns.slice(1);
  const isEarly = ({ early }: C): boolean => early === true;
  return [...columns.slice(0, 1), ...rest.filter(isEarly), ...rest.filter((column) => !isEarly(column))];
}

/** The text that chooses these columns; empty if they are the default. */
export function columnsText(columns: readonly Offered[], view: string, ids: readonly string[]): string {
  const own = shownColumns(columns, null).map(({ id }) => id);
  return own.join() === ids.join() ? '' : `${view}:${ids.join()}`;
}

/** Moves a column one place left (−1) or right (1); unchanged at the end. */
export function movedColumn(ids: readonly string[], id: string, step: 1 | -1): readonly string[] {
  const from = ids.indexOf(id);
  const to = from + step;
  if (from < 0 || to < 0 || to >= ids.length) return ids;
  const rest = ids.filter((one) => one !== id);
  return [...rest.slice(0, to), id, ...rest.slice(to)];
}
