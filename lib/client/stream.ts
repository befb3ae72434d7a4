/**
 * Keeps the store at the server's version: fetches the whole set, then follows `/api/stream?since=`; whatever breaks is
 * tried again with full jitter, also after an answer that is not 200, until `stop`.
 *
 * Always: at most one request or wait at a time; a stream that says nothing for `SILENCE_MS` is taken for dead (a proxy
 * that swallowed the close), since the server sends a comment every few seconds.
 */
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { ClusterInfo, RecordMaps } from '../model/records';
import { fullJitter } from './backoff';
import { readFrame } from './frame';
import type { ClientStore } from './client-store';

export const SILENCE_MS = 60_000;
/** Retry interval while the server refuses us: somebody must act first. */
const REFUSED_MS = 30_000;

export interface WholeSet {
  readonly records: RecordMaps;
  readonly cluster: ClusterInfo;
  readonly epoch: string;
  readonly version: number;
}

/** The world, passed in, so that a test can hold the clock. */
export interface StreamWorld {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimer: (run: () => void, ms: number) => () => void;
  /** Reads the body of `/api/topology?format=columns`; throws with a sentence for the user. */
  readonly decode: (text: string) => Promise<WholeSet>;
}

export interface Stream {
  readonly stop: () => void;
  /** Fetch the whole set again (after a long pause), without showing anything in between. */
  readonly refetch: () => void;
  /** Cut a wait short: the network came back, or the user asked. */
  readonly retryNow: () => void;
}

/** What the server says in `{ "error": … }`; null for anything else, such as a proxy's page. */
function readError(body: string): string | null {
  try {
    const value: unknown = JSON.parse(body);
    const { error } = typeof value === 'object' && value !== null ? (value as { error?: unknown }) : {};
    return typeof error === 'string' ? error.slice(0, 300) : null;
  } catch {
    return null;
  }
}

class Refused extends Error {}

export function connectStream(store: ClientStore, base: string, world: StreamWorld): Stream {
  const stopped = new AbortController();
  let round = new AbortController();
  let wake: () => void = () => undefined;
  let attempt = 0;
  /** Whole sets fetched since the last frame that fitted: one is normal, more means that set and stream disagree. */
  let resets = 0;
  let wantsSet = false;

  const ask = async (path: string, signal: AbortSignal): Promise<Response> => {
    const response = await world.fetch(`${base}${path}`, { signal, cache: 'no-store' });
    if (response.ok) return response;
    const said = readError(await response.text().catch(() => ''));
    const reason = `The server answered ${response.status}${said === null ? '' : `: ${said}`}`;
    throw response.status === 401 || response.status === 403 ? new Refused(reason) : new Error(reason);
  };

  const fetchSet = async (signal: AbortSignal): Promise<void> => {
    const response = await ask('/api/topology?format=columns', signal);
    const set = await world.decode(await response.text());
    if (signal.aborted) return;
    wantsSet = false;
    store.reset(set);
  };

  const follow = async (signal: AbortSignal, abort: () => void): Promise<void> => {
    const at = store.position();
    if (at === null) return;
    const response = await ask(`/api/stream?since=${encodeURIComponent(`${at.epoch}.${at.version}`)}`, signal);
    if (response.body === null) throw new Error('The server sent an empty stream.');
    store.setConnection({ phase: 'live', reason: null, retryAt: null });
    let stillAlive = world.setTimer(abort, SILENCE_MS);
    const heard = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        stillAlive();
        stillAlive = world.setTimer(abort, SILENCE_MS);
        controller.enqueue(chunk);
      },
    });
    try {
      const messages = response.body
        .pipeThrough(heard)
        .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
        .pipeThrough(new EventSourceParserStream());
      for await (const message of messages as unknown as AsyncIterable<{ data: string }>) {
        const frame = readFrame(message.data);
        if (frame === null) throw new Error('The server sent a message that this page cannot read.');
        attempt = 0;
        if (store.receive(frame, world.now()) === 'refetch') {
          wantsSet = true;
          if (resets++ > 0) await wait(fullJitter(resets, world.random));
          return;
        }
        resets = 0;
      }
    } finally {
      stillAlive();
      abort();
    }
  };

  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = world.setTimer(resolve, ms);
      wake = () => {
        cancel();
        resolve();
      };
    });

  const fail = async (error: unknown): Promise<void> => {
    if (stopped.signal.aborted || wantsSetNow(error)) return;
    const refused = error instanceof Refused;
    const ms = refused ? REFUSED_MS : fullJitter(attempt++, world.random);
    const said = error instanceof Refused || (error instanceof Error && error.message.startsWith('The server'));
    const phase = refused ? 'failed' : store.getState().revision === 0 ? 'loading' : 'reconnecting';
    const reason = said ? error.message : 'The server does not answer.';
    store.setConnection({ phase, reason, retryAt: world.now() + ms });
    await wait(ms);
  };

  /** An abort that `refetch` caused is no failure. */
  const wantsSetNow = (error: unknown): boolean =>
    wantsSet && round.signal.aborted && error instanceof Error && error.name === 'AbortError';

  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      round = new AbortController();
      const { signal } = round;
      const abort = (): void => round.abort();
      stopped.signal.addEventListener('abort', abort, { once: true });
      try {
        if (wantsSet || store.position() === null) await fetchSet(signal);
        await follow(signal, abort);
        if (!wantsSet) throw new Error('The server closed the stream.');
      } catch (error) {
        await fail(error);
      } finally {
        stopped.signal.removeEventListener('abort', abort);
      }
    }
  };
  void run();

  return {
    stop() {
      stopped.abort();
      wake();
    },
    refetch() {
      wantsSet = true;
      round.abort();
      wake();
    },
    retryNow: () => wake(),
  };
}
