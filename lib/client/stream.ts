/**
 * Keeps the store at the server's version: fetches the whole set, then follows `/api/stream?since=`. Whatever fails is
 * tried again with full jitter until `stop`.
 *
 * At most one request or wait runs at a time. A stream that says nothing for `SILENCE_MS` is taken for dead, since the
 * server sends a comment every few seconds: a proxy may have swallowed the close.
 */
import type { ClusterInfo, RecordMaps } from '../model/records';
import { fullJitter } from './backoff';
import type { ClientStore } from './client-store';
import { createGet, getColumns, getFrames, RefusedError, ServerError, type Get } from './server-requests';

export const SILENCE_MS = 60_000;
/** Wait after the server refused us: somebody has to act first. */
const REFUSED_MS = 30_000;

export interface WholeSet {
  readonly records: RecordMaps;
  readonly cluster: ClusterInfo;
  readonly epoch: string;
  readonly version: number;
}

/** What the stream needs of the browser, passed in so that a test can hold the clock. */
export interface StreamWorld {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimer: (run: () => void, ms: number) => () => void;
  /** Reads a set in columns; throws a `ServerError` with a sentence for the user. */
  readonly decode: (text: string) => Promise<WholeSet>;
}

export interface Stream {
  readonly stop: () => void;
  /** Fetches the whole set again (after a long pause) and shows nothing in between. */
  readonly refetch: () => void;
  /** Ends a wait: the network came back, or the user asked. */
  readonly retryNow: () => void;
}

class Follower implements Stream {
  readonly #store: ClientStore;
  readonly #world: StreamWorld;
  readonly #get: Get;
  readonly #stopped = new AbortController();
  #round = new AbortController();
  #wake: () => void = () => undefined;
  #stopSilence: () => void = () => undefined;
  #failures = 0;
  /** Whole sets fetched since the last frame that fitted: one is normal, more means that set and stream disagree. */
  #resets = 0;
  #wantsSet = false;

  constructor(store: ClientStore, base: string, world: StreamWorld) {
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
    const set = await this.#world.decode(await getColumns(this.#get, signal));
    if (signal.aborted) return;
    this.#wantsSet = false;
    this.#store.reset(set);
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
      for await (const frame of getFrames(this.#get, `${at.epoch}.${at.version}`, round.signal, onBytes)) {
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
    const phase = refused ? 'failed' : this.#store.getState().revision === 0 ? 'loading' : 'reconnecting';
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

/** Follows the server at `base` (`''`: the page's own) until `stop`. */
export function connectStream(store: ClientStore, base: string, world: StreamWorld): Stream {
  const follower = new Follower(store, base, world);
  void follower.run();
  return follower;
}
