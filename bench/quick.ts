/**
 * The two-minute form, a gate of `npm test`: costs as ratios within one run, each of which fails at three times its
 * usual value. Only processor times and medians are compared, never absolute times, so that a busy machine does not
 * matter.
 *
 * npm run bench -- quick
 */
import { upsert } from '../e2e/testing/facts';
import { buildRack } from '../lib/layout/rack/build';
import { normalisePod } from '../lib/normalise/kubernetes/pod';
import { createRuntime } from '../lib/server/runtime/runtime';
import { leanTables } from '../lib/records/wire';
import { bareList } from './bare-list';
import { startCluster } from './cluster';
import { HOSTILE } from './hostile';
import { largeSource } from './large-source';
import { report } from './results';
import { isMet, row, type Row } from './rows';
import { soak } from './soak-run';
import { cpuSince, greatest, median } from './statistics';
import { batchOf, podOn, podsOf, PODS_A_NODE, removal, worldOf } from './world';

/** This multiple of the usual ratio is a gross regression. */
const GROSS = 3;

/** Median processor time of one call, in milliseconds. */
function cpuOf(runs: number, run: (at: number) => void): number {
  run(-1);
  return median(
    Array.from({ length: runs }, (_, at) => {
      const usage = process.cpuUsage();
      run(at);
      return cpuSince(usage);
    }),
  );
}

/** `usual`: the ratio of a quiet run. */
const compared = (what: string, value: number, baseline: readonly [string, number], usual: number): Row =>
  row(what, value, 'ms', { baseline, mostRatio: GROSS * usual, note: `usually ${usual}×` });

function layoutRow(): Row {
  const source = largeSource(500, 15_000);
  const names = [...source.records.pods.keys()].reverse();
  const sorting = cpuOf(9, () => void [...names].sort());
  const layout = cpuOf(9, () => void buildRack(source, { grouping: 'zone' }));
  return compared('layout, 15,000 pods', layout, ['sorting the pods’ ids', sorting], 8);
}

const CHANGES = 300;
const SOAKED = 8_000;

/** Processor time of creating and deleting a pod, and the largest delta in bytes. */
function changeCost(nodes: number): { readonly cpu: number; readonly bytes: number } {
  const { store, collector } = worldOf(nodes);
  const bytes: number[] = [];
  const cpu = cpuOf(CHANGES, (at) => {
    const from = { epoch: store.epoch, version: store.version };
    const one = podOn(((at + 1) * 7919) % nodes, PODS_A_NODE);
    collector.apply(batchOf(upsert('pod', one)));
    const since = store.since(from);
    if (since.kind === 'delta') bytes.push(Buffer.byteLength(JSON.stringify(leanTables(since.delta.tables))));
    collector.apply(batchOf(removal(one, one.uid)));
  });
  collector.close();
  return { cpu, bytes: greatest(bytes) };
}

function changeRows(): readonly Row[] {
  changeCost(20);
  const [few, many] = [changeCost(50), changeCost(1_000)];
  const text = JSON.stringify(podsOf(20));
  const parsing = cpuOf(50, () => void JSON.parse(text));
  return [
    compared('a pod comes and goes, 1,000 nodes', many.cpu, ['50 nodes', few.cpu], 1.1),
    compared('a pod comes and goes, against reading', many.cpu, ['JSON.parse of 600 pods’ facts', parsing], 1.4),
    row('delta of a pod that comes', many.bytes, 'B', { most: 2048 }),
  ];
}

function startRow(): Row {
  const text = JSON.stringify(podsOf(500));
  const parsing = cpuOf(5, () => void JSON.parse(text));
  const starting = cpuOf(3, () => worldOf(500).collector.close());
  return compared(
    'facts → records and findings, 15,000 pods',
    starting,
    ['JSON.parse of the pods’ facts', parsing],
    20,
  );
}

function hostileRow(): Row {
  const costs = HOSTILE.map(([what, object]) => {
    const text = JSON.stringify(object);
    const parsing = cpuOf(5, () => void JSON.parse(text));
    return { what, parsing, reading: cpuOf(5, () => void normalisePod(object)) };
  });
  const [worst] = costs.sort((a, b) => b.reading / b.parsing - a.reading / a.parsing);
  if (worst === undefined) throw new Error('there is no annotation');
  const { what, parsing, reading } = worst;
  return compared(`worst annotation of 1 MB: ${what}`, reading, ['JSON.parse of the pod', parsing], 45);
}

/** Over HTTP, including the sources, but Kubernetes only. */
async function listRow(): Promise<Row> {
  const cluster = await startCluster({ nodes: 150, podsPerNode: 30, changes: 0 });
  try {
    const lists: number[] = [];
    for (let times = 0; times < 3; times++) lists.push((await bareList(cluster)).cpu);
    Object.assign(process.env, cluster.env, { IFSCOPE_AWS_NODE: 'off', IFSCOPE_EC2: 'off' });
    await import('../lib/server/runtime/connect-live');
    const starts: number[] = [];
    for (let times = 0; times < 3; times++) {
      const runtime = createRuntime({ kind: 'context', context: cluster.name }, { log: () => undefined });
      const { sources } = runtime.store.replica.records;
      const live = Promise.withResolvers<undefined>();
      const stop = runtime.store.onCommit(() => {
        if (sources.get('kubernetes/pods')?.state === 'live') live.resolve(undefined);
      });
      const usage = process.cpuUsage();
      await runtime.start();
      await live.promise;
      starts.push(cpuSince(usage));
      stop();
      await runtime.stop();
    }
    return compared('list → live, 4,500 pods', median(starts), ['bare paged list + JSON.parse', median(lists)], 2.5);
  } finally {
    await cluster.stop();
  }
}

async function soakRow(): Promise<Row> {
  const { memory } = await soak(50, SOAKED);
  const [first = NaN] = memory;
  return row(`heap after ${SOAKED} changes`, (memory.at(-1) ?? NaN) / 1e6, 'MB', {
    baseline: ['after a fifth of them', first / 1e6],
    mostRatio: 1.2,
  });
}

const rows = [layoutRow(), startRow(), ...changeRows(), hostileRow(), await soakRow(), await listRow()];
report('quick', null, { title: 'ratios of this run; each may be three times its usual value', rows });
if (rows.some((one) => isMet(one) === false)) process.exitCode = 1;
