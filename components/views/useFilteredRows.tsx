'use client';
/** The rows of a table that pass the filter, and the texts about the hidden ones, the same in every view. */
import { useMemo, type ReactNode } from 'react';
import { useFilterResult } from '../../lib/client/hooks';
import type { FilterResult, FilteredIds } from '../../lib/view/filter';
import { FilteredAway, FilterNote } from './FilterNote';

interface FilteredRows<T> {
  readonly rows: readonly T[];
  /** ` · the filter hides 3.` and a button that clears it; null when it hides none. */
  readonly note: ReactNode;
  /** Replaces the rows if the filter hides all of them; otherwise null. */
  readonly empty: ReactNode;
}

/** Filters rows. `noun`: of the rows, for example `subnets`. `idsOf` and `idOf` must be stable. */
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

/** The ids of a kind's records that pass the filter. */
export const filteredIds =
  (kind: keyof FilteredIds) =>
  (result: FilterResult): ReadonlySet<string> =>
    result[kind];
