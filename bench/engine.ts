/**
 * What one change costs in clusters of three sizes, what it weighs on the wire, and what the worst annotation costs to read.
 *
 *   npm run bench -- engine
 */
import { createFindings } from '../lib/findings/evaluate';
import { RULES } from '../lib/findings/registry';
import type { Batch } from '../lib/model/observation';
import { normalisePod } from '../lib/normalise/kubernetes/pod';
import { systemClock } from '../lib/server/store/clock';
import { createEngine } from '../lib/topology/engine';
import type { Name } from '../lib/tracking/names';
import { newTrace, Tracker } from '../lib/tracking/tracker';
import { leanTables } from '../lib/records/wire';
import { createPair } from '../e2e/testing/servers/pair';
import { allLive, remove, upsert } from '../e2e/testing/facts';
import { factsOf, PODS_A_NODE, podOn, type Size } from './facts';
import { median, megabytes, ms, quantile, report, timed, type Row } from './report';

const CHANGES = 600;

function worldOf(size: Size) {
  const engine = createEngine();
  const findings = createFindings(RULES);
  const { store, collector } = createPair(systemClock, { engine, findings });
  collector.apply({ at: Date.now(), observations: [...factsOf(size), ...allLive(Date.now())] });
  collector.settle();
  return { store, collector, engine, findings };
}

const heap = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

type Reads = Iterable<readonly [unit: Name, keys: readonly Name[]]>;

/** Memory of tracked reads, measured on a copy. Its texts are its own, though the original shares most with facts and records. */
function weighReads(all: readonly Reads[]): { readonly edges: number; readonly bytes: number } {
  const before = heap();
  let edges = 0;
  const own = (text: string): string => Buffer.from(text).toString();
  const copies = all.map((reads) => {
    const copy = new Tracker(() => undefined);
    for (const [[space, key], keys] of reads) {
      copy.record(space, own(key), { ...newTrace(), keys: keys.flatMap(([of, name]) => [of, own(name)]) });
      edges += keys.length;
    }
    return copy;
  });
  const bytes = heap() - before;
  return copies.length === all.length ? { edges, bytes } : { edges: 0, bytes: 0 };
}

/** A pod takes or releases a warm address, which changes its pod, interface, ENI, node and network. */
function changeOf(step: number, nodes: number): Batch {
  const one = podOn(((step >> 1) * 7919) % nodes, PODS_A_NODE);
  return { at: Date.now(), observations: [step % 2 === 0 ? upsert('pod', one) : remove('pod', one)] };
}

interface Cost {
  readonly nodes: number;
  readonly half: number;
  readonly p99: number;
  /** Processor time of one change, all threads, milliseconds. */
  readonly used: number;
  readonly bytes: number;
  readonly reads: ReturnType<typeof weighReads>;
}

/** Milliseconds. */
const processorTime = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

function measure(nodes: number): Cost {
  const { store, collector, engine, findings } = worldOf({ nodes, networks: 0 });
  const times: number[] = [];
  const bytes: number[] = [];
  // Warm-up: the first changes measure the JIT compiler.
  for (let step = 0; step < CHANGES / 2; step++) collector.apply(changeOf(step, nodes));
  const before = processorTime();
  const first = { epoch: store.epoch, version: store.version };
  for (let step = CHANGES / 2; step < CHANGES * 1.5; step++) {
    const batch = changeOf(step, nodes);
    const start = performance.now();
    collector.apply(batch);
    times.push(performance.now() - start);
  }
  const used = (processorTime() - before) / CHANGES;
  for (let version = first.version; version < store.version; version++) {
    const since = store.since({ ...first, version }, version + 1);
    if (since.kind === 'delta')
      bytes.push(Buffer.byteLength(JSON.stringify({ ...since.delta, tables: leanTables(since.delta.tables) })));
  }
  collector.close();
  const reads = weighReads([engine.reads(), findings.reads()]);
  return { nodes, half: median(times), p99: quantile(times, 0.99), used, bytes: Math.max(...bytes), reads };
}

/** A third of the pods has a second interface, of a dozen networks that are on every node. */
function weighNetworks(nodes: number): ReturnType<typeof weighReads> {
  const { collector, engine, findings } = worldOf({ nodes, networks: 12 });
  collector.close();
  return weighReads([engine.reads(), findings.reads()]);
}

const weightOf = (what: string, { edges, bytes }: ReturnType<typeof weighReads>): Row => ({
  what,
  measured: megabytes(bytes),
  baseline: `${edges} edges`,
  ratio: null,
  budget: '< 60 MB',
  met: bytes < 60e6,
});

measure(20);
const costs = [100, 1_000, 5_000].map(measure);
const [least] = costs;
const most = costs.at(-1);
if (least === undefined || most === undefined) throw new Error('nothing was measured');
report('engine: one pod comes or goes (facts, records, findings, version)', [
  ...costs.map(({ nodes, half, p99 }): Row => ({
    what: `${nodes} nodes, ${nodes * PODS_A_NODE} pods`,
    measured: `p50 ${half.toFixed(2)} ms, p99 ${ms(p99)}`,
    baseline: `100 nodes: ${least.half.toFixed(2)} ms`,
    ratio: half / least.half,
    budget: '≤ 1.3×',
    met: half / least.half <= 1.3,
  })),
  ...costs.map(({ nodes, used }): Row => ({
    what: `processor time of one, ${nodes} nodes`,
    measured: `${used.toFixed(2)} ms, ${Math.floor(1000 / used)} a second`,
    baseline: `100 nodes: ${least.used.toFixed(2)} ms`,
    ratio: used / least.used,
    budget: '≤ 0.5 ms',
    met: used <= 0.5,
  })),
  {
    what: 'delta of one change, raw, the largest',
    measured: `${Math.max(...costs.map(({ bytes }) => bytes))} B`,
    baseline: '',
    ratio: null,
    budget: '≤ 2 KB',
    met: costs.every(({ bytes }) => bytes <= 2048),
  },
  weightOf(`reads tracked, engine and findings, ${most.nodes * PODS_A_NODE} pods`, most.reads),
  weightOf(`the same, a dozen networks on every node`, weighNetworks(most.nodes)),
]);

/** Hostile annotations, each as large as an etcd object may be. */
const MEGABYTE = 1 << 20;
const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
const STATUS = 'k8s.v1.cni.cncf.io/network-status';
const repeated = (text: string): string => text.repeat(Math.floor(MEGABYTE / text.length));
const HOSTILE: readonly (readonly [what: string, key: string, text: string])[] = [
  ['commas', NETWORKS, repeated(',')],
  ['names', NETWORKS, repeated('a/b@c,')],
  ['deep JSON', NETWORKS, `[${repeated('[')}`],
  ['objects', NETWORKS, `[${repeated('{"name":"a"},').slice(0, -1)}]`],
  ['spaces in a name', NETWORKS, `a${repeated(' ')}b`],
  [
    'status entries',
    STATUS,
    `[${repeated('{"name":"a/b","interface":"net1","ips":["10.0.0.1"],"mac":"02:00:00:00:00:01"},').slice(0, -1)}]`,
  ],
  ['addresses', STATUS, `[{"name":"a/b","interface":"net1","ips":[${repeated('"fd00::1",').slice(0, -1)}]}]`],
  ['escapes', STATUS, `[{"name":"${repeated('\\u0000')}"}]`],
];

report(
  'worst annotations, 1 MB each: one pod normalised',
  HOSTILE.map(([what, key, text]): Row => {
    const object = {
      metadata: { namespace: 'n', name: 'p', uid: 'u', annotations: { [key]: text } },
      spec: { nodeName: 'n1' },
      status: { phase: 'Running' },
    };
    const carried = JSON.stringify(object);
    const baseline = timed(5, () => void JSON.parse(carried));
    const took = timed(5, () => void normalisePod(object));
    return {
      what,
      measured: ms(took),
      baseline: `JSON.parse of the pod: ${ms(baseline)}`,
      ratio: took / baseline,
      budget: '≤ 200 ms (it blocks)',
      met: took <= 200,
    };
  }),
);
