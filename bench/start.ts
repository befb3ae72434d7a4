/**
 * Processor time per pod from list to live, stage by stage; each stage is fed with the output of the previous one.
 * Kubernetes only, as in `server` and `large`; everything in this thread, so the sum is that of both threads.
 *
 * npm run bench -- start [--nodes 1000] [--pods-per-node 33]
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Findings } from '../lib/findings/evaluate';
import { RULES } from '../lib/findings/registry';
import { isReadByRules } from '../lib/findings/rule/reader';
import type { Batch } from '../lib/model/observation';
import { createReplica } from '../lib/records/replica';
import { decodePart, encodePart } from '../lib/server/thread/messages';
import { systemClock } from '../lib/server/store/clock';
import { partsOf } from '../lib/server/store/parts';
import type { Committed } from '../lib/server/store/roles';
import { Store } from '../lib/server/store/store';
import { SourceLags } from '../lib/server/sources/lags';
import { Engine, type Change } from '../lib/topology/engine';
import { bareList } from './bare-list';
import { startCluster, type Cluster } from './cluster';
import { readOptions } from './options';
import { report } from './results';
import { row } from './rows';
import { cpuSince } from './statistics';

const PODS = 'kubernetes/pods';
const options = readOptions(process.argv.slice(2), { podsPerNode: 33 });

class Stages {
  readonly ms = new Map<string, number>();

  run<T>(stage: string, work: () => T): T {
    const usage = process.cpuUsage();
    try {
      return work();
    } finally {
      this.add(stage, cpuSince(usage));
    }
  }

  add(stage: string, ms: number): void {
    this.ms.set(stage, (this.ms.get(stage) ?? 0) + ms);
  }
}

const steps = (batch: Batch, engine: Engine): Change | null => {
  const all = engine.steps([batch]);
  for (;;) {
    const step = all.next();
    if (step.done === true) return step.value;
  }
};

const isLive = ({ observations }: Batch, id: string): boolean =>
  observations.some(
    ({ op, ...rest }) => op === 'status' && 'source' in rest && rest.source.id === id && rest.source.state === 'live',
  );

/** Reads the cluster like the sources; every batch goes through all further stages before the next one arrives. */
async function read(cluster: Cluster, stages: Stages, taken: (batch: Batch) => void): Promise<void> {
  Object.assign(process.env, cluster.env, { IFSCOPE_AWS_NODE: 'off', IFSCOPE_EC2: 'off' });
  const { connectLive } = await import('../lib/server/runtime/connect-live');
  const lags = new SourceLags(() => Date.now());
  const { live, close } = await connectLive(
    { kind: 'context', context: cluster.name },
    { env: process.env, replica: createReplica(), lagOf: (id) => lags.reading(id), log: () => undefined },
  );
  const done = Promise.withResolvers<undefined>();
  let others = 0;
  const usage = process.cpuUsage();
  for (const source of live.sources)
    source.start((batch, applied = () => undefined) => {
      void nextTurn().then(() => {
        const own = process.cpuUsage();
        taken(batch);
        others += cpuSince(own);
        applied();
        if (isLive(batch, PODS)) done.resolve(undefined);
      });
    });
  await done.promise;
  stages.add('read, decode, normalise', cpuSince(usage) - others);
  await Promise.all(live.sources.map((source) => source.stop()));
  await close();
}

async function measure(cluster: Cluster): Promise<{ readonly stages: Stages; readonly pods: number }> {
  const stages = new Stages();
  const engine = new Engine(isReadByRules);
  const findings = new Findings(RULES);
  const store = new Store({ epoch: 'e1', clock: systemClock });
  const tell = (change: Committed): void => {
    const parts = stages.run('encode for the serving thread', () => [...partsOf(change)].map(encodePart));
    stages.run('decode and take in', () => {
      for (const part of parts) store.commit(decodePart(part));
    });
  };
  await read(cluster, stages, (batch) => {
    const change = stages.run('derive', () => steps(batch, engine));
    if (change === null) return;
    const found = stages.run('findings', () => findings.update(engine.replica, Date.now()));
    if (found !== null) engine.replica.apply({ findings: found });
    tell({ ...change, tables: { ...change.tables, ...(found === null ? {} : { findings: found }) } });
  });
  for (let at = Date.now(); (findings.nextDueAt ?? Infinity) <= at; at = Date.now()) {
    const found = stages.run('findings', () => findings.tick(engine.replica, at));
    if (found === null) continue;
    engine.replica.apply({ findings: found });
    tell({ tables: { findings: found } });
  }
  return { stages, pods: store.replica.records.pods.size };
}

const cluster = await startCluster({ ...options, changes: 0 });
try {
  await bareList(cluster);
  const bare = await bareList(cluster);
  // A first run warms up the compiler, whose share in a large cluster is small.
  await measure(cluster);
  const { stages, pods } = await measure(cluster);
  const of = (ms: number): number => (ms * 1000) / pods;
  const all = [...stages.ms.values()].reduce((sum, ms) => sum + ms, 0);
  report('start', options.save, {
    title: `list → live by stages, processor time a pod: ${pods} pods on ${options.nodes} nodes, Kubernetes only`,
    rows: [
      ...[...stages.ms].map(([stage, ms]) => row(stage, of(ms), 'µs')),
      row('all of it', of(all), 'µs', { baseline: ['bare paged list + JSON.parse', of(bare.cpu)], mostRatio: 0.6 }),
    ],
  });
} finally {
  await cluster.stop();
}
