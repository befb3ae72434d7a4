'use client';
/** What the filter leaves of a table's rows, and what is said of the rest: the same in every view. */
import { useMemo, type ReactNode } from 'react';
import { useFilterResult } from '../../lib/client/hooks';
import type { FilterResult, FilteredIds } from '../../lib/view/filter';
import { FilteredAway, FilterNote } from './FilterNote';

interface FilteredRows<T> {
  readonly rows: readonly T[];
  /** ` · the filter hides 3.` and the way to clear it; null where it hides none. */
  readonly note: ReactNode;
  /** In place of the rows where the filter hides them all; null where it does not. */
  readonly empty: ReactNode;
}

/** `noun`: the rows, as `subnets`. `idsOf` and `idOf` must be stable. */
export function useFilteredRows<T>(
  all: readonly T[],
  noun: string,
  idOf: (row: T) => string,
  idsOf: (result: FilterResult) => ReadonlySet<string>,
): FilteredRows<T> {
  const result = useFilterResult();
  const rows = useMemo(() => {
    if (result === null) return all;
    const left = idsOf(result);
    return all.filter((row) => left.has(idOf(row)));
  }, [all, result, idOf, idsOf]);
  const hidden = all.length - rows.length;
  if (hidden === 0) return { rows, note: null, empty: null };
  return {
    rows,
    note: <FilterNote hidden={hidden} />,
    empty: rows.length > 0 ? null : <FilteredAway noun={noun} />,
  };
}

/** The records of a kind that the filter leaves. */
export const filteredIds =
  (kind: keyof FilteredIds) =>
  (result: FilterResult): ReadonlySet<string> =>
    result[kind];
