/** Labels of pods as columns: all in one, or one label each. They are read only if such a column is chosen. */
import { useLabelTexts } from '../../lib/client/hooks-labels';
import { byNaturalName } from '../../lib/model/order';
import { labelText } from '../../lib/view/query/facts/names';
import { partFor } from '../../lib/view/query/narrow';
import type { ColumnIds } from '../table/ColumnMenu';
import { column, type Column } from '../table/column';

/** Id of the column of all labels. */
const ALL = 'labels';
/** Prefix of the id of a column for one label. */
const ONE = 'label:';

/** Null: not known; undefined: not read yet. */
type Labels = Readonly<Record<string, string>> | null | undefined;

const textOf = (labels: Labels, say: (known: Readonly<Record<string, string>>) => string): string =>
  labels === undefined ? '' : labels === null ? 'not known' : say(labels);

/** Whether one of these columns shows labels. */
export const needLabels = (ids: readonly string[] | null): boolean =>
  ids?.some((id) => id === ALL || id.startsWith(ONE)) === true;

/** The column of all labels, and one for each chosen label. */
export function labelColumns<T>(chosen: readonly string[] | null, labelsOf: (row: T) => Labels): readonly Column<T>[] {
  const names = (chosen ?? []).filter((id) => id.startsWith(ONE)).map((id) => id.slice(ONE.length));
  return [
    column(
      ALL,
      'Labels',
      'minmax(180px, 2fr)',
      (row) => textOf(labelsOf(row), (labels) => labelText(labels)?.replaceAll('\n', ' ') ?? ''),
      { optional: true },
    ),
    ...names.map((name): Column<T> =>
      column(ONE + name, name, 'minmax(112px, 1fr)', (row) => textOf(labelsOf(row), (labels) => labels[name] ?? ''), {
        optional: true,
        sort: (row) => labelsOf(row)?.[name] ?? null,
        part: (row) => {
          const value = labelsOf(row)?.[name];
          return value === undefined ? null : partFor('label', `${name}=${value}`);
        },
      }),
    ),
  ];
}

/** Adds the column of one label. */
export function LabelChoice({ ids, choose }: ColumnIds) {
  const texts = useLabelTexts();
  const names = new Set([...texts].map((text) => text.slice(0, text.indexOf('='))));
  const left = [...names].filter((name) => !ids.includes(ONE + name)).sort(byNaturalName);
  if (left.length === 0) return null;
  return (
    <select
      aria-label="Add a label of the pods as a column"
      value=""
      onChange={({ target }) => choose([...ids, ONE + target.value])}
      className="mt-2 h-8 w-full rounded-md border border-line bg-surface px-2 text-13 hover:border-edge"
    >
      <option value="">Add a label of the pods…</option>
      {left.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
