/**
 * The list/watch state machine of one kind, modelled on `watcher` of kube-rs: each state carries exactly what is valid
 * in it, so that a watch without a version or a half-read list in a watch cannot be expressed. `step` makes one
 * transition; waits are the reflector's.
 *
 * After an expired or unreadable answer the next state is `empty` (list again), after other errors the state from which
 * the same step can be tried again.
 */
import type { ListWatch, OpenWatch, WatchEvent } from './listwatch';
import { TroubleError, type Trouble } from './trouble';

export type State<E> =
  /** Nothing is known, or nothing that can be continued. */
  | { readonly kind: 'empty' }
  /** Some pages have been read; `next` is the continue token. */
  | { readonly kind: 'paging'; readonly next: string; readonly limit: number; readonly entries: readonly E[][] }
  /** The list is complete as of `version`; no watch is open. */
  | { readonly kind: 'listed'; readonly version: string }
  | { readonly kind: 'watching'; readonly version: string; readonly watch: OpenWatch };

export type Happening<E> =
  /** One more page; the list is not complete. */
  | { readonly kind: 'page' }
  /** The whole list. */
  | { readonly kind: 'listed'; readonly entries: readonly E[] }
  | { readonly kind: 'opened' }
  /** Events, bookmarks among them. */
  | { readonly kind: 'events'; readonly events: readonly WatchEvent[] }
  /** The server ended the watch without an error. */
  | { readonly kind: 'closed' };

export interface Step<E> {
  readonly state: State<E>;
  readonly happened: Happening<E> | null;
  readonly trouble: Trouble | null;
}

export interface Machine<E> {
  readonly io: ListWatch;
  /** Reduces the objects of a page to facts; the page is dropped afterwards. */
  readonly project: (items: readonly unknown[]) => Promise<E[]>;
  readonly pageSize: number;
  /** Target size of a page in bytes. */
  readonly pageBytes: number;
}

export const EMPTY: State<never> = { kind: 'empty' };

/** Fewer objects per page where objects are large: a page must not block the event loop. */
const nextLimit = (limit: number, bytes: number, pageBytes: number): number =>
  bytes > pageBytes ? Math.max(1, Math.floor((limit * pageBytes) / bytes)) : limit;

export async function step<E>(machine: Machine<E>, state: State<E>, signal: AbortSignal): Promise<Step<E>> {
  try {
    switch (state.kind) {
      case 'empty':
        return await readOn(machine, { limit: machine.pageSize, next: null, entries: [] }, signal);
      case 'paging':
        return await readOn(machine, state, signal);
      case 'listed': {
        const watch = await machine.io.watch(state.version, signal);
        return { state: { ...state, kind: 'watching', watch }, happened: { kind: 'opened' }, trouble: null };
      }
      case 'watching': {
        const events = await state.watch.next();
        if (events === null) {
          return { state: { kind: 'listed', version: state.version }, happened: { kind: 'closed' }, trouble: null };
        }
        const version = events.at(-1)?.version ?? state.version;
        return { state: { ...state, version }, happened: { kind: 'events', events }, trouble: null };
      }
    }
  } catch (error) {
    if (!(error instanceof TroubleError)) throw error;
    return { state: after(state, error.trouble), happened: null, trouble: error.trouble };
  }
}

interface Reading<E> {
  readonly limit: number;
  readonly next: string | null;
  readonly entries: readonly E[][];
}

async function readOn<E>(machine: Machine<E>, reading: Reading<E>, signal: AbortSignal): Promise<Step<E>> {
  let { limit } = reading;
  for (;;) {
    try {
      const page = await machine.io.list(limit, reading.next, signal);
      const entries = [...reading.entries, await machine.project(page.items)];
      if (page.next === null) {
        return {
          state: { kind: 'listed', version: page.version },
          happened: { kind: 'listed', entries: entries.flat() },
          trouble: null,
        };
      }
      limit = nextLimit(limit, page.bytes, machine.pageBytes);
      return { state: { kind: 'paging', next: page.next, limit, entries }, happened: { kind: 'page' }, trouble: null };
    } catch (error) {
      if (!(error instanceof TroubleError) || error.trouble.kind !== 'too-large' || limit === 1) throw error;
      limit = Math.max(1, limit >> 3);
    }
  }
}

/** Where to try again after a trouble. */
function after<E>(state: State<E>, trouble: Trouble): State<E> {
  switch (trouble.kind) {
    case 'expired':
    case 'garbled':
    case 'rejected':
    case 'too-large':
    case 'denied':
    case 'absent':
      return EMPTY;
    case 'unauthorized':
    case 'busy':
    case 'broken':
    case 'silent':
    case 'brief':
      return state.kind === 'watching' ? { kind: 'listed', version: state.version } : state;
  }
}
