/**
 * The collecting role, in its creator's thread: sources, engine and rules for one `From`. It depends on the serving
 * role only through `Serving`.
 */
import { Findings } from '../../findings/evaluate';
import { RULES } from '../../findings/registry';
import { isReadByRules } from '../../findings/rule/reader';
import type { Batch, SourceStatus } from '../../model/observation';
import { toMaps } from '../../snapshot/maps';
import { Engine } from '../../topology/engine';
import { Collector } from '../collect/collector';
import { createCaptureSource } from '../sources/files/source';
import type { Source, SourceContext } from '../sources/source';
import { systemClock, type Clock } from '../store/clock';
import type { Collecting, Serving } from '../store/roles';
import { collectUpstream } from '../upstream/upstream';
import type { AnswerRecorder } from './answer-recorder';
import type { ClusterFrom, LiveFrom } from './from';
import type { FrozenClock } from './frozen-clock';
import { createIntake, type Intake } from './intake';
import type { LiveSources } from './live-sources';
import { readFromFile, type FileFrom } from './read-file';

export interface CollectingOptions {
  readonly serving: Serving;
  readonly log: SourceContext['log'];
}

/** Additional options for a live source. */
export interface LiveOptions extends CollectingOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For `ifscope capture`. */
  readonly recorder?: AnswerRecorder;
}

/** Interval of sending the figures, in milliseconds. */
const FIGURES_MS = 1_000;

class Collection {
  readonly collector: Collector;
  readonly intake: Intake;
  readonly #running: Source[] = [];
  #applied: (batch: Batch) => void = () => undefined;
  #isStopped = false;

  constructor(serving: Serving, clock: Clock) {
    this.collector = new Collector({
      engine: new Engine(isReadByRules),
      findings: new Findings(RULES),
      clock,
      serving,
    });
    this.intake = createIntake(this.collector, serving, clock);
  }

  readonly emit = (batch: Batch, applied: () => void = () => undefined): void => {
    if (this.#isStopped) return;
    this.intake.take(batch, (taken) => {
      this.#applied(taken);
      applied();
    });
  };

  /** Starts the sources. `applied` runs after each batch has been committed. */
  run(sources: readonly Source[], applied: (batch: Batch) => void = () => undefined): void {
    this.#applied = applied;
    for (const source of sources) {
      this.#running.push(source);
      source.start(this.emit);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.intake.stop();
    this.collector.close();
    await Promise.allSettled(this.#running.map((source) => source.stop()));
  }
}

/** Collects from a cluster or from the demo. */
function collectCluster(from: ClusterFrom, options: LiveOptions): Collecting {
  const { serving } = options;
  const clock = systemClock;
  const collection = new Collection(serving, clock);
  let closeClients = (): Promise<void> => Promise.resolve();
  let stopFigures = (): void => undefined;
  let stopping: Promise<void> | null = null;

  const tellFigures = (live: LiveSources, told: number): void => {
    const ec2CallsLastMinute = live.ec2CallsLastMinute();
    if (ec2CallsLastMinute !== told) serving.figures({ ec2CallsLastMinute });
    stopFigures = clock.after(FIGURES_MS, () => tellFigures(live, ec2CallsLastMinute));
  };
  const report = (sources: readonly SourceStatus[]): void =>
    collection.emit({ at: clock.now(), observations: sources.map((source) => ({ op: 'status', source })) });

  return {
    async start() {
      const { connectLive } = await import('./connect-live');
      const { live, required, demo, close } = await connectLive(from, {
        ...options,
        replica: collection.collector.replica,
        lagOf: collection.intake.lagOf,
      });
      if (stopping !== null) return close();
      closeClients = close;
      if (demo) collection.emit({ at: clock.now(), observations: [{ op: 'cluster', cluster: { demo: true } }] });
      const ids = live.sources.flatMap((source) => source.ids);
      report([
        ...ids.map((id) => ({ id, state: 'starting', asOf: null, reason: null }) as const),
        ...live.off.map(([id, reason]) => ({ id, state: 'off', asOf: null, reason }) as const),
      ]);
      serving.started([...required]);
      collection.run(live.sources, (batch) => live.applied(batch));
      collection.intake.measure();
      tellFigures(live, 0);
    },
    settle: () => collection.collector.settle(),
    stop() {
      stopping ??= (async () => {
        stopFigures();
        await collection.stop();
        await closeClients();
      })();
      return stopping;
    },
  };
}

/** Collects from a cluster, or follows another ifscope. */
export function collectLive(from: LiveFrom, options: LiveOptions): Collecting {
  if (from.kind !== 'ifscope') return collectCluster(from, options);
  const { serving, log, env } = options;
  return collectUpstream({
    url: from.url,
    token: (env.IFSCOPE_FROM_TOKEN ?? '') === '' ? null : (env.IFSCOPE_FROM_TOKEN ?? null),
    serving,
    log,
    clock: systemClock,
    random: () => Math.random(),
    fetch,
  });
}

/** Reads a capture or a snapshot file, and stops `clock` at the time the file was taken. */
export function collectFile(from: FileFrom, clock: FrozenClock, { serving, log }: CollectingOptions): Collecting {
  const collection = new Collection(serving, clock);
  return {
    async start() {
      const read = await readFromFile(from);
      if (read.kind === 'snapshot') {
        clock.stopAt(Date.parse(read.topology.takenAt));
        serving.reset(toMaps(read.topology), read.topology.cluster);
      } else {
        clock.stopAt(Date.parse(read.capture.takenAt));
        for (const problem of read.capture.problems) log('warn', `capture: ${problem}`);
        collection.run([createCaptureSource(read.capture)]);
      }
      serving.started([]);
    },
    settle: () => collection.collector.settle(),
    stop: () => collection.stop(),
  };
}
