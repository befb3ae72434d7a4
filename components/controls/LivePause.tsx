'use client';
import { useClient, useClientState } from '../../lib/client/hooks';
import { PENDING_LIMIT } from '../../lib/client/paused-changes';
import { Button } from '../ui/Button';

const changes = (count: number): string =>
  `${count > PENDING_LIMIT ? 'more than 10,000' : count.toLocaleString('en')} ${count === 1 ? 'change' : 'changes'} waiting`;

/** Pauses the picture and goes live again; while paused it says how many changes wait. */
export function LivePause() {
  const client = useClient();
  const paused = useClientState((state) => state.paused);
  const waiting = useClientState((state) => state.waiting);
  const phase = useClientState((state) => state.phase);
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
      title={phase === 'live' ? 'Live. Pause the picture (p)' : 'Pause the picture (p)'}
      disabled={phase === 'loading' || phase === 'failed'}
      onClick={() => client.store.pause()}
      className="flex items-center gap-1.5"
    >
      <span
        aria-hidden
        className={phase === 'live' ? 'size-1.5 rounded-full bg-ink' : 'size-1.5 rounded-full border border-ink'}
      />
      <span className="max-lg:hidden">{phase === 'live' ? 'Live · ' : ''}</span>Pause
    </Button>
  );
}
