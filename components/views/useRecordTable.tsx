/** A table of records: the rows that pass the filter, and the texts about the hidden ones, the same in every view. */
import { useMemo, type ReactNode } from 'react';
import { useFilterResult, useSelect } from '../../lib/client/hooks';
import { useIsFiltering } from '../../lib/client/hooks-filtering';
import type { PassResult } from '../../lib/client/set/chunk-pass';
import type { FilteredIds } from '../../lib/view/filter';
import type { TableProps } from '../table/DataTable';
import { Empty } from '../ui/Empty';
import { FilteredAway, FilterNote } from './FilterNote';

interface RecordTable<T> extends Pick<TableProps<T>, 'noun' | 'kind' | 'idOf'> {
  /** The filter's ids of the records that are left: `shown` for interfaces. */
  readonly left: keyof FilteredIds | 'shown';
  /** Replaces the rows if there are none even without a filter. */
  readonly none: ReactNode;
  /** The progress of rows that are read chunk by chunk. */
  readonly reading?: Pick<PassResult<unknown>, 'complete' | 'share'>;
}

/** The props of the table of these rows; a row opens its record. `idOf` must be stable. */
export function useRecordTable<T>(
  all: readonly T[],
  { noun, kind, idOf, left, none, reading }: RecordTable<T>,
): Omit<TableProps<T>, 'columns'> {
  const result = useFilterResult();
  const isFiltering = useIsFiltering();
  const { open } = useSelect();
  const ids = result?.[left] ?? null;
  const rows = useMemo(() => (ids === null ? all : all.filter((row) => ids.has(idOf(row)))), [all, ids, idOf]);
  const table = { noun, kind, idOf, rows, onOpen: (row: T) => open(idOf(row)) };
  if (isFiltering)
    return {
      ...table,
      rows: [],
      counted: 'Filtering …',
      empty: <Empty title="Loading">The filter is being applied.</Empty>,
    };
  if (reading?.complete === false)
    return {
      ...table,
      note: ` so far, ${Math.floor(reading.share * 100)} % loaded`,
      empty: <Empty title="Loading">{`The ${noun} are being loaded.`}</Empty>,
    };
  if (result !== null && result.share < 1)
    return {
      ...table,
      note: ` so far, ${Math.floor(result.share * 100)} % filtered`,
      empty: <Empty title="Loading">The filter is being applied.</Empty>,
    };
  const hidden = all.length - rows.length;
  return {
    ...table,
    note: hidden === 0 ? null : <FilterNote hidden={hidden} />,
    empty: hidden === 0 ? none : <FilteredAway noun={noun} />,
  };
}
