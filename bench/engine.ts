/**
 * The cost of one change in clusters of three sizes, its size on the wire, and the cost of reading the worst
 * annotation.
 *
 * npm run bench -- engine
 */
import { upsert } from '../e2e/testing/facts';
import type { Batch } from '../lib/model/observation';
import { normalisePod } from '../lib/normalise/kubernetes/pod';
import { newTrace, Tracker } from '../lib/tracking/tracker';
import { leanTables } from '../lib/records/wire';
import { HOSTILE } from './hostile';
import { readOptions } from './options';
import { report } from './results';
import { row } from './rows';
import { heap, median, quantile, timed } from './statistics';
import { batchOf, PODS_A_NODE, podOn, removal, worldOf } from './world';

const CHANGES = 600;

/**
 * Memory of tracked reads, measured on a copy. The copy has its own strings, although the original shares most with
 * facts and records.
 */
function weighReads(all: readonly ReturnType<Tracker['reads']>[]): { readonly edges: number; readonly bytes: number } {
  const weight = (): number => heap() + process.memoryUsage().external;
  const before = weight();
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
  const bytes = weight() - before;
  return copies.length === all.length ? { edges, bytes } : { edges: 0, bytes: 0 };
}

/** A pod takes or releases a warm address, which changes its pod, interface, ENI, node and network. */
function changeOf(step: number, nodes: number): Batch {
  const index = ((step >> 1) * 7919) % nodes;
  const one = podOn(index, PODS_A_NODE);
  return batchOf(step % 2 === 0 ? upsert('pod', one) : removal(one));
}

interface Cost {
  readonly nodes: number;
  readonly half: number;
  readonly p99: number;
  readonly bytes: number;
  readonly reads: ReturnType<typeof weighReads>;
}

function measure(nodes: number): Cost {
  const { store, collector, engine, findings } = worldOf(nodes);
  const times: number[] = [];
  const bytes: number[] = [];
  for (let step = 0; step < CHANGES; step++) {
    const batch = changeOf(step, nodes);
    const from = { epoch: store.epoch, version: store.version };
    const start = performance.now();
    collector.apply(batch);
    times.push(performance.now() - start);
    const since = store.since(from);
    if (since.kind === 'delta')
      bytes.push(Buffer.byteLength(JSON.stringify({ ...since.delta, tables: leanTables(since.delta.tables) })));
  }
  collector.close();
  const reads = weighReads([engine.reads(), findings.reads()]);
  // Warm-up: the first changes measure the JIT compiler.
  const warm = times.slice(CHANGES / 3);
  return { nodes, half: median(warm), p99: quantile(warm, 0.99), bytes: Math.max(...bytes), reads };
}

measure(20);
const costs = [100, 1_000, 5_000].map(measure);
const [least] = costs;
const most = costs.at(-1);
if (least === undefined || most === undefined) throw new Error('nothing was measured');
const perChange = costs.flatMap(({ nodes, half, p99 }) => [
  row(`one change, ${nodes} nodes, ${nodes * PODS_A_NODE} pods`, half, 'ms', {
    baseline: ['100 nodes', least.half],
    mostRatio: 1.3,
    note: `p99 ${p99.toFixed(1)} ms`,
  }),
]);
const hostile = HOSTILE.map(([what, object]) => {
  const carried = JSON.stringify(object);
  const baseline = timed(5, () => void JSON.parse(carried));
  const took = timed(5, () => void normalisePod(object));
  return row(`1 MB annotation of one pod: ${what}`, took, 'ms', {
    baseline: ['JSON.parse of the pod', baseline],
    most: 200,
  });
});
report('engine', readOptions(process.argv.slice(2)).save, {
  title: 'one pod comes or goes (facts, records, findings, version); the worst annotations',
  rows: [
    ...perChange,
    row('delta of one change, raw, the largest', Math.max(...costs.map(({ bytes }) => bytes)), 'B', { most: 2048 }),
    row(`reads tracked, engine and findings, at ${most.nodes * PODS_A_NODE} pods`, most.reads.bytes / 1e6, 'MB', {
      most: 60,
      note: `${most.reads.edges} edges`,
    }),
    ...hostile,
  ],
});
