/**
 * The client of this browser tab: store, address and stream, wired to `window`. The only file of the client that uses
 * browser globals; everything it wires is tested without them.
 */
import type { FilterResult } from '../view/filter';
import type { NetworkRanks } from '../view/network-colours';
import { commonName, type CommonName } from '../view/node-names';
import { createFiltered, createRanks, memoByTables } from './derived';
import { createPageLocation, type PageLocation } from './location';
import { createRevealer, type Revealer } from './reveal';
import { readEntry } from '../view/selection';
import type { ClientState } from './client-state';
import { createClientStore, type ClientStore } from './client-store';
import { follow, type Stream, type WholeSet } from '../follow/follower';
import type { Get } from '../follow/requests';
import { decodeWhole, getColumns } from './decode-set';
import { harmlessJson } from './harmless-json';

/** Marks when the record set has been read: time after that is the page's own. The browser's profiler shows it, too. */
async function load(get: Get, signal: AbortSignal): Promise<WholeSet> {
  const set = await decodeWhole(await getColumns(get, signal));
  performance.mark('ifscope:data');
  return set;
}

const setTimer = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

export interface BrowserClient {
  readonly store: ClientStore;
  readonly location: PageLocation;
  readonly revealer: Revealer;
  readonly ranks: (state: ClientState) => NetworkRanks;
  /** What all node names share; it is left out of each. */
  readonly common: (state: ClientState) => CommonName | null;
  readonly filtered: (state: ClientState) => FilterResult | null;
  /** Connects until the returned function is called. */
  readonly start: () => () => void;
  readonly resume: () => void;
  readonly retryNow: () => void;
}

function createBrowserClient(): BrowserClient {
  const store = createClientStore();
  const location = createPageLocation({
    search: () => window.location.search,
    push: (query) => window.history.pushState(null, '', window.location.pathname + query),
    replace: (query) => window.history.replaceState(null, '', window.location.pathname + query),
    onPop: (listener) => {
      window.addEventListener('popstate', listener);
      return () => window.removeEventListener('popstate', listener);
    },
    setTimer,
  });
  // A link with a selection but without a camera brings the selection into view.
  const { selection, camera } = location.getState();
  const first = camera === null ? readEntry(selection.at(-1) ?? '') : null;
  const revealer = createRevealer(first === null ? null : { to: 'record', id: first.id });
  let stream: Stream | null = null;
  return {
    store,
    location,
    revealer,
    ranks: createRanks(() => location.getState().ranks),
    common: memoByTables(['nodes'], ({ replica }) => commonName(replica.records.nodes.values())),
    filtered: createFiltered(() => location.getState().filter),
    start() {
      location.settle();
      const opened = follow(store, '', {
        fetch: window.fetch.bind(window),
        now: () => Date.now(),
        random: () => Math.random(),
        setTimer,
        load,
        parse: (text) => JSON.parse(harmlessJson(text)) as unknown,
      });
      stream = opened;
      // For tests and measurements: the version that the page holds.
      const publishVersion = (): void => {
        const { version, revision } = store.getState();
        Object.assign(document.documentElement.dataset, { version, revision });
      };
      const unsubscribe = store.subscribe(publishVersion);
      const online = (): void => opened.retryNow();
      window.addEventListener('online', online);
      return () => {
        window.removeEventListener('online', online);
        unsubscribe();
        opened.stop();
        stream = null;
      };
    },
    resume() {
      if (store.resume() === 'refetch') stream?.refetch();
    },
    retryNow: () => stream?.retryNow(),
  };
}

let client: BrowserClient | null = null;

/** One per tab, created on first use. */
export const browserClient = (): BrowserClient => (client ??= createBrowserClient());
