/**
 * What appeared, went, moved or changed state, newest first, in words and highlighted in the picture beside the list.
 */
import { useMemo, useState } from 'react';
import { useChangeLog } from '../../lib/client/hooks-changes';
import { useClientState, useFilterResult, usePageState, useServerNow } from '../../lib/client/hooks';
import { drawChanges } from '../../lib/layout/scene/changes';
import type { Table } from '../../lib/model/records';
import { CHANGE_KINDS, type ChangeKind } from '../../lib/model/vocabulary';
import { changeFilter } from '../../lib/view/changes/change-filter';
import { useOpened } from '../../lib/client/hooks-opened';
import { spanOf, type ChangeLog, type Gap, type Span } from '../../lib/view/changes/log';
import type { DescribedChange } from '../../lib/view/changes/described-change';
import { marksOf } from '../../lib/view/changes/marks';
import { createChangeView, type ChangeView } from '../../lib/view/changes/rows';
import { sinceMoment } from '../../lib/view/changes/since';
import { mediaHook } from '../hooks/media-hook';
import { useThrottled } from '../hooks/useThrottled';
import { Empty } from '../ui/Empty';
import { ChangeFacets } from './changes/ChangeFacets';
import { ChangeList } from './changes/ChangeList';
import { ChangesAnnouncer } from './changes/ChangesAnnouncer';
import { SinceChoice } from './changes/SinceChoice';
import { FilteredAway, FilterNote } from './FilterNote';
import { Overview, type ViewProps } from './TopologyView';

/** Interval of updating list and marks from the log, and of moving a span of minutes on, in ms. */
const CALM_MS = 1_000;
const TICK_MS = 5_000;

const NOTHING = { spans: [], gaps: [] };

const isKind = (word: string): word is ChangeKind => CHANGE_KINDS.some((kind) => kind === word);

interface ChangeSource {
  readonly spans: readonly Span[];
  readonly gaps: readonly Gap[];
}

interface Asking {
  readonly source: ChangeSource | null;
  /** 0: no changes are known yet. */
  readonly revision: number;
  readonly timed: boolean;
}

/** The selected changes, by URL and filter. */
function useChangeView({ source, revision, timed }: Asking, unfolded: ReadonlySet<string>): ChangeView {
  const since = usePageState((page) => page.since);
  const told = usePageState((page) => page.told);
  const filter = usePageState((page) => page.filter);
  const result = useFilterResult();
  const now = useServerNow(TICK_MS);
  const isLeft = useMemo(() => (result === null ? null : changeFilter(result, filter)), [result, filter]);
  const [view] = useState(createChangeView);
  return useMemo(() => {
    const { spans, gaps } = source !== null && revision > 0 ? source : NOTHING;
    return view(spans, gaps, {
      since: timed ? sinceMoment(since, now) : null,
      kinds: new Set(told.filter(isKind)),
      tables: new Set(told.filter((word) => !isKind(word)) as Table[]),
      isLeft,
      unfolded,
    });
  }, [view, source, revision, timed, since, now, told, isLeft, unfolded]);
}

/** Between two files, their differences; otherwise the changes since the page was opened. */
export default function ChangesView(props: ViewProps) {
  const opened = useOpened();
  const isFile = useClientState((state) => state.isFile);
  const difference = opened?.phase === 'open' ? opened.difference : null;
  if (difference !== null) return <Difference {...props} changes={difference.changes} />;
  return isFile ? <OneFile inPage={opened === null} /> : <Live {...props} />;
}

/** A single file has no changes. `inPage`: it is embedded in the page. */
function OneFile({ inPage }: { readonly inPage: boolean }) {
  return (
    <Empty title="One file shows no changes">
      {inPage
        ? 'Drop two snapshots on the page to see what changed between them.'
        : 'Drop a second one on the page, or compare it with the live cluster: the line above has the button.'}
    </Empty>
  );
}

function Difference({ changes, ...props }: ViewProps & { readonly changes: readonly DescribedChange[] }) {
  const source = useMemo(() => ({ spans: [spanOf(changes)], gaps: [] }), [changes]);
  return <ChangeTable {...props} source={source} revision={1} />;
}

function Live(props: ViewProps) {
  const { log, revision } = useChangeLog();
  return <ChangeTable {...props} source={log} log={log} revision={useThrottled(revision, CALM_MS)} />;
}

interface ChangeTableProps extends ViewProps {
  readonly source: ChangeSource | null;
  /** Null or absent: the changes have no time. */
  readonly log?: ChangeLog | null;
  readonly revision: number;
}

function ChangeTable({ source, log, revision, ...props }: ChangeTableProps) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const timed = log !== undefined;
  const changes = useChangeView({ source, revision, timed }, unfolded);
  const { rows, shown, hidden } = changes;
  const above = useMemo(() => drawChanges(marksOf(shown)), [shown]);
  const fold = (id: string): void =>
    setUnfolded((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));
  return (
    <div className="flex min-h-0 flex-1">
      <section aria-label="List of changes" className="flex min-w-0 flex-1 flex-col bg-surface lg:max-w-[46%]">
        {timed && <SinceChoice log={log} />}
        <ChangeFacets {...changes} />
        {timed && <ChangesAnnouncer changes={shown} />}
        <ChangeList
          rows={rows}
          timed={timed}
          counted={<Counted count={shown.length} rows={rows.length} />}
          note={<FilterNote hidden={hidden} />}
          empty={hidden > 0 ? <FilteredAway noun="changes" /> : <NothingChanged log={log} />}
          onFold={fold}
        />
      </section>
      <Picture {...props} above={above} />
    </div>
  );
}

const useLarge = mediaHook('(min-width: 1100px)');

/** Shown beside the list if there is room for both. */
function Picture(props: Parameters<typeof Overview>[0]) {
  if (!useLarge()) return null;
  return (
    <section aria-label="Changes in the picture" className="flex min-w-0 flex-1 flex-col border-l border-line">
      <Overview {...props}>
        <p className="min-w-0 truncate text-text2">
          The picture marks what the list shows; a number counts the changes on a node.
        </p>
      </Overview>
    </section>
  );
}

function Counted({ count, rows }: { readonly count: number; readonly rows: number }) {
  return (
    <>
      <b className="font-semibold text-ink">{count.toLocaleString('en')}</b> {count === 1 ? 'change' : 'changes'}
      {rows < count && ` in ${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`}
    </>
  );
}

function NothingChanged({ log }: { readonly log: ChangeLog | null | undefined }) {
  const asked = usePageState((page) => page.since !== '' || page.told.length > 0);
  const paused = useClientState((state) => state.paused);
  if (log === undefined)
    return (
      <Empty title={asked ? 'No such changes' : 'Nothing differs'}>
        {asked ? 'Changes of other kinds are hidden.' : 'Both files have the same records.'}
      </Empty>
    );
  if (paused) return <Empty title="Nothing changed before the pause">Waiting changes appear when you go live.</Empty>;
  if (log?.since == null)
    return <Empty title="Changes are not known yet">They are recorded once all records have loaded.</Empty>;
  if (asked && log.count > 0)
    return <Empty title="No such changes">Earlier changes and those of other kinds are hidden.</Empty>;
  return (
    <Empty title="Nothing has changed yet">A change appears here within a second of the cluster reporting it.</Empty>
  );
}
