/**
 * What one change costs in clusters of three sizes, what it weighs on the wire, and what the worst annotation costs to read.
 *
 *   npm run bench -- engine
 */
import { createFindings } from '../lib/findings/evaluate';
import { RULES } from '../lib/findings/registry';
import type { EniFact, PodFact } from '../lib/model/facts';
import type { Batch, Observation } from '../lib/model/observation';
import { normalisePod } from '../lib/normalise/kubernetes/pod';
import { systemClock } from '../lib/server/store/clock';
import { createEngine, type Engine } from '../lib/topology/engine';
import { Dependencies } from '../lib/tracking/dependencies';
import { leanTables } from '../lib/records/wire';
import { createPair } from '../e2e/testing/servers/pair';
import { allLive, instance, node, ownEni, pod, replaceAll, subnet, upsert } from '../e2e/testing/facts';
import { median, megabytes, ms, quantile, report, timed, type Row } from './report';

const PODS_A_NODE = 30;
const CHANGES = 600;

const nameOf = (index: number): string => `ip-10-${index >> 12}-${(index >> 6) & 63}-${index & 63}.ec2.internal`;
const addressOf = (index: number, slot: number): string => `10.${index >> 8}.${index & 255}.${slot}`;
const instanceOf = (index: number): string => `i-${index.toString(16).padStart(17, '0')}`;

function podOn(index: number, slot: number): PodFact {
  return pod(`app-${index}-${slot}`, {
    uid: `uid-${index}-${slot}`,
    node: nameOf(index),
    ips: [addressOf(index, slot + 10)],
  });
}

const eniOn = (index: number): EniFact =>
  ownEni(`eni-${index.toString(16).padStart(17, '0')}`, {
    instanceId: instanceOf(index),
    primaryIp: addressOf(index, 1),
    secondaryIps: Array.from({ length: PODS_A_NODE + 10 }, (_, slot) => addressOf(index, slot + 10)),
  });

function worldOf(nodes: number) {
  const all = <T>(of: (index: number) => T): T[] => Array.from({ length: nodes }, (_, index) => of(index));
  const engine = createEngine();
  const { store, collector } = createPair(systemClock, { engine, findings: createFindings(RULES) });
  const take = (...observations: readonly Observation[]): boolean => collector.apply({ at: Date.now(), observations });
  take(
    replaceAll(
      'node',
      all((index) => node(nameOf(index), { uid: `uid-${index}`, instanceId: instanceOf(index) })),
    ),
    replaceAll('pod', all((index) => Array.from({ length: PODS_A_NODE }, (_, slot) => podOn(index, slot))).flat()),
    replaceAll('eni', all(eniOn)),
    replaceAll(
      'instance',
      all((index) => instance(instanceOf(index))),
    ),
    replaceAll('subnet', [subnet()]),
    ...allLive(Date.now()),
  );
  collector.settle();
  return { store, collector, engine };
}

const heap = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

/** Memory of the tracked reads, measured on a copy with its own strings. */
function weighReads(engine: Engine): { readonly edges: number; readonly bytes: number } {
  const before = heap();
  const copy = new Dependencies();
  const own = (text: string): string => Buffer.from(text).toString();
  for (const [unit, keys] of engine.reads()) copy.replace(own(unit), new Set(keys.map(own)));
  const bytes = heap() - before;
  return { edges: copy.edges, bytes };
}

/** A pod takes or releases a warm address, which changes its pod, interface, ENI, node and network. */
function changeOf(step: number, nodes: number): Batch {
  const index = ((step >> 1) * 7919) % nodes;
  const one = podOn(index, PODS_A_NODE);
  const observation: Observation =
    step % 2 === 0
      ? upsert('pod', one)
      : { op: 'remove', kind: 'pod', scope: 'pod', key: `${one.namespace}/${one.name}`, uid: null };
  return { at: Date.now(), observations: [observation] };
}

interface Cost {
  readonly nodes: number;
  readonly half: number;
  readonly p99: number;
  readonly bytes: number;
  readonly reads: ReturnType<typeof weighReads>;
}

function measure(nodes: number): Cost {
  const { store, collector, engine } = worldOf(nodes);
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
  const reads = weighReads(engine);
  // Warm-up: the first changes measure the JIT compiler.
  const warm = times.slice(CHANGES / 3);
  return { nodes, half: median(warm), p99: quantile(warm, 0.99), bytes: Math.max(...bytes), reads };
}

measure(20);
const costs = [100, 1_000, 5_000].map(measure);
const [least] = costs;
const most = costs.at(-1);
if (least === undefined || most === undefined) throw new Error('nothing was measured');
report('engine: one pod comes or goes (facts, records, findings, version)', [
  ...costs.map(({ nodes, half, p99 }): Row => ({
    what: `${nodes} nodes, ${nodes * PODS_A_NODE} pods`,
    measured: `p50 ${ms(half)}, p99 ${ms(p99)}`,
    baseline: `100 nodes: ${ms(least.half)}`,
    ratio: half / least.half,
    budget: '≤ 1.3×',
    met: half / least.half <= 1.3,
  })),
  {
    what: 'delta of one change, raw, the largest',
    measured: `${Math.max(...costs.map(({ bytes }) => bytes))} B`,
    baseline: '',
    ratio: null,
    budget: '≤ 2 KB',
    met: costs.every(({ bytes }) => bytes <= 2048),
  },
  {
    what: `reads tracked at ${most.nodes * PODS_A_NODE} pods`,
    measured: megabytes(most.reads.bytes),
    baseline: `${most.reads.edges} edges`,
    ratio: null,
    budget: '< 60 MB',
    met: most.reads.bytes < 60e6,
  },
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
