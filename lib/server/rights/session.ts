/** Sessions of signed-in visitors: when a session is over, and the streams that end with it. */
import type { Clock } from '../store/clock';

/** The longest duration of a sign-in. Rights are checked continuously, independent of it. */
export const MAX_SESSION_MINUTES = 480;
export const MAX_SESSION_MS = MAX_SESSION_MINUTES * 60_000;
/** Interval of checking again whether an open stream may continue, in milliseconds. */
const AGAIN_MS = 30_000;

export interface Session {
  /** The keys that can end it: its own id, the provider's session id, the provider's id of the user. */
  readonly keys: readonly string[];
  /** Start, epoch milliseconds. */
  readonly from: number;
  /** End, epoch milliseconds. */
  readonly until: number;
}

const MAX_ENDED = 50_000;

/** Sessions that ended early. A copy of such a session's cookie is not accepted. */
export class EndedSessions {
  readonly #max: number;
  /** Key to the time at which it was ended, in order of time. */
  readonly #ended = new Map<string, number>();
  /** If there were too many keys to keep: every session that began by this time has ended. */
  #allFrom = -Infinity;
  readonly #listeners = new Set<() => void>();

  constructor(max = MAX_ENDED) {
    this.#max = max;
  }

  /** Ends the sessions with this key that began by `at`. */
  end(key: string, at: number): void {
    const known = this.#ended.get(key) ?? -Infinity;
    if (at <= known) return;
    this.#ended.delete(key);
    this.#ended.set(key, at);
    this.#forget(at);
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` when sessions were ended, until the returned function is called. */
  onEnd(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #forget(now: number): void {
    for (const [old, at] of this.#ended) {
      const isOver = at + MAX_SESSION_MS <= now;
      if (!isOver && this.#ended.size <= this.#max) return;
      this.#ended.delete(old);
      if (!isOver) this.#allFrom = at;
    }
  }

  has({ keys, from }: Session): boolean {
    return from <= this.#allFrom || keys.some((key) => from <= (this.#ended.get(key) ?? -Infinity));
  }
}

const SLOT = Symbol.for('ifscope.ended-sessions');
type Global = { [SLOT]?: EndedSessions };

/** The ended sessions of this process. Next loads modules of `lib` several times in one process, hence `globalThis`. */
export const endedSessions = (): EndedSessions => ((globalThis as Global)[SLOT] ??= new EndedSessions());

/** Whether the session is over. Null: every request identifies the visitor. */
export const isOver = (session: Session | null, now: number): boolean =>
  session !== null && (now >= session.until || endedSessions().has(session));

/** The conditions under which a stream stays open. */
export interface Watched {
  readonly session: Session | null;
  readonly clock: Clock;
  /** Aborted when the reader closes the stream. */
  readonly closed: AbortSignal;
  /** Whether the reader may still see the data sent. */
  readonly holds: () => Promise<boolean>;
  /** Receives a function that checks again after this many milliseconds; returns a function that stops this. */
  readonly sooner?: (checkIn: (ms: number) => void) => () => void;
}

/** A signal that aborts when the session is over or `holds` returns false. Checks until `closed` aborts. */
export function whileHolds({ session, clock, closed, holds, sooner }: Watched): AbortSignal {
  const ended = new AbortController();
  let cancel: (() => void) | null = null;
  let stopped = closed.aborted;
  const stop = (): void => {
    stopped = true;
    cancel?.();
    leave?.();
    stopListening();
  };
  const check = async (): Promise<void> => {
    if (!isOver(session, clock.now()) && (await holds())) checkIn(AGAIN_MS);
    else if (!stopped) {
      stop();
      ended.abort();
    }
  };
  const checkIn = (ms: number): void => {
    if (stopped) return;
    cancel?.();
    const left = session === null ? ms : Math.max(0, session.until - clock.now());
    cancel = clock.after(Math.min(ms, left), () => void check());
  };
  const leave = sooner?.(checkIn);
  const stopListening = endedSessions().onEnd(() => {
    if (isOver(session, clock.now())) checkIn(0);
  });
  closed.addEventListener('abort', stop, { once: true });
  if (stopped) stop();
  else checkIn(AGAIN_MS);
  return ended.signal;
}
