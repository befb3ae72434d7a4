/**
 * The composition root: connects the collecting and the serving role for one `From`.
 *
 * - There is one runtime per process. Next loads modules of `lib` several times in one process, so it is kept on
 * `globalThis` (`getRuntime`).
 * - `stop` closes every stream and source.
 */
import { randomBytes } from 'node:crypto';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Visitor } from '../rights/rights';
import type { SourceContext } from '../sources/source';
import { systemClock, type Clock } from '../store/clock';
import { Keyframes } from '../store/keyframes';
import type { Collecting, Figures, Serving } from '../store/roles';
import { CommitReceiver } from '../store/commit-receiver';
import { Store } from '../store/store';
import { Hub } from '../stream/hub';
import { collectInThread, type Thread } from '../thread/host';
import type { ThreadData } from '../thread/run';
import type { AnswerRecorder } from './answer-recorder';
import { collectFile, collectLive } from './collecting';
import type { From, LiveFrom } from './from';
import { createFrozenClock, type FrozenClock } from './frozen-clock';
import { createMetrics } from './metrics';
import { Problem, reasonOf } from './problem';
import { isFile } from './read-file';
import { createVisitors, servedWhileSignedIn, type Served, type Shared } from './served';

/** The server's state: the data it serves, and its life cycle. */
export interface Runtime extends Served {
  /** Real time, even if the clock of the records is stopped. */
  readonly clock: Clock;
  /** The data served to a visitor; for null, everything. Resolves to null when too many different views are in use. */
  servedFor(visitor: Visitor | null): Promise<Served | null>;
  /** Ids of the sources that every picture needs; empty for a file. */
  readonly required: ReadonlySet<string>;
  /** Ids of required sources that are still starting. */
  waitingFor(): readonly string[];
  /** Whether no source is still starting: each is live or has reported an error. */
  isSynced(): boolean;
  /** Reads the file or starts the sources. Throws a `Problem` for an invalid file or configuration. */
  start(): Promise<void>;
  /** Finishes pending work, for commands that print once. */
  settle(): void;
  stop(): Promise<void>;
}

export interface RuntimeOptions {
  readonly log: SourceContext['log'];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For `ifscope capture`. */
  readonly recorder?: AnswerRecorder;
  /** The API server that decides what visitors see (`--rights`; null: that of `from`); absent: they see everything. */
  readonly rights?: { readonly of: string | null };
  /** Starts the thread that collects from a live source; absent: the serving thread collects. */
  readonly startThread?: (from: LiveFrom, data: ThreadData) => Thread;
}

const newEpoch = (): string => randomBytes(6).toString('hex');

function createCollecting(
  from: From,
  parts: { readonly frozen: FrozenClock | null; readonly serving: Serving; readonly store: Store },
  { log, recorder, startThread, env = process.env }: RuntimeOptions,
): Collecting {
  const { frozen, serving, store } = parts;
  if (isFile(from)) return collectFile(from, frozen ?? createFrozenClock(), { serving, log });
  if (startThread === undefined)
    return collectLive(from, { serving, log, env, ...(recorder === undefined ? {} : { recorder }) });
  return collectInThread({
    create: (data) => startThread(from, data),
    serving,
    receiver: new CommitReceiver(serving, store.replica.records),
    clock: systemClock,
    log,
    problem: (kind, message) => new Problem(kind, message),
  });
}

/** What the collecting role reports besides records. */
interface Reported {
  /** Ids of the sources that complete records need; null before the start. */
  required: ReadonlySet<string> | null;
  figures: Figures;
  /** By how much the collector's clock is ahead of this one, in milliseconds. */
  skew: number;
}

/** Receives what the collecting role sends and updates the store, the views of visitors and `reported`. */
const servingOf = (
  store: Store,
  views: Pick<Store, 'setAges' | 'setLags'> | undefined,
  reported: Reported,
): Serving => ({
  reset: (records, cluster) => store.reset(records, cluster),
  commit: (change) => store.commit(change),
  ages(ages) {
    store.setAges(ages);
    views?.setAges(ages);
  },
  lags(lags) {
    store.setLags(lags);
    views?.setLags(lags);
  },
  started: (ids) => {
    reported.required = new Set(ids);
  },
  figures: (figures) => {
    reported.figures = figures;
  },
  skew: (ms) => {
    reported.skew = ms;
  },
});

/** Creates a runtime, which does nothing before `start`. */
export function createRuntime(from: From, options: RuntimeOptions): Runtime {
  const clock = systemClock;
  const frozen = isFile(from) ? createFrozenClock() : null;
  const reported: Reported = { required: null, figures: { ec2CallsLastMinute: 0 }, skew: 0 };
  const store = new Store({ epoch: newEpoch(), clock: frozen ?? { ...clock, now: () => clock.now() + reported.skew } });
  const hub = new Hub(store, clock);
  const keyframes = new Keyframes(store, clock);
  let stopping: Promise<void> | null = null;

  const served = (of: Shared, process: boolean): Served => {
    const { version } = packageJson;
    const metrics = createMetrics({ store: of.store, hub: of.hub, version, figures: () => reported.figures, process });
    return {
      ...of,
      metrics,
      get file() {
        return isFile(from) ? { kind: from.kind, takenAt: new Date(store.now()).toISOString() } : null;
      },
    };
  };
  const everything = served({ store, hub, keyframes }, true);
  const { rights, env = process.env } = options;
  const visitors =
    rights === undefined
      ? null
      : createVisitors({
          everything,
          served: ({ store, hub, keyframes }) => served({ store, hub, keyframes }, false),
          from,
          rightsOf: rights.of,
          clock,
          newEpoch,
          env,
          log: options.log,
        });

  const serving = servingOf(store, visitors?.views, reported);
  const collecting = createCollecting(from, { frozen, serving, store }, options);

  return {
    store,
    hub,
    keyframes,
    get metrics() {
      return everything.metrics;
    },
    get file() {
      return everything.file;
    },
    clock,
    servedFor: (visitor) => {
      if (visitor === null) return Promise.resolve(everything);
      return visitors?.servedFor(visitor) ?? Promise.resolve(servedWhileSignedIn(everything, visitor, clock));
    },
    get required() {
      return reported.required ?? new Set();
    },
    waitingFor() {
      if (reported.required === null) return ['startup'];
      return [...reported.required].filter(
        (id) => (store.replica.records.sources.get(id)?.state ?? 'starting') === 'starting',
      );
    },
    isSynced: () =>
      reported.required !== null &&
      [...store.replica.records.sources.values()].every((source) => source.state !== 'starting'),
    start: () => collecting.start(),
    settle: () => collecting.settle(),
    stop() {
      stopping ??= (async () => {
        hub.close();
        keyframes.close();
        await visitors?.close();
        await collecting.stop();
      })();
      return stopping;
    },
  };
}

const SLOT = Symbol.for('ifscope.runtime');
type Global = { [SLOT]?: Runtime };

/** The runtime of this process. Call `installRuntime` first. */
export function getRuntime(): Runtime {
  const runtime = (globalThis as Global)[SLOT];
  if (runtime === undefined) throw new Error('the runtime is not started: instrumentation.ts does that');
  return runtime;
}

/** Sets the runtime of this process, for all copies of the modules. */
export function installRuntime(runtime: Runtime): void {
  (globalThis as Global)[SLOT] = runtime;
}

/** A one-line message for any thrown value. */
export const formatProblem = (error: unknown): string =>
  error instanceof Problem ? error.message : `unexpected failure: ${reasonOf(error)}`;
