/**
 * Follows another ifscope instead of collecting: passes on its records, source states and ages.
 *
 * - The connection is itself a source, `ifscope/HOST`. While it is not live, none of the other ifscope's sources is.
 * - A broken stream continues where it stopped. If it cannot (the other ifscope was restarted), the full set is loaded
 * and the difference applied.
 */
import { setImmediate as turn } from 'node:timers/promises';
import {
  follow,
  type Connection,
  type Followed,
  type Position,
  type Received,
  type Stream,
} from '../../follow/follower';
import { ServerError, type Fetch } from '../../follow/requests';
import type { Frame } from '../../model/delta';
import type { LogLevel } from '../../model/log-level';
import type { SourceState } from '../../model/records';
import { createReplica } from '../../records/replica';
import type { Clock } from '../store/clock';
import { partsOf } from '../store/parts';
import { CommitReceiver } from '../store/commit-receiver';
import type { Collecting, Committed, Serving } from '../store/roles';
import { fetchWith, loadSet, type WholeSet } from './load';

/** An ifscope sends something at least every five seconds. Milliseconds. */
const SILENT_MS = 7_000;
const LOOK_MS = 1_000;
/** A smaller difference between two clocks is attributed to message latency. Milliseconds. */
const SKEW_MS = 1_000;

/** Options of following. */
export interface UpstreamOptions {
  /** Base URL without a trailing `/`. */
  readonly url: string;
  /** Sent as a bearer token; null: none. */
  readonly token: string | null;
  readonly serving: Serving;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: (level: LogLevel, message: string) => void;
  readonly fetch: Fetch;
}

/** Id of the source for the connection to the ifscope at `url`. */
export const upstreamId = (url: string): string => `ifscope/${url.replace(/^https?:\/\//, '')}`;

const timeOf = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** The other ifscope's record set and the state of the connection. */
class Upstream implements Followed<WholeSet> {
  readonly #options: UpstreamOptions;
  readonly #id: string;
  readonly #receiver: CommitReceiver;
  readonly #replica = createReplica();
  #position: Position | null = null;
  #state: SourceState = 'starting';
  #reason: string | null = null;
  #heardAt: number | null = null;
  #isConnected = false;
  #skew = 0;

  constructor(options: UpstreamOptions) {
    const { serving } = options;
    this.#options = options;
    this.#id = upstreamId(options.url);
    const commit = (change: Committed): void => {
      this.#replica.apply(change.tables, change.cluster);
      serving.commit(change);
    };
    this.#receiver = new CommitReceiver(
      { commit, ages: (ages) => serving.ages(ages), lags: (lags) => serving.lags(lags) },
      this.#replica.records,
    );
    this.#setState('starting', null);
  }

  readonly position = (): Position | null => this.#position;

  readonly reset = async ({ records, cluster, epoch, version }: WholeSet): Promise<void> => {
    this.#receiver.beginResend();
    const put = Object.fromEntries(
      Object.entries(records).map(([table, rows]) => [table, { put: [...rows.values()], patch: [], drop: [] }]),
    ) as Committed['tables'];
    for (const part of partsOf({ tables: put, cluster })) {
      this.#receiver.commit(part);
      await turn();
    }
    const steps = this.#receiver.endResend();
    while (steps.next().done !== true) await turn();
    this.#position = { epoch, version };
    this.#debug(`read everything, as of version ${epoch}.${version}`);
  };

  /** Sets arrive as a whole, so there is nothing to do. */
  readonly arrived = (): void => undefined;

  readonly receive = (frame: Frame, receivedAt: number): Received => {
    const received = this.#takeOrLog(frame);
    if (received === 'refetch') this.#lose('stale', 'it was restarted, or is too far ahead: everything is read again');
    else this.#hear(receivedAt);
    return received;
  };

  readonly setConnection = ({ phase, reason }: Connection): void => {
    // Only frames prove that it is live; an open connection does not.
    if ((phase === 'live') !== this.#isConnected) {
      this.#isConnected = !this.#isConnected;
      const at = this.#position;
      const version = at === null ? 'no version' : `version ${at.epoch}.${at.version}`;
      this.#debug(`stream ${this.#isConnected ? 'opened' : 'ended'} at ${version}`);
    }
    if (phase === 'live') this.#heardAt = this.#options.clock.now();
    else this.#lose(phase === 'failed' ? 'denied' : 'failing', reason ?? 'it does not answer');
  };

  /** Reports the lag while the connection is open but silent. */
  checkSilence(): void {
    const silent = this.#options.clock.now() - (this.#heardAt ?? Infinity);
    const seconds = this.#state !== 'live' || silent < SILENT_MS ? 0 : Math.floor(silent / 1_000);
    this.#receiver.setLate(seconds, `${this.#id} is silent, although the connection is open`);
  }

  /** Applies a frame. A failure here is a bug of ours and must not look as if the other ifscope did not respond. */
  #takeOrLog(frame: Frame): Received {
    try {
      return this.#take(frame);
    } catch (error) {
      const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#options.log('error', `a ${frame.kind} could not be applied: ${said}`);
      throw new ServerError('its changes cannot be applied, because of a bug in this ifscope');
    }
  }

  #take(frame: Frame): Received {
    const at = this.#position;
    const epoch = frame.kind === 'delta' ? frame.delta.epoch : frame.epoch;
    if (frame.kind === 'reset' || at?.epoch !== epoch) return 'refetch';
    if (frame.kind === 'heartbeat') {
      this.#compareClocks(frame.at);
      this.#receiver.ages(frame.ages);
      this.#receiver.lags(frame.lags);
      return 'applied';
    }
    const { delta } = frame;
    if (delta.to <= at.version) return 'stale';
    if (delta.from !== at.version) return 'refetch';
    this.#compareClocks(delta.at);
    this.#receiver.commit(delta);
    this.#position = { epoch, version: delta.to };
    return 'applied';
  }

  #debug(text: string): void {
    this.#options.log('debug', `${this.#options.url}: ${text}`);
  }

  #compareClocks(theirs: number): void {
    const skew = theirs - this.#options.clock.now();
    if (Math.abs(skew - this.#skew) < SKEW_MS) return;
    this.#skew = Math.abs(skew) < SKEW_MS ? 0 : skew;
    this.#options.serving.skew(this.#skew);
  }

  #hear(at: number): void {
    this.#heardAt = at;
    if (this.#state === 'live') return;
    this.#setState('live', null);
    this.#receiver.setLost(null);
  }

  #lose(state: SourceState, reason: string): void {
    const since = this.#heardAt === null ? '' : ` (last heard at ${timeOf(this.#heardAt)})`;
    if (this.#state === state && this.#reason === reason) return;
    this.#options.log('warn', `${this.#options.url}: ${reason}`);
    this.#receiver.setLost(`${this.#id}: ${reason}${since}`);
    this.#setState(state, reason);
  }

  #setState(state: SourceState, reason: string | null): void {
    this.#state = state;
    this.#reason = reason;
    const asOf = this.#heardAt === null ? null : new Date(this.#heardAt + this.#skew).toISOString();
    this.#receiver.setSenderStatus({ id: this.#id, state, asOf, reason });
  }
}

/** The collecting role for another ifscope. */
export function collectUpstream(options: UpstreamOptions): Collecting {
  const { url, token, serving, clock, random, fetch } = options;
  const upstream = new Upstream(options);
  let stream: Stream | null = null;
  let cancelLook = (): void => undefined;
  const look = (): void => {
    cancelLook = clock.after(LOOK_MS, () => {
      upstream.checkSilence();
      look();
    });
  };
  return {
    start() {
      serving.started([upstreamId(url)]);
      stream = follow(upstream, url, {
        fetch: fetchWith(fetch, token),
        now: () => clock.now(),
        random,
        setTimer: (run, ms) => clock.after(ms, run),
        load: loadSet,
        parse: (text) => JSON.parse(text) as unknown,
      });
      look();
      return Promise.resolve();
    },
    settle: () => undefined,
    stop() {
      cancelLook();
      stream?.stop();
      return Promise.resolve();
    },
  };
}
