/** The snapshot embedded in the page's file, which replaces a server. */
import type { OpenedSet } from '../../opened/desk';
import { createBrowserClient, painted, type BrowserClient, type Origin } from '../browser';
import { openDesk } from '../opened-calls';
import { showSet } from '../show-set';
import { packedBytes } from './packed';
import { unpackWorkers } from './workers';

/** The client of a page in one file, and its snapshot. */
export interface Embedded {
  readonly client: BrowserClient;
  readonly shown: OpenedSet;
}

/** Rejects with a one-line message for the user. */
export async function openEmbedded(): Promise<Embedded> {
  await unpackWorkers();
  const desk = openDesk();
  const shown = await desk.call('embedded', { packed: new Blob([packedBytes('snapshot')]) });
  const open: Origin['open'] = (store, isWanted) => {
    const round = new AbortController();
    const { signal } = round;
    const show = async (): Promise<void> => {
      const bytes = await desk.call('keyframe', { set: shown.id });
      if (signal.aborted) return;
      const answer = (path: string) => desk.call('answer', { set: shown.id, path });
      await (
        await showSet(store, { bytes, answer }, { signal, painted, isWanted })
      ).rest;
    };
    show().catch((error: unknown) =>
      store.setConnection({ phase: 'failed', reason: error instanceof Error ? error.message : null }),
    );
    // There is nothing newer to load.
    return { stop: () => round.abort(), refetch: () => undefined, retryNow: () => undefined };
  };
  return { client: createBrowserClient({ fragment: () => window.location.hash, open }), shown };
}
