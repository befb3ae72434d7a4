/**
 * Keeps a record set at a server's version: loads the full set, then follows `/api/stream?since=`. Failures are retried
 * with full jitter until `stop`. Pages follow their server this way, and a server follows another.
 *
 * At most one request or wait runs at a time. A stream that is silent for `SILENCE_MS` is considered dead, because the
 * server sends a comment every few seconds; a proxy may have dropped the close.
 */
import type { Frame } from '../model/delta';
import { fullJitter } from './backoff';
import { createGet, getFrames, RefusedError, ServerError, type Fetch, type Get } from './requests';

/** Milliseconds without a byte after which a stream is considered dead. */
export const SILENCE_MS = 60_000;
/** Wait after the server refused access, in ms; a user has to act first. */
const REFUSED_MS = 30_000;

/** A version of the server's record set. Versions of different epochs do not compare. */
export interface Position {
  readonly epoch: string;
  readonly version: number;
}

/**
 * `loading`: no record set yet. `live`: frames arrive. `reconnecting`: the last set stays while the stream is opened
 * again. `failed`: the server refuses access; the next attempt follows after a long wait.
 */
export type Phase = 'loading' | 'live' | 'reconnecting' | 'failed';

/** The state of the connection, for the user. */
export interface Connection {
  readonly phase: Phase;
  /** Why the phase is not `live`, in one sentence; null without a reason. */
  readonly reason: string | null;
}

/**
 * The result of applying a frame. `stale`: the stream repeated a known version. `refetch`: the full set must be loaded.
 */
export type Received = 'applied' | 'held' | 'stale' | 'refetch';

/** A full set, or its beginning: `rest` resolves when all of it has arrived. */
export interface AnySet extends Position {
  readonly rest: Promise<void>;
}

/** The store that is kept at the server's version. */
export interface Followed<S> {
  /** The position from which the stream must continue; null before the first set. */
  readonly position: () => Position | null;
  readonly reset: (set: S) => void | Promise<void>;
  /** More of the set has arrived. */
  readonly arrived: () => void;
  /** `receivedAt`: the follower's clock, epoch ms. */
  readonly receive: (frame: Frame, receivedAt: number) => Received;
  readonly setConnection: (connection: Connection) => void;
}

/** The follower's dependencies, passed in so that a test controls the clock. */
export interface FollowWorld<S> {
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimer: (run: () => void, ms: number) => () => void;
  /** Requests the set; resolves as soon as there is something to show. */
  readonly load: (get: Get, arriving: { readonly signal: AbortSignal; readonly onArrival: () => void }) => Promise<S>;
  /** Parses JSON; throws on anything else. */
  readonly parse: (text: string) => unknown;
}

/** Controls a follower. */
export interface Stream {
  readonly stop: () => void;
  /** Loads the full set again (after a long pause); shows nothing in between. */
  readonly refetch: () => void;
  /** Ends a wait: the network is back, or the user requested it. */
  readonly retryNow: () => void;
}

const unreadableError = (error: unknown): Error =>
  error instanceof ServerError ||
  (error instanceof Error && (error.name === 'AbortError' || error instanceof TypeError))
    ? error
    : new ServerError(
        `The server sent a record set that cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      );

const unreadable = (error: unknown): never => {
  throw unreadableError(error);
};

/** Interval of reporting arrivals of a set, in ms. */
export const ARRIVALS_MS = 200;

class Follower<S extends AnySet> implements Stream {
  readonly #store: Followed<S>;
  readonly #world: FollowWorld<S>;
  readonly #get: Get;
  readonly #stopped = new AbortController();
  #round = new AbortController();
  #wake: () => void = () => undefined;
  #stopSilence: () => void = () => undefined;
  #failures = 0;
  /** Full sets loaded since the last applicable frame: one is normal, more mean that set and stream disagree. */
  #resets = 0;
  #wantsSet = false;
  /** Aborts the loading of a set that is no longer wanted. */
  #setRound = new AbortController();
  /** Why the rest of the set did not arrive. */
  #broken: Error | null = null;
  #cancelReport: (() => void) | null = null;

  constructor(store: Followed<S>, base: string, world: FollowWorld<S>) {
    this.#store = store;
    this.#world = world;
    this.#get = createGet(world.fetch, base);
  }

  readonly stop = (): void => {
    this.#stopped.abort();
    this.#setRound.abort();
    this.#round.abort();
    this.#wake();
  };

  readonly refetch = (): void => {
    this.#wantsSet = true;
    this.#round.abort();
    this.#wake();
  };

  readonly retryNow = (): void => this.#wake();

  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      this.#round = new AbortController();
      try {
        if (this.#wantsSet || this.#store.position() === null) await this.#fetchSet();
        await this.#follow();
        if (this.#broken !== null) throw this.#broken;
        if (!this.#wantsSet) throw new ServerError('The server closed the stream');
      } catch (error) {
        if (!this.#wasInterrupted(error)) await this.#backOff(error);
      }
    }
  }

  /** Shows the head of the next set; the rest arrives while the stream is followed. */
  async #fetchSet(): Promise<void> {
    this.#setRound.abort();
    const round = new AbortController();
    this.#setRound = round;
    this.#broken = null;
    const { signal } = round;
    const set = await this.#world
      .load(this.#get, { signal, onArrival: () => this.#reportArrivals(signal) })
      .catch(unreadable);
    if (signal.aborted) return;
    this.#wantsSet = false;
    await this.#store.reset(set);
    set.rest.then(
      () => this.#reportArrivals(signal, 0),
      (error: unknown) => {
        if (signal.aborted) return;
        this.#broken = unreadableError(error);
        this.#wantsSet = true;
        this.#round.abort();
        this.#wake();
      },
    );
  }

  /** Notifies the store a few times a second that more has arrived. */
  #reportArrivals(signal: AbortSignal, ms = ARRIVALS_MS): void {
    if (ms === 0) this.#cancelReport?.();
    else if (this.#cancelReport !== null) return;
    this.#cancelReport = this.#world.setTimer(() => {
      this.#cancelReport = null;
      if (!signal.aborted) this.#store.arrived();
    }, ms);
  }

  /** Applies frames until the stream ends, fails, or requires a full set. */
  async #follow(): Promise<void> {
    const at = this.#store.position();
    if (at === null) return;
    const round = this.#round;
    try {
      const onBytes = (): void => {
        this.#store.setConnection({ phase: 'live', reason: null });
        this.#stopSilence();
        this.#stopSilence = this.#world.setTimer(() => round.abort(), SILENCE_MS);
      };
      const { parse, setTimer } = this.#world;
      const nextTurn = (): Promise<void> => new Promise((resolve) => void setTimer(resolve, 0));
      const since = `${at.epoch}.${at.version}`;
      for await (const frame of getFrames(this.#get, since, round.signal, { parse, onBytes, nextTurn })) {
        this.#failures = 0;
        if (this.#store.receive(frame, this.#world.now()) === 'refetch') {
          this.#wantsSet = true;
          if (this.#resets++ > 0) await this.#wait(fullJitter(this.#resets, this.#world.random));
          return;
        }
        this.#resets = 0;
      }
    } finally {
      this.#stopSilence();
      round.abort();
    }
  }

  /** `stop` and `refetch` abort a round, which is not a failure. */
  #wasInterrupted(error: unknown): boolean {
    if (this.#stopped.signal.aborted) return true;
    if (this.#broken !== null) return false;
    return this.#wantsSet && this.#round.signal.aborted && error instanceof Error && error.name === 'AbortError';
  }

  async #backOff(reasonOf: unknown): Promise<void> {
    const error = this.#broken ?? reasonOf;
    this.#broken = null;
    const refused = error instanceof RefusedError;
    const ms = refused ? REFUSED_MS : fullJitter(this.#failures++, this.#world.random);
    const phase = refused ? 'failed' : this.#store.position() === null ? 'loading' : 'reconnecting';
    const reason = error instanceof ServerError ? error.message : 'The server does not answer';
    this.#store.setConnection({ phase, reason });
    await this.#wait(ms);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#world.setTimer(resolve, ms);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** Follows the server at `base` (`''`: the page's own; no trailing `/`) until `stop`. */
export function follow<S extends AnySet>(store: Followed<S>, base: string, world: FollowWorld<S>): Stream {
  const follower = new Follower(store, base, world);
  void follower.run();
  return follower;
}
