/**
 * The client of this browser tab: store, URL and stream, connected to `window`. Only this file of the client uses
 * browser globals.
 */
import type { Level } from '../layout/rack/level';
import { isEmptyFilter, type Filter } from '../view/filter';
import type { NetworkRanks } from '../view/network-colours';
import { commonName, type CommonName } from '../view/node-names';
import { basePath } from './base-path';
import { createRanks, memoByTables } from './derived';
import { createPageLocation, type PageLocation } from './location';
import { createCell, type Cell } from './cell';
import { muteLater } from './mute-later';
import { loadedOnce } from './loaded-once';
import type { Reveal } from './reveal';
import { readEntry } from '../view/selection';
import type { ClientState } from './client-state';
import type { Filtered } from './filtered';
import { ClientStore } from './client-store';
import { follow, type FollowWorld, type Stream } from '../follow/follower';
import { getKeyframe, readArrivingSet, type ArrivingSet } from './set/arriving-set';
import { parseHarmless } from './wire/harmless-json';
import type { ChangeRecorder } from './change-recorder';
import type { Opened, OpenedFiles, OpenedWorld } from './opened';

/** Maximum wait for a paint, in milliseconds; a hidden page does not paint. */
const MAX_PAINT_MS = 500;

/** Resolves when the browser has painted what was drawn before. */
export const painted = (): Promise<void> =>
  new Promise((resolve) => {
    // The picture is drawn in the first frame and visible in the second.
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
    setTimeout(resolve, MAX_PAINT_MS);
  });

/** The browser keeps every mark for the life of the page: only the newest is of use. */
function markNow(name: string): void {
  performance.clearMarks(name);
  performance.mark(name);
}

/**
 * Sets performance marks when the head of the record set has been read (time after that is the page's own) and when
 * everything has arrived.
 */
const readMarked =
  (isWanted: (nodes: readonly string[]) => boolean): FollowWorld<ArrivingSet>['load'] =>
  async (get, arriving) => {
    const body = await getKeyframe(get, arriving.signal);
    const set = await readArrivingSet(body, { ...arriving, isWanted, painted });
    markNow('ifscope:data');
    void set.rest.then(
      () => markNow('ifscope:complete'),
      () => undefined,
    );
    return set;
  };

const setTimer = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

const CLOCK = {
  now: () => performance.now(),
  clock: () => Date.now(),
  later: (run: () => void) => void setTimeout(run),
};

const NOT_FILTERED: Filtered = { result: null, problem: null };

/** The filter code is loaded with the first filter; until then nothing is dimmed. */
function filteredLater(filter: () => Filter, onResult: () => void): BrowserClient['filtered'] {
  let filtered: BrowserClient['filtered'] | null = null;
  let isLoading = false;
  return (state) => {
    if (filtered !== null) return filtered(state);
    if (isEmptyFilter(filter()) || isLoading) return NOT_FILTERED;
    isLoading = true;
    void import('./filtered').then(
      ({ createFiltered }) => {
        filtered = createFiltered(filter, onResult);
        onResult();
      },
      // The next call tries again.
      () => void (isLoading = false),
    );
    return NOT_FILTERED;
  };
}

/** The client of this tab, as used by React. */
export interface BrowserClient {
  readonly store: ClientStore;
  readonly location: PageLocation;
  /** The latest request to bring something into view. */
  readonly revealer: Cell<Reveal | null>;
  /** The picture's level of detail, for the legend; null without a picture. */
  readonly level: Cell<Level | null>;
  readonly ranks: (state: ClientState) => NetworkRanks;
  /** The part that all node names share, left out of each name; null without one. */
  readonly common: (state: ClientState) => CommonName | null;
  readonly filtered: (state: ClientState) => Filtered;
  /** Sets the nodes in view, whose records are read first while a set arrives. */
  readonly lookAt: (nodes: ReadonlySet<string>) => void;
  /** Records changes from now on; later calls return the same recorder. */
  readonly record: () => Promise<ChangeRecorder>;
  /** Files opened on this page in place of the cluster. */
  readonly opened: OpenedStore;
  /** Connects until the returned function is called. */
  readonly start: () => () => void;
  readonly resume: () => void;
  readonly retryNow: () => void;
}

/** The state of opened files; the code that reads them is loaded with the first. */
export interface OpenedStore extends Cell<Opened | null> {
  readonly files: () => Promise<OpenedFiles>;
}

function createOpenedStore(
  store: ClientStore,
  follows: Pick<OpenedWorld, 'leave' | 'comeBack' | 'location'>,
): OpenedStore {
  const cell = createCell<Opened | null>(null);
  const world = { ...follows, painted, liveUrl: `${basePath()}/api/export?format=json` };
  return {
    ...cell,
    files: loadedOnce(() => import('./opened').then((made) => new made.OpenedFiles(store, world, cell.set))),
  };
}

/** The differences between a page from a server and a page in one file. */
export interface Origin {
  /** The URL's part after the query. */
  readonly fragment: () => string;
  /** Opens the record set. `isWanted`: whether one of the nodes is in view. */
  readonly open: (store: ClientStore, isWanted: (nodes: readonly string[]) => boolean) => Stream;
}

const SERVER: Origin = {
  fragment: () => '',
  open: (store, isWanted) =>
    follow(store, basePath(), {
      fetch: window.fetch.bind(window),
      now: () => Date.now(),
      random: () => Math.random(),
      setTimer,
      parse: parseHarmless,
      load: readMarked(isWanted),
    }),
};

/** Creates the client of a page; `origin`: the source of its record set. */
export function createBrowserClient(origin: Origin): BrowserClient {
  const store = new ClientStore();
  const addressOf = (query: string): string => window.location.pathname + query + origin.fragment();
  const location = createPageLocation({
    search: () => window.location.search,
    push: (query) => window.history.pushState(null, '', addressOf(query)),
    replace: (query) => window.history.replaceState(null, '', addressOf(query)),
    onPop: (listener) => window.addEventListener('popstate', listener),
    setTimer,
  });
  // A link with a selection but no camera brings the selection into view.
  const { selection, camera } = location.getState();
  const first = camera === null ? readEntry(selection.at(-1) ?? '') : null;
  const revealer = createCell<Reveal | null>(first === null ? null : { to: 'record', id: first.id });
  muteLater(store, location, () => import('./muting'));
  revealer.subscribe(() => {
    const request = revealer.get();
    if (request?.to !== 'record' || location.getState().folded.length === 0) return;
    import('./unfold').then(
      ({ unfoldFor }) => unfoldFor(store.getState().replica, request.id, location, revealer),
      // The group stays folded; the user can unfold it.
      () => undefined,
    );
  });
  let stream: Stream | null = null;
  let inSight: ReadonlySet<string> = new Set();
  const open = (): Stream => origin.open(store, (nodes) => nodes.some((node) => inSight.has(node)));
  return {
    store,
    location,
    revealer,
    level: createCell<Level | null>(null),
    lookAt: (nodes) => void (inSight = nodes),
    record: loadedOnce(() => import('./change-recorder').then(({ recordChanges }) => recordChanges(store, CLOCK))),
    ranks: createRanks(() => location.getState().ranks),
    common: memoByTables(['nodes'], ({ replica }) => commonName(replica.records.nodes.values())),
    filtered: filteredLater(() => location.getState().filter, store.touch),
    opened: createOpenedStore(store, {
      location,
      leave() {
        store.resume();
        stream?.stop();
        stream = null;
      },
      comeBack() {
        stream = open();
        stream.refetch();
      },
    }),
    start() {
      location.settle();
      stream = open();
      // The page's version, for tests and measurements.
      const publishVersion = (): void => {
        const { version, revision } = store.getState();
        Object.assign(document.documentElement.dataset, { version, revision });
      };
      const unsubscribe = store.subscribe(publishVersion);
      const online = (): void => stream?.retryNow();
      window.addEventListener('online', online);
      return () => {
        window.removeEventListener('online', online);
        unsubscribe();
        stream?.stop();
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
export const browserClient = (): BrowserClient => (client ??= createBrowserClient(SERVER));
