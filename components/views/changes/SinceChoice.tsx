/** The start of the shown changes: the last minutes, a mark, or the start of the log; and the time of that start. */
import { useClient, useClientState, useGo, usePageState } from '../../../lib/client/hooks';
import type { ChangeLog } from '../../../lib/view/changes/log';
import { markAt, markOf, SPANS } from '../../../lib/view/changes/since';
import { Button } from '../../ui/Button';
import { cx } from '../../ui/classes';

const clock = (at: number): string => new Date(at).toISOString().slice(11, 19);

/** Chooses the start of the shown changes. */
export function SinceChoice({ log }: { readonly log: ChangeLog | null }) {
  const { store } = useClient();
  const since = usePageState((page) => page.since);
  const paused = useClientState((state) => state.paused);
  const waiting = useClientState((state) => state.waiting);
  const go = useGo();
  const mark = markOf(since);
  const reach = log?.since ?? null;
  return (
    <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 text-12">
      <div role="group" aria-label="Since" className="flex overflow-hidden rounded-md border border-line">
        {[...SPANS, { since: '', label: 'All' }].map((span) => (
          <button
            key={span.since}
            type="button"
            aria-pressed={since === span.since}
            onClick={() => go({ since: span.since })}
            className={cx(
              'h-7 border-line px-2.5 not-first:border-l -outline-offset-2',
              since === span.since ? 'bg-sunk font-semibold text-ink' : 'text-text2 hover:bg-sunk',
            )}
          >
            {span.label}
          </button>
        ))}
      </div>
      <Button
        className="h-7! text-12!"
        pressed={mark !== null}
        title="Show what changes from now on"
        onClick={() => go({ since: mark === null ? markAt(Date.now() + store.getState().clockSkew) : '' })}
      >
        {mark === null ? 'Set a mark' : `Since the mark at ${clock(mark)}; remove it`}
      </Button>
      <p className="ml-auto text-text3 tabular-nums">
        {paused
          ? `Paused; ${waiting.toLocaleString('en')} ${waiting === 1 ? 'change waits' : 'changes wait'}`
          : reach !== null && `Kept since ${clock(reach)} UTC`}
        {(log?.omitted ?? 0) > 0 && `, without ${log?.omitted.toLocaleString('en')} of a burst`}
      </p>
    </div>
  );
}
