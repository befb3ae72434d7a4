import { lazy, Suspense } from 'react';
import { usePageState } from '../../lib/client/hooks';
import { isEmptyFilter } from '../../lib/view/filter';
import { Popover } from '../ui/Popover';

const FilterBody = lazy(() => import('./FilterBody'));
const FilterSummary = lazy(() => import('./FilterSummary'));

/** Opens the filter, and shows how much it hides. */
export function FilterMenu() {
  const empty = usePageState((page) => isEmptyFilter(page.filter));
  return (
    <Popover
      label="Filter"
      align="end"
      buttonClass={
        empty
          ? 'border-line bg-surface hover:border-edge'
          : 'border-ink bg-surface font-semibold flex max-w-80 min-w-0 items-center gap-1 overflow-hidden'
      }
      panelClass="w-90"
      button={
        <>
          <span className={empty ? undefined : 'max-md:sr-only'}>Filter </span>
          {empty ? (
            <>
              <b className="font-semibold max-lg:hidden">none</b>
              <span className="max-xl:hidden"> · hides 0</span>
            </>
          ) : (
            <Suspense fallback="on">
              <FilterSummary />
            </Suspense>
          )}{' '}
          <span aria-hidden>▾</span>
        </>
      }
    >
      <FilterBody />
    </Popover>
  );
}
