/**
 * Keeps a record set at a server's version: loads the whole set, then follows `/api/stream?since=`. Whatever fails is
 * tried again with full jitter until `stop`. A page follows its server so, and a server another one.
 *
 * At most one request or wait runs at a time. A stream that says nothing for `SILENCE_MS` is taken for dead, since the
 * server sends a comment every few seconds: a proxy may have swallowed the close.
 */
import type { Frame } from '../model/delta';
import type { ClusterInfo, RecordMaps } from '../model/records';
import { fullJitter } from './backoff';
import { createGet, getFrames, RefusedError, ServerError, type Fetch, type Get } from './requests';

export const SILENCE_MS = 60_000;
/** Wait after the server refused us: somebody has to act first. */
const REFUSED_MS = 30_000;

export interface Position {
  readonly epoch: string;
  readonly version: number;
}

export interface WholeSet extends Position {
  readonly records: RecordMaps;
  readonly cluster: ClusterInfo;
}

/**
 * `loading`: no record set yet. `live`: frames arrive. `reconnecting`: the last set stays while the stream is opened
 * again. `failed`: the server refuses us; it is asked again after a long wait.
 */
export type Phase = 'loading' | 'live' | 'reconnecting' | 'failed';

export interface Connection {
  readonly phase: Phase;
  /** Why the phase is not `live`, in one sentence; null when there is nothing to say. */
  readonly reason: string | null;
  /** The follower's clock (epoch ms) at the next attempt; null when none is planned. */
  readonly retryAt: number | null;
}

/** What a frame did. `stale`: the stream repeated what we have. `refetch`: the whole set must be loaded. */
export type Received = 'applied' | 'held' | 'stale' | 'refetch';

/** What is kept at the server's version. */
export interface Followed {
  /** Where the stream must continue; null before the first set. */
  readonly position: () => Position | null;
  readonly reset: (set: WholeSet) => void | Promise<void>;
  /** `receivedAt`: the follower's clock, epoch ms. */
  readonly receive: (frame: Frame, receivedAt: number) => Received;
  readonly setConnection: (connection: Connection) => void;
}

/** What the follower needs of its surroundings, passed in so that a test can hold the clock. */
export interface FollowWorld {
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimer: (run: () => void, ms: number) => () => void;
  /** Loads the whole set; throws a `ServerError` with a sentence for the user. */
  readonly load: (get: Get, signal: AbortSignal) => Promise<WholeSet>;
  /** Reads JSON; throws on anything else. */
  readonly parse: (text: string) => unknown;
}

export interface Stream {
  readonly stop: () => void;
  /** Fetches the whole set again (after a long pause) and shows nothing in between. */
  readonly refetch: () => void;
  /** Ends a wait: the network came back, or the user asked. */
  readonly retryNow: () => void;
}

class Follower implements Stream {
  readonly #store: Followed;
  readonly #world: FollowWorld;
  readonly #get: Get;
  readonly #stopped = new AbortController();
  #round = new AbortController();
  #wake: () => void = () => undefined;
  #stopSilence: () => void = () => undefined;
  #failures = 0;
  /** Whole sets fetched since the last frame that fitted: one is normal, more means that set and stream disagree. */
  #resets = 0;
  #wantsSet = false;

  constructor(store: Followed, base: string, world: FollowWorld) {
    this.#store = store;
    this.#world = world;
    this.#get = createGet(world.fetch, base);
  }

  readonly stop = (): void => {
    this.#stopped.abort();
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
        if (!this.#wantsSet) throw new ServerError('The server closed the stream');
      } catch (error) {
        if (!this.#wasInterrupted(error)) await this.#backOff(error);
      }
    }
  }

  async #fetchSet(): Promise<void> {
    const { signal } = this.#round;
    const set = await this.#world.load(this.#get, signal);
    if (signal.aborted) return;
    this.#wantsSet = false;
    await this.#store.reset(set);
  }

  /** Applies frames until the stream ends, fails, or asks for a whole set. */
  async #follow(): Promise<void> {
    const at = this.#store.position();
    if (at === null) return;
    const round = this.#round;
    try {
      const onBytes = (): void => {
        this.#store.setConnection({ phase: 'live', reason: null, retryAt: null });
        this.#stopSilence();
        this.#stopSilence = this.#world.setTimer(() => round.abort(), SILENCE_MS);
      };
      const { parse } = this.#world;
      const since = `${at.epoch}.${at.version}`;
      for await (const frame of getFrames(this.#get, since, round.signal, { parse, onBytes })) {
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

  /** `stop` and `refetch` abort a round: that is no failure. */
  #wasInterrupted(error: unknown): boolean {
    if (this.#stopped.signal.aborted) return true;
    return this.#wantsSet && this.#round.signal.aborted && error instanceof Error && error.name === 'AbortError';
  }

  async #backOff(error: unknown): Promise<void> {
    const refused = error instanceof RefusedError;
    const ms = refused ? REFUSED_MS : fullJitter(this.#failures++, this.#world.random);
    const phase = refused ? 'failed' : this.#store.position() === null ? 'loading' : 'reconnecting';
    const reason = error instanceof ServerError ? error.message : 'The server does not answer';
    this.#store.setConnection({ phase, reason, retryAt: this.#world.now() + ms });
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

/** Follows the server at `base` (`''`: the page's own; no `/` at the end) until `stop`. */
export function follow(store: Followed, base: string, world: FollowWorld): Stream {
  const follower = new Follower(store, base, world);
  void follower.run();
  return follower;
}
