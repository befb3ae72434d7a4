import { useClient, useClientState, useDerived } from '../../lib/client/hooks';
import type { ClientState } from '../../lib/client/client-state';
import { sourceNow } from '../../lib/model/lag';
import type { SourceState, Table } from '../../lib/model/records';
import { NODES, PODS } from '../../lib/model/source-ids';
import { PENDING_LIMIT } from '../../lib/client/paused-changes';
import { Button } from '../ui/Button';

const changes = (count: number): string =>
  `${count > PENDING_LIMIT ? 'more than 10,000' : count.toLocaleString('en')} ${count === 1 ? 'change' : 'changes'} waiting`;

const SOURCES: readonly Table[] = ['sources'];
/** The sources that every picture needs. */
const readMain = ({ replica }: ClientState) => [NODES, PODS].flatMap((id) => replica.records.sources.get(id) ?? []);
/** States in which the shown data are current, possibly a few seconds late. */
const LIVE: ReadonlySet<SourceState> = new Set<SourceState>(['live', 'behind']);

/** Pauses the picture and resumes it; while paused, it shows the number of waiting changes. */
export function LivePause() {
  const client = useClient();
  const paused = useClientState((state) => state.paused);
  const waiting = useClientState((state) => state.waiting);
  const phase = useClientState((state) => state.phase);
  const ages = useClientState((state) => state.ages);
  const lags = useClientState((state) => state.lags);
  const sources = useDerived(SOURCES, readMain);
  const fresh = sources.every((source) => LIVE.has(sourceNow(source, ages, lags).state));
  const live = phase === 'live' && sources.length > 0 && fresh;
  if (paused)
    return (
      <Button
        className="border-ink! bg-ink! font-semibold text-surface!"
        aria-keyshortcuts="p"
        onClick={() => client.resume()}
      >
        <span aria-hidden>▶ </span>
        {waiting === 0 ? 'Go live' : changes(waiting)}
      </Button>
    );
  return (
    <Button
      aria-keyshortcuts="p"
      title={live ? 'Live. Pause the picture (p)' : 'Not live: see the sources. Pause the picture (p)'}
      disabled={phase === 'loading' || phase === 'failed'}
      onClick={() => client.store.pause()}
      className="flex items-center max-md:px-2!"
    >
      <span
        aria-hidden
        className={live ? 'mr-1.5 size-1.5 rounded-full bg-ink' : 'mr-1.5 size-1.5 rounded-full border border-ink'}
      />
      <span className="whitespace-pre max-lg:hidden">{live ? 'Live · ' : phase === 'live' ? 'Not live · ' : ''}</span>
      Pause
    </Button>
  );
}
