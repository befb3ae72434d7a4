/** A server that follows another ifscope, in one thread: what `--from URL` creates, with a given clock and `fetch`. */
import type { Fetch } from '../../../lib/follow/requests';
import type { SourceRecord } from '../../../lib/model/records';
import type { Runtime } from '../../../lib/server/runtime/runtime';
import { systemClock, type Clock } from '../../../lib/server/store/clock';
import type { Serving } from '../../../lib/server/store/roles';
import { Keyframes } from '../../../lib/server/store/keyframes';
import { Store } from '../../../lib/server/store/store';
import { Hub } from '../../../lib/server/stream/hub';
import { collectUpstream, upstreamId } from '../../../lib/server/upstream/upstream';
import { untilHolds } from './until';

/** The parts of a runtime that the HTTP handlers need, for a store. */
export const serving = (store: Store, file: Runtime['file'] = null): Runtime =>
  ({ store, hub: new Hub(store, systemClock), keyframes: new Keyframes(store, systemClock), file }) as Runtime;

export interface ReplicaOptions {
  readonly token?: string;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  /** A stage between the follower and the store: the channel between two threads. */
  readonly through?: (store: Store) => { readonly serving: Serving; readonly deliver: () => void };
}

export interface TestReplica {
  readonly store: Store;
  readonly log: readonly string[];
  /** Messages at level debug, which are not in `log`. */
  readonly debug: readonly string[];
  /** The source for the connection to the other ifscope. */
  readonly own: () => SourceRecord | undefined;
  /** The current source record, including its lag. */
  readonly source: (id: string) => SourceRecord | undefined;
  /** Resolves when `holds` returns true; checked at every commit, and periodically. */
  readonly until: (holds: () => boolean) => Promise<void>;
  readonly stop: () => Promise<void>;
}

let started = 0;

export async function startReplica(url: string, options: ReplicaOptions = {}): Promise<TestReplica> {
  const { token = null, clock = systemClock } = options;
  let skew = 0;
  const store = new Store({ epoch: `replica${started++}`, clock: { ...clock, now: () => clock.now() + skew } });
  const log: string[] = [];
  const debug: string[] = [];
  const link = options.through?.(store);
  const delivering = link === undefined ? null : setInterval(link.deliver, 5);
  const collecting = collectUpstream({
    url,
    token,
    serving: link?.serving ?? {
      reset: (records, cluster) => store.reset(records, cluster),
      commit: (change) => store.commit(change),
      ages: (ages) => store.setAges(ages),
      lags: (lags) => store.setLags(lags),
      started: () => undefined,
      figures: () => undefined,
      skew: (ms) => {
        skew = ms;
      },
    },
    clock,
    random: () => 0,
    log: (level, message) => (level === 'debug' ? debug : log).push(message),
    fetch: options.fetch ?? fetch,
  });
  await collecting.start();
  const source = (id: string): SourceRecord | undefined => store.sources().find((each) => each.id === id);
  return {
    store,
    log,
    debug,
    source,
    own: () => source(upstreamId(url)),
    until: (holds) => untilHolds(store, holds),
    async stop() {
      if (delivering !== null) clearInterval(delivering);
      await collecting.stop();
    },
  };
}
