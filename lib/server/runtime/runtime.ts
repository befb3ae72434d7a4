/**
 * The composition root: sources, engine, rules, store, hub and what answers HTTP, joined for one `From`.
 *
 * Always: one runtime per process, reached through `getRuntime` (Next instantiates modules of `lib` several times in one
 * process, so it hangs on `globalThis`); a source that fails never ends it; `stop` closes every stream and source.
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
import type { Tap } from './tap';

export interface Runtime {
  readonly store: Store;
  readonly hub: Hub;
  readonly fullSets: FullSets;
  readonly metrics: Registry;
  /** Real time, also where the records' own clock stands still. */
  readonly clock: Clock;
  /** What is shown where it is no cluster but a file, and when that was taken; null for a cluster. */
  readonly file: { readonly kind: FileFrom['kind']; readonly takenAt: Timestamp } | null;
  /** Sources without which there is no picture; empty for a file. */
  readonly required: ReadonlySet<string>;
  /** Required sources that have neither synced nor said why not. */
  waitingFor(): readonly string[];
  /** Every source has said something: live, or why not. */
  isSynced(): boolean;
  /** Reads the file or starts the sources. Throws a `Problem` when the file or configuration cannot be used. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface RuntimeOptions {
  readonly log: SourceContext['log'];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Sees what the API servers answered, before it is reduced; for `ifscope capture`. */
  readonly tap?: Tap;
}

const newEpoch = (): string => randomBytes(6).toString('hex');

export function createRuntime(from: From, options: RuntimeOptions): Runtime {
  const clock = systemClock;
  const frozen = isFile(from) ? createFrozenClock() : null;
  const engine = createEngine();
  const findings = createFindings(RULES);
  const store = new Store({ epoch: newEpoch(), engine, findings, clock: frozen ?? clock });
  const hub = new Hub(store, clock);
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
  const tell = (sources: readonly SourceRecord[]): void =>
    emit({ at: clock.now(), observations: sources.map((source) => ({ op: 'status', source })) });

  const startLive = async (): Promise<void> => {
    const { connectLive } = await import('./connect-live');
    const connected = await connectLive(from, { ...options, env: options.env ?? process.env, replica: store.replica });
    live = connected.live;
    required = connected.required;
    closing.push(connected.close);
    if (connected.demo) emit({ at: clock.now(), observations: [{ op: 'cluster', cluster: { demo: true } }] });
    const ids = live.sources.flatMap((source) => source.ids);
    tell([
      ...ids.map((id) => ({ id, state: 'starting', asOf: null, reason: null }) as const),
      ...live.off.map(([id, reason]) => ({ id, state: 'off', asOf: null, reason }) as const),
    ]);
    run(live.sources);
  };

  const startFile = async (file: FileFrom, stand: (at: number) => void): Promise<void> => {
    const read = await readFromFile(file);
    if (read.kind === 'snapshot') {
      stand(Date.parse(read.topology.takenAt));
      store.replace(toMaps(read.topology), read.topology.cluster);
      return;
    }
    stand(Date.parse(read.capture.takenAt));
    for (const problem of read.capture.problems) options.log('warn', `capture: ${problem}`);
    run([createCaptureSource(read.capture)]);
  };

  return {
    store,
    hub,
    fullSets: createFullSets(store, clock),
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
      if (!started) return ['the start'];
      return [...required].filter((id) => (store.replica.records.sources.get(id)?.state ?? 'starting') === 'starting');
    },
    isSynced: () =>
      started && [...store.replica.records.sources.values()].every((source) => source.state !== 'starting'),
    async start() {
      await (isFile(from) ? startFile(from, (at) => frozen?.stand(at)) : startLive());
      started = true;
    },
    stop() {
      stopping ??= (async () => {
        hub.close();
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

/** The runtime of this process; `install` puts it there once, before the first request. */
export function getRuntime(): Runtime {
  const runtime = (globalThis as Global)[SLOT];
  if (runtime === undefined) throw new Error('the runtime is not started: instrumentation.ts does that');
  return runtime;
}

export function installRuntime(runtime: Runtime): void {
  (globalThis as Global)[SLOT] = runtime;
}

/** One line for a person, of whatever was thrown. */
export const formatProblem = (error: unknown): string =>
  error instanceof Problem ? error.message : `unexpected failure: ${reasonOf(error)}`;
