'use client';
import { lazy, Suspense } from 'react';
import { useFilterProblem, useFilterResult, usePageState } from '../../lib/client/hooks';
import { isEmptyFilter } from '../../lib/view/filter';
import { Popover } from '../ui/Popover';

const FilterBody = lazy(() => import('./FilterBody').then((m) => ({ default: m.FilterBody })));

/** Opens the filter, and says how many interfaces it hides. */
export function FilterMenu() {
  const filter = usePageState((page) => page.filter);
  const result = useFilterResult();
  const problem = useFilterProblem();
  const empty = isEmptyFilter(filter);
  const parts = result?.parts ?? [];
  const hides = result?.hides ?? 0;
  const said = empty
    ? 'none'
    : parts.length === 1
      ? (parts[0]?.label ?? 'on')
      : parts.length === 0
        ? 'on'
        : `${parts.length} parts`;
  return (
    <Popover
      label="Filter"
      align="end"
      buttonClass={
        empty ? 'border-line bg-surface hover:border-edge' : 'border-ink bg-surface font-semibold max-w-60 truncate'
      }
      panelClass="w-90"
      button={
        <>
          Filter <b className="font-semibold max-lg:hidden">{said}</b>
          {problem === null ? (
            <span className={empty ? 'max-xl:hidden' : ''}>
              <span className="max-lg:hidden"> · </span>hides {hides.toLocaleString('en')}
              {result !== null && result.counted !== 'interfaces' && ` ${result.counted}`}
            </span>
          ) : (
            <span className="text-err"> · cannot be read</span>
          )}{' '}
          <span aria-hidden>▾</span>
        </>
      }
    >
      {() => (
        <Suspense fallback="Loading…">
          <FilterBody />
        </Suspense>
      )}
    </Popover>
  );
}
