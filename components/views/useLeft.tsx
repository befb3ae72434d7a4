'use client';
/** What the filter leaves of a table's rows, and what is said of the rest: the same in every view. */
import { useMemo, type ReactNode } from 'react';
import { useFilterResult } from '../../lib/client/hooks';
import { NO_FILTER, type FilterResult, type Left } from '../../lib/view/filter';
import { useFilterActions } from '../hooks/useFilterActions';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';

interface LeftRows<T> {
  readonly rows: readonly T[];
  /** ` · the filter hides 3.` and the way to clear it; null where it hides none. */
  readonly note: ReactNode;
  /** In place of the rows where the filter hides them all; null where it does not. */
  readonly empty: ReactNode;
}

/** `noun`: one of the rows. `idsOf` and `idOf` must be stable. */
export function useLeft<T>(
  all: readonly T[],
  noun: string,
  idOf: (row: T) => string,
  idsOf: (result: FilterResult) => ReadonlySet<string>,
): LeftRows<T> {
  const result = useFilterResult();
  const { change } = useFilterActions();
  const rows = useMemo(() => {
    if (result === null) return all;
    const left = idsOf(result);
    return all.filter((row) => left.has(idOf(row)));
  }, [all, result, idOf, idsOf]);
  const hidden = all.length - rows.length;
  if (hidden === 0) return { rows, note: null, empty: null };
  const clear = (
    <Button look="link" className="text-12!" onClick={() => change(NO_FILTER)}>
      Clear the filter
    </Button>
  );
  return {
    rows,
    note: (
      <>
        {` · the filter hides ${hidden.toLocaleString('en')}. `}
        {clear}
      </>
    ),
    empty: rows.length > 0 ? null : <Empty title={`The filter hides every ${noun}`}>{clear}</Empty>,
  };
}

export const leftOf =
  (kind: keyof Left) =>
  (result: FilterResult): ReadonlySet<string> =>
    result[kind];
