/** The list of views and the legends, which the first picture does not need. */
import { isUnknown } from '../../lib/view/missing';
import { useClientState, useDerived, useFilterResult, useGo, usePageState } from '../../lib/client/hooks';
import type { ClientState } from '../../lib/client/client-state';
import type { Table } from '../../lib/model/records';
import { countSeverities, worstOf, type SeverityCounts } from '../../lib/view/troubles';
import { VIEWS, type ViewFacts } from '../../lib/view/views';
import type { FilterResult } from '../../lib/view/filter';
import { SeverityIcon } from '../ui/SeverityIcon';
import { cx } from '../ui/classes';
import { Legends } from './Legends';

const FINDINGS: readonly Table[] = ['findings'];
const readCounts = ({ replica }: ClientState): SeverityCounts => countSeverities(replica.records.findings.values());

const LEFT: Readonly<Partial<Record<Table, (result: FilterResult) => ReadonlySet<string>>>> = {
  nodes: ({ nodes }) => nodes,
  enis: ({ enis }) => enis,
  networks: ({ networks }) => networks,
  subnets: ({ subnets }) => subnets,
  interfaces: ({ shown }) => shown,
  findings: ({ findings }) => findings,
};

/** Number of records that pass the filter; null without a filter. */
function useLeftCount(table: Table | null): number | null {
  const result = useFilterResult();
  return result === null || table === null ? null : (LEFT[table]?.(result).size ?? null);
}

/** The views, each with its worst findings, and the legends of the current view. */
export default function NavigationBody({ onNavigate }: { readonly onNavigate: () => void }) {
  const view = usePageState((page) => page.view);
  return (
    <>
      <nav aria-label="Views">
        <ul>
          {VIEWS.map((facts) => (
            <Entry key={facts.id} {...facts} current={facts.id === view} onNavigate={onNavigate} />
          ))}
        </ul>
      </nav>
      <section data-legend aria-label="Legend and filter" className="mt-5 px-2 print:mt-0">
        <Legends />
      </section>
    </>
  );
}

interface EntryProps extends ViewFacts {
  readonly current: boolean;
  readonly onNavigate: () => void;
}

function Entry({ id: view, title, table, source, current, onNavigate }: EntryProps) {
  const count = useClientState(({ replica }) => (table === null ? 0 : replica.records[table].size));
  const known = useClientState(
    ({ replica, revision }) => revision > 0 && (count > 0 || !isUnknown(replica.records.sources.get(source))),
  );
  const left = useLeftCount(table);
  const result = useFilterResult();
  const all = useDerived(FINDINGS, readCounts);
  const findings = useClientState((state) => state.replica.records.findings);
  // With a filter, only the findings that pass it are counted.
  const counts = result === null ? all : countSeverities([...result.findings].flatMap((id) => findings.get(id) ?? []));
  const worst = view === 'findings' ? worstOf(counts) : null;
  const shown = left ?? count;
  const go = useGo();
  return (
    <li>
      <a
        href={`?view=${view}`}
        aria-current={current ? 'page' : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          go({ view, focus: null, sort: '' });
          onNavigate();
        }}
        className={cx(
          'flex h-7.5 items-center gap-2 rounded-md px-2 text-13 pointer-coarse:h-9',
          current ? 'bg-sunk font-semibold text-ink' : 'text-text2 hover:bg-sunk',
        )}
      >
        <span className="flex-1">{title}</span>
        {worst !== null && (
          <span
            className={cx('flex items-center gap-1 tabular-nums', worst === 'error' && 'font-semibold text-err')}
            title={`${counts[worst].toLocaleString('en')} of ${shown.toLocaleString('en')} findings`}
          >
            <SeverityIcon severity={worst} />
            {counts[worst] < shown && (
              <>
                {counts[worst].toLocaleString('en')}
                <span aria-hidden className="font-normal text-text3">
                  /
                </span>
                <span className="sr-only"> of</span>
              </>
            )}
          </span>
        )}
        <span className={cx('tabular-nums', worst !== null && '-ml-1 font-normal text-text3')}>
          {table === null ? null : known ? (
            <>
              {shown.toLocaleString('en')}
              {left !== null && left < count && view !== 'findings' && (
                <span className="font-normal text-text3">
                  <span aria-hidden> / </span>
                  <span className="sr-only"> of </span>
                  {count.toLocaleString('en')}
                </span>
              )}
            </>
          ) : (
            <>
              <span aria-hidden>–</span>
              <span className="sr-only">not known</span>
            </>
          )}
        </span>
      </a>
    </li>
  );
}
