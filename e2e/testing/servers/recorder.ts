/** Receives batches in place of the engine; a test can inspect their contents and wait for them. */
import type { SourceLag } from '../../../lib/model/lag';
import type { Batch, Observation, SourceStatus } from '../../../lib/model/observation';
import type { ClusterInfo } from '../../../lib/model/records';
import { SourceLags } from '../../../lib/server/sources/lags';
import type { Emit, SourceContext } from '../../../lib/server/sources/source';

export interface Recorder {
  readonly emit: Emit;
  readonly batches: readonly Batch[];
  /** Facts by `scope key`. */
  readonly facts: ReadonlyMap<string, unknown>;
  readonly keys: readonly string[];
  readonly cluster: Partial<ClusterInfo>;
  /** Every status of a source, in order. */
  statuses(id: string): readonly SourceStatus[];
  status(id: string): SourceStatus | null;
  /** Resolves when `holds` returns true; checked after every batch. */
  until(holds: () => boolean): Promise<void>;
  /** The lag that the readings of a source report; null before the first. */
  lag(id: string): SourceLag | null;
  readonly log: readonly string[];
  /** Messages at level debug, which are not in `log`. */
  readonly debug: readonly string[];
  context(now: () => number, random?: () => number): SourceContext;
}

export function createRecorder(): Recorder {
  const batches: Batch[] = [];
  const facts = new Map<string, unknown>();
  const statuses: SourceStatus[] = [];
  const log: string[] = [];
  const debug: string[] = [];
  let lags = new SourceLags(() => 0);
  let cluster: Partial<ClusterInfo> = {};
  let waiters: { readonly holds: () => boolean; readonly resolve: () => void }[] = [];

  const take = (observation: Observation): void => {
    switch (observation.op) {
      case 'upsert':
        facts.set(`${observation.scope} ${observation.key}`, observation.fact);
        break;
      case 'remove':
        facts.delete(`${observation.scope} ${observation.key}`);
        break;
      case 'replaceAll':
        for (const key of [...facts.keys()]) if (key.startsWith(`${observation.scope} `)) facts.delete(key);
        for (const [key, fact] of observation.facts) facts.set(`${observation.scope} ${key}`, fact);
        break;
      case 'keepOnly':
        for (const key of [...facts.keys()])
          if (key.startsWith(`${observation.scope} `) && !observation.keys.has(key.slice(observation.scope.length + 1)))
            facts.delete(key);
        break;
      case 'status':
        statuses.push(observation.source);
        break;
      case 'cluster':
        cluster = { ...cluster, ...observation.cluster };
    }
  };
  return {
    batches,
    facts,
    log,
    debug,
    get keys() {
      return [...facts.keys()].map((key) => key.slice(key.indexOf(' ') + 1)).sort();
    },
    get cluster() {
      return cluster;
    },
    statuses: (id) => statuses.filter((each) => each.id === id),
    status: (id) => statuses.findLast((each) => each.id === id) ?? null,
    emit(batch, applied) {
      batches.push(batch);
      batch.observations.forEach(take);
      const ready = waiters.filter(({ holds }) => holds());
      waiters = waiters.filter((each) => !ready.includes(each));
      for (const { resolve } of ready) resolve();
      applied?.();
    },
    until: (holds) => (holds() ? Promise.resolve() : new Promise((resolve) => waiters.push({ holds, resolve }))),
    lag: (id) => lags.figures[id] ?? null,
    context(now, random = () => 0.5) {
      lags = new SourceLags(now);
      return {
        now,
        random,
        lagOf: (source) => lags.reading(source),
        log(level, message) {
          if (level === 'debug') debug.push(message);
          else log.push(`${level} ${message}`);
        },
      };
    },
  };
}
