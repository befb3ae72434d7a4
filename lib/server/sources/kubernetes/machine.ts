/**
 * The list/watch state machine of one kind, modelled on `watcher` of kube-rs. Each state carries exactly the data that
 * is valid in it, so that a watch without a version, or a half-read list in a watch, cannot be expressed. `step` makes
 * one transition; the reflector does the waiting.
 *
 * A list is streamed if the server supports that (`sendInitialEvents`), and read in pages otherwise. After an expired
 * or undecodable answer the next state is `empty` (list again); after other errors it is the state from which the same
 * step can be retried.
 */
import { reason } from '../reason';
import type { Page, WatchEvent } from './codec';
import type { ListWatch } from './listwatch';
import type { OpenWatch } from './open-watch';
import { rewound, TroubleError, type Trouble } from './trouble';
import { isBefore } from './versions';

/** The state of one kind's list and watch. */
export type State =
  /** Nothing is known, or nothing that can be continued. `brokenStreams`: consecutive failed streamed lists. */
  | { readonly kind: 'empty'; readonly brokenStreams: number }
  /** Some pages have been read; `next` is the continue token. */
  | { readonly kind: 'paging'; readonly next: string; readonly limit: number; readonly ahead: Prefetch | null }
  /** A watch that started with a list, which is not complete yet. */
  | { readonly kind: 'streaming'; readonly watch: OpenWatch; readonly brokenStreams: number }
  /** The list is complete as of `version`; no watch is open. */
  | { readonly kind: 'listed'; readonly version: string }
  | { readonly kind: 'watching'; readonly version: string; readonly watch: OpenWatch };

/** The next page, requested while the previous one is processed. */
interface Prefetch {
  readonly page: Promise<Page>;
  readonly abort: () => void;
}

/** The result of a successful step. */
export type Progress =
  /** More objects; the list is not complete. */
  | { readonly kind: 'page' }
  /** The whole list. */
  | { readonly kind: 'listed' }
  | { readonly kind: 'opened' }
  /** Events, including bookmarks. */
  | { readonly kind: 'events'; readonly events: readonly WatchEvent[] }
  /** The server ended the watch without an error. */
  | { readonly kind: 'closed' };

/** The result of a step. Either `happened` or `trouble` is null. */
export interface Step {
  readonly state: State;
  readonly happened: Progress | null;
  readonly trouble: Trouble | null;
}

/** Processes the items of a list; resolves when more may follow. */
export interface Receiver {
  readonly page: (items: Page['items']) => Promise<void>;
  readonly events: (events: readonly WatchEvent[]) => Promise<void>;
}

/** The dependencies of the steps. */
export interface Machine {
  readonly io: ListWatch;
  readonly receive: Receiver;
  /** The version that lists and watches have reached; null before the first list. */
  readonly reached: () => string | null;
  readonly pageSize: number;
  /** Target size of a page in bytes. */
  readonly pageBytes: number;
}

/** The initial state. */
export const EMPTY: State = { kind: 'empty', brokenStreams: 0 };

/** A streamed list cannot be continued as pages can: after this many failures, pages are read. */
const MOST_BROKEN_STREAMS = 2;

/** Fewer objects per page for large objects, because a page must not block the event loop. */
const nextLimit = (limit: number, bytes: number, pageBytes: number): number =>
  bytes > pageBytes ? Math.max(1, Math.floor((limit * pageBytes) / bytes)) : limit;

const after = (state: State, happened: Progress): Step => ({ state, happened, trouble: null });

/** Makes one transition. Rejects only for a bug of ours; other errors are in the result as `trouble`. */
export async function step(machine: Machine, state: State, signal: AbortSignal): Promise<Step> {
  try {
    switch (state.kind) {
      case 'empty':
        return (
          (await stream(machine, state.brokenStreams, signal)) ??
          (await readOn(machine, { limit: machine.pageSize, next: null, ahead: null }, signal))
        );
      case 'paging':
        return await readOn(machine, state, signal);
      case 'streaming':
        return await streamOn(machine, state);
      case 'listed': {
        const watch = await machine.io.watch(state.version, signal);
        return after({ ...state, kind: 'watching', watch }, { kind: 'opened' });
      }
      case 'watching': {
        const events = await state.watch.next();
        if (events === null) return after({ kind: 'listed', version: state.version }, { kind: 'closed' });
        return after({ ...state, version: lastOf(events, state) }, { kind: 'events', events });
      }
    }
  } catch (error) {
    if (!(error instanceof TroubleError)) throw error;
    return { state: afterTrouble(state, error.trouble), happened: null, trouble: error.trouble };
  }
}

/** The version that a watch has reached with these events, which are in order. */
function lastOf(events: readonly WatchEvent[], { version, watch }: Extract<State, { kind: 'watching' }>): string {
  let last = version;
  for (const event of events) {
    if (isBefore(event.version, last)) {
      watch.close();
      throw new TroubleError(rewound(last, event.version));
    }
    last = event.version;
  }
  return last;
}

/** A list is consistent: it is never older than what was already seen. */
function checkList(version: string, reached: string | null): void {
  if (reached !== null && isBefore(version, reached)) throw new TroubleError(rewound(reached, version));
}

/** Starts a streamed list; null if pages have to be read. */
async function stream({ io }: Machine, brokenStreams: number, signal: AbortSignal): Promise<Step | null> {
  if (!io.canStream || brokenStreams >= MOST_BROKEN_STREAMS) return null;
  try {
    const watch = await io.watchList(signal);
    return after({ kind: 'streaming', watch, brokenStreams }, { kind: 'page' });
  } catch (error) {
    if (!(error instanceof TroubleError)) throw error;
    // The server rejects the parameters: it does not support streamed lists, or an intermediate server does not.
    if (error.trouble.kind === 'rejected') io.cannotStream();
    // Without permission to watch, listing may still be allowed.
    if (error.trouble.kind === 'rejected' || error.trouble.kind === 'denied') return null;
    throw error;
  }
}

async function streamOn(
  { io, receive, reached }: Machine,
  { watch, ...state }: Extract<State, { kind: 'streaming' }>,
): Promise<Step> {
  const events = await watch.next();
  if (events === null) throw new TroubleError({ kind: 'broken', message: reason`a streamed list ended early` });
  const last = events.at(-1);
  const isPlainBookmark = events.some((event) => event.type === 'bookmark' && !event.endsList);
  if (isPlainBookmark) {
    // All objects precede the first bookmark: this server has ignored the parameters.
    io.cannotStream();
    throw new TroubleError({ kind: 'broken', message: reason`the server does not mark the end of a streamed list` });
  }
  try {
    if (last?.type === 'bookmark') checkList(last.version, reached());
    await receive.events(events);
  } catch (error) {
    watch.close();
    throw error;
  }
  if (last?.type !== 'bookmark') return after({ ...state, watch }, { kind: 'page' });
  return after({ kind: 'watching', version: last.version, watch }, { kind: 'listed' });
}

interface Reading {
  readonly limit: number;
  readonly next: string | null;
  readonly ahead: Prefetch | null;
}

async function readOn(
  { io, receive, reached, pageBytes }: Machine,
  reading: Reading,
  signal: AbortSignal,
): Promise<Step> {
  let { limit, ahead } = reading;
  for (;;) {
    try {
      const page = await (ahead?.page ?? io.list(limit, reading.next, signal));
      limit = nextLimit(limit, page.bytes, pageBytes);
      checkList(page.version, reached());
      const { next } = page;
      ahead = next === null ? null : prefetch(io, limit, next, signal);
      await receive.page(page.items);
      if (next === null) return after({ kind: 'listed', version: page.version }, { kind: 'listed' });
      return after({ kind: 'paging', next, limit, ahead }, { kind: 'page' });
    } catch (error) {
      ahead?.abort();
      ahead = null;
      if (!(error instanceof TroubleError) || error.trouble.kind !== 'too-large' || limit === 1) throw error;
      limit = Math.max(1, limit >> 3);
    }
  }
}

function prefetch(io: ListWatch, limit: number, next: string, signal: AbortSignal): Prefetch {
  const controller = new AbortController();
  const page = io.list(limit, next, AbortSignal.any([signal, controller.signal]));
  // It is awaited later, or never.
  page.catch(() => undefined);
  return { page, abort: () => controller.abort(new Error('not needed any more')) };
}

/** The state from which to continue after an error. */
function afterTrouble(state: State, trouble: Trouble): State {
  if (state.kind === 'streaming') return { kind: 'empty', brokenStreams: state.brokenStreams + 1 };
  switch (trouble.kind) {
    case 'expired':
    case 'rewound':
    case 'diverged':
    case 'garbled':
    case 'rejected':
    case 'too-large':
    case 'denied':
    case 'absent':
      return EMPTY;
    case 'unauthorized':
    case 'busy':
    case 'ahead':
    case 'broken':
    case 'silent':
    case 'brief':
      if (state.kind === 'watching') return { kind: 'listed', version: state.version };
      return state.kind === 'paging' ? { ...state, ahead: null } : state;
  }
}
