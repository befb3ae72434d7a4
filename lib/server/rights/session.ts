/** Sessions of visitors who have signed in: when each is over, and the streams that end with it. */
import type { Clock } from '../store/clock';

/** How long a sign-in lasts. Rights are checked continuously, independent of it. */
export const SESSION_MS = 8 * 3_600_000;
/** How often an open stream looks again at what it depends on. */
const AGAIN_MS = 30_000;

/** The life of one session. */
export interface Session {
  /** What it can be ended by: its own id, the provider's session, the provider's name for the user. */
  readonly keys: readonly string[];
  /** Epoch milliseconds. */
  readonly from: number;
  readonly until: number;
}

const MOST_ENDED = 50_000;

/** Sessions that ended before their time. Cookies are not kept here, so these are: a copy of such a cookie is worthless. */
export class EndedSessions {
  readonly #most: number;
  /** Key to when it was ended, in this order. */
  readonly #ended = new Map<string, number>();
  /** Where there were too many to keep, every session from before the ones forgotten has ended. */
  #allFrom = -Infinity;
  readonly #listeners = new Set<() => void>();

  constructor(most = MOST_ENDED) {
    this.#most = most;
  }

  /** Ends the sessions with this key that began by now. */
  end(key: string, now: number): void {
    this.#ended.delete(key);
    this.#ended.set(key, now);
    this.#forget(now);
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` when something was ended, until the returned function is called. */
  onEnd(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #forget(now: number): void {
    for (const [old, at] of this.#ended) {
      const isOver = at + SESSION_MS <= now;
      if (!isOver && this.#ended.size <= this.#most) return;
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

/** Those of this process. Next loads modules of `lib` several times in one process, hence `globalThis`. */
export const endedSessions = (): EndedSessions => ((globalThis as Global)[SLOT] ??= new EndedSessions());

/** Null as session: every request identifies the visitor. */
export const isOver = (session: Session | null, now: number): boolean =>
  session !== null && (now >= session.until || endedSessions().has(session));

/** What an open stream depends on. */
export interface Watched {
  readonly session: Session | null;
  readonly clock: Clock;
  /** The reader of the stream has left. */
  readonly gone: AbortSignal;
  /** Whether the reader may still see what is sent. */
  readonly holds: () => Promise<boolean>;
  /** Registers a function that looks again after so many milliseconds; returns what unregisters it. */
  readonly sooner?: (lookIn: (ms: number) => void) => () => void;
}

/** A signal that aborts when the session is over or `holds` says no. Looks until `gone` aborts. */
export function whileHolds({ session, clock, gone, holds, sooner }: Watched): AbortSignal {
  const ended = new AbortController();
  let cancel: (() => void) | null = null;
  let stopped = gone.aborted;
  const stop = (): void => {
    stopped = true;
    cancel?.();
    leave?.();
    stopListening();
  };
  const look = async (): Promise<void> => {
    if (!isOver(session, clock.now()) && (await holds())) lookIn(AGAIN_MS);
    else if (!stopped) {
      stop();
      ended.abort();
    }
  };
  const lookIn = (ms: number): void => {
    if (stopped) return;
    cancel?.();
    const left = session === null ? ms : Math.max(0, session.until - clock.now());
    cancel = clock.after(Math.min(ms, left), () => void look());
  };
  const leave = sooner?.(lookIn);
  const stopListening = endedSessions().onEnd(() => {
    if (isOver(session, clock.now())) lookIn(0);
  });
  gone.addEventListener('abort', stop, { once: true });
  if (stopped) stop();
  else lookIn(AGAIN_MS);
  return ended.signal;
}
