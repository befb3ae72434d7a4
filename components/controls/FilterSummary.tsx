import { useFilterProblem, useFilterResult } from '../../lib/client/hooks';
import { useIsFiltering } from '../../lib/client/hooks-filtering';

/**
 * The text of the filter's button while a filter is set: its only part or the number of parts, and how much it hides.
 */
export default function FilterSummary() {
  const result = useFilterResult();
  const problem = useFilterProblem();
  const isFiltering = useIsFiltering();
  const parts = result?.parts ?? [];
  const said = parts.length === 1 ? (parts[0]?.label ?? 'on') : parts.length === 0 ? 'on' : `${parts.length} parts`;
  return (
    <>
      {/* The hidden count is always shown; the label shortens first. */}
      <b className="min-w-0 truncate font-semibold max-lg:hidden">{said}</b>
      {isFiltering || (result !== null && result.share < 1) ? (
        <span className="shrink-0">· being applied</span>
      ) : problem === null ? (
        <span className="shrink-0">
          <span className="max-lg:hidden">· </span>hides {(result?.hides ?? 0).toLocaleString('en')}
          {result !== null && (
            <span className={result.counted === 'interfaces' ? 'max-xl:sr-only' : 'max-md:sr-only'}>
              {` ${result.counted}`}
            </span>
          )}
        </span>
      ) : (
        <span className="shrink-0 text-err">· cannot be read</span>
      )}
    </>
  );
}
