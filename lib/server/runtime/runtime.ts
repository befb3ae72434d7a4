/**
 * The composition root: connects sources, engine, rules, store, hub and HTTP for one `From`.
 *
 * - There is one runtime per process. Next loads modules of `lib` several times in one process, so it is kept on
 *   `globalThis` (`getRuntime`).
 * - A source that fails never ends it. `stop` closes every stream and source.
 */
import { randomBytes } from 'node:crypto';
import type { Registry } from 'prom-client';
import packageJson from '../../../package.json' with { type: 'json' };
import { createFindings } from '../../findings/evaluate';
import { RULES } from '../../findings/registry';
import type { Batch } from '../../model/observation';
import type { SourceRecord, Timestamp } from '../../model/records';
import { toMaps } from '../../snapshot/maps';
import { createEngine } from '../../topology/engine';
import { createFullSets, type FullSets } from '../store/full-set';
import { createCaptureSource } from '../sources/files/source';
import type { Source, SourceContext } from '../sources/source';
import { systemClock, type Clock } from '../store/clock';
import { Store } from '../store/store';
import { Hub } from '../stream/hub';
import type { From } from './from';
import { createFrozenClock } from './frozen-clock';
import type { LiveSources } from './live-sources';
import { createMetrics } from './metrics';
import { Problem, reasonOf } from './problem';
import { isFile, readFromFile, type FileFrom } from './read-file';
import type { AnswerRecorder } from './answer-recorder';

export interface Runtime {
  readonly store: Store;
  readonly hub: Hub;
  readonly fullSets: FullSets;
  readonly metrics: Registry;
  /** Real time, even where the clock of the records is stopped. */
  readonly clock: Clock;
  /** The kind of file that is shown, and when it was taken; null for a cluster. */
  readonly file: { readonly kind: FileFrom['kind']; readonly takenAt: Timestamp } | null;
  /** Ids of the sources without which nothing can be drawn; empty for a file. */
  readonly required: ReadonlySet<string>;
  /** Ids of required sources that are still starting. */
  waitingFor(): readonly string[];
  /** Whether no source is still starting: each is live or has said why not. */
  isSynced(): boolean;
  /** Reads the file or starts the sources. Throws a `Problem` when the file or configuration cannot be used. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface RuntimeOptions {
  readonly log: SourceContext['log'];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For `ifscope capture`. */
  readonly recorder?: AnswerRecorder;
}

const newEpoch = (): string => randomBytes(6).toString('hex');

export function createRuntime(from: From, options: RuntimeOptions): Runtime {
  const clock = systemClock;
  const frozen = isFile(from) ? createFrozenClock() : null;
  const engine = createEngine();
  const findings = createFindings(RULES);
  const store = new Store({ epoch: newEpoch(), engine, findings, clock: frozen ?? clock });
  const hub = new Hub(store, clock);
  const fullSets = createFullSets(store, clock);
  const running: Source[] = [];
  const closing: (() => Promise<void>)[] = [];
  let live: LiveSources | null = null;
  let required: ReadonlySet<string> = new Set();
  let started = false;
  let stopping: Promise<void> | null = null;

  const emit = (batch: Batch): void => {
    if (stopping !== null) return;
    store.take(batch, () => live?.applied(batch));
  };
  const run = (sources: readonly Source[]): void => {
    for (const source of sources) {
      running.push(source);
      source.start(emit);
    }
  };
  const report = (sources: readonly SourceRecord[]): void =>
    emit({ at: clock.now(), observations: sources.map((source) => ({ op: 'status', source })) });

  const startLive = async (): Promise<void> => {
    const { connectLive } = await import('./connect-live');
    const connected = await connectLive(from, { ...options, env: options.env ?? process.env, replica: store.replica });
    live = connected.live;
    required = connected.required;
    closing.push(connected.close);
    if (connected.demo) emit({ at: clock.now(), observations: [{ op: 'cluster', cluster: { demo: true } }] });
    const ids = live.sources.flatMap((source) => source.ids);
    report([
      ...ids.map((id) => ({ id, state: 'starting', asOf: null, reason: null }) as const),
      ...live.off.map(([id, reason]) => ({ id, state: 'off', asOf: null, reason }) as const),
    ]);
    run(live.sources);
  };

  const startFile = async (file: FileFrom, stopClock: (at: number) => void): Promise<void> => {
    const read = await readFromFile(file);
    if (read.kind === 'snapshot') {
      stopClock(Date.parse(read.topology.takenAt));
      store.replace(toMaps(read.topology), read.topology.cluster);
      return;
    }
    stopClock(Date.parse(read.capture.takenAt));
    for (const problem of read.capture.problems) options.log('warn', `capture: ${problem}`);
    run([createCaptureSource(read.capture)]);
  };

  return {
    store,
    hub,
    fullSets,
    metrics: createMetrics({
      store,
      hub,
      version: packageJson.version,
      ec2CallsLastMinute: () => live?.ec2CallsLastMinute() ?? 0,
    }),
    clock,
    get file() {
      return isFile(from) ? { kind: from.kind, takenAt: new Date(store.now()).toISOString() } : null;
    },
    get required() {
      return required;
    },
    waitingFor() {
      if (!started) return ['startup'];
      return [...required].filter((id) => (store.replica.records.sources.get(id)?.state ?? 'starting') === 'starting');
    },
    isSynced: () =>
      started && [...store.replica.records.sources.values()].every((source) => source.state !== 'starting'),
    async start() {
      await (isFile(from) ? startFile(from, (at) => frozen?.stopAt(at)) : startLive());
      started = true;
    },
    stop() {
      stopping ??= (async () => {
        hub.close();
        fullSets.close();
        store.close();
        await Promise.allSettled(running.map((source) => source.stop()));
        await Promise.allSettled(closing.map((close) => close()));
      })();
      return stopping;
    },
  };
}

const SLOT = Symbol.for('ifscope.runtime');
type Global = { [SLOT]?: Runtime };

/** The runtime of this process; `installRuntime` sets it before the first request. */
export function getRuntime(): Runtime {
  const runtime = (globalThis as Global)[SLOT];
  if (runtime === undefined) throw new Error('the runtime is not started: instrumentation.ts does that');
  return runtime;
}

export function installRuntime(runtime: Runtime): void {
  (globalThis as Global)[SLOT] = runtime;
}

/** One line for the user about whatever was thrown. */
export const formatProblem = (error: unknown): string =>
  error instanceof Problem ? error.message : `unexpected failure: ${reasonOf(error)}`;
