/**
 * Measures the server against a simulated cluster in its own process: list → live, relative to a bare paged list and
 * JSON.parse of the same bytes; heap per pod; the longest event-loop block; size of the full set on the wire.
 *
 *   npm run bench -- server [--nodes 1000] [--pods-per-node 30]
 */
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createRuntime, type Runtime } from '../lib/server/runtime/runtime';
import { startCluster, type Cluster } from './cluster';
import { megabytes, ms, report } from './report';

const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '1000' }, 'pods-per-node': { type: 'string', default: '30' } },
});
const EC2 = ['ec2/network-interfaces', 'ec2/instances', 'ec2/instance-types', 'ec2/subnets'];
const size = { nodes: Number(values.nodes), podsPerNode: Number(values['pods-per-node']), changes: 0 };

/** CPU time in milliseconds: steadier than wall-clock time on a shared machine. */
const cpuSince = (usage: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(usage);
  return (user + system) / 1000;
};

/** The baseline: list the same pages, parse them and drop the result. */
async function bareList({
  kubernetesUrl,
  token,
}: Cluster): Promise<{ readonly ms: number; readonly cpu: number; readonly bytes: number }> {
  const started = performance.now();
  const usage = process.cpuUsage();
  let bytes = 0;
  for (let next: string | null = ''; next !== null;) {
    const query: string = next === '' ? '' : `&continue=${encodeURIComponent(next)}`;
    // Compressed, as the source requests it.
    const response = await fetch(`${kubernetesUrl}/api/v1/pods?limit=250${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    bytes += text.length;
    const page = JSON.parse(text) as { readonly metadata: { readonly continue?: string } };
    next = page.metadata.continue ?? null;
  }
  const took = performance.now() - started;
  const cpu = cpuSince(usage);
  return { ms: took, cpu, bytes };
}

const heap = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

/** How late an idle thread wakes up meanwhile: the machine's own contribution to every block. */
async function idleThread(): Promise<() => Promise<number>> {
  const source = `
    const { parentPort } = require('node:worker_threads');
    const delay = require('node:perf_hooks').monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    parentPort.on('message', () => parentPort.postMessage(delay.max / 1e6));
    parentPort.postMessage(0);`;
  const worker = new Worker(source, { eval: true });
  await once(worker, 'message');
  return async () => {
    const answer = once(worker, 'message');
    worker.postMessage(null);
    const [longest] = (await answer) as [number];
    await worker.terminate();
    return longest;
  };
}

const until = (runtime: Runtime, holds: () => boolean): Promise<number> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!holds()) return;
      stop();
      resolve(performance.now());
    };
    const stop = runtime.store.onCommit(look);
    look();
  });

const cluster = await startCluster(size);
try {
  await bareList(cluster);
  const bare = await bareList(cluster);

  // aws-node requests are limited to ten per second: with a thousand nodes those alone take minutes.
  Object.assign(process.env, cluster.env, { IFSCOPE_AWS_NODE: 'off' });
  // SDKs and clients are loaded by now: only facts and records are measured from here on.
  await import('../lib/server/runtime/connect-live');
  const create = (): Runtime => createRuntime({ kind: 'context', context: cluster.name }, { log: () => undefined });
  const isLive = ({ store }: Runtime, id: string): boolean => store.replica.records.sources.get(id)?.state === 'live';

  // Kubernetes only, like the baseline.
  process.env['IFSCOPE_EC2'] = 'off';
  const alone = create();
  const aloneStarted = performance.now();
  const usage = process.cpuUsage();
  await alone.start();
  const live = (await until(alone, () => isLive(alone, 'kubernetes/pods'))) - aloneStarted;
  const liveCpu = cpuSince(usage);
  await alone.stop();
  process.env['IFSCOPE_EC2'] = 'on';

  const runtime = create();
  const { records } = runtime.store.replica;
  const before = heap();
  const idle = await idleThread();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const started = performance.now();
  await runtime.start();
  const whole =
    (await until(runtime, () => EC2.every((id) => isLive(runtime, id)) && isLive(runtime, 'kubernetes/pods'))) -
    started;
  delay.disable();
  const block = delay.max / 1e6;
  const idleBlock = await idle();
  const after = heap();

  const encodeStarted = performance.now();
  delay.reset();
  delay.enable();
  const set = await runtime.fullSets.columns();
  const encoding = performance.now() - encodeStarted;
  delay.disable();
  const encodingBlock = delay.max / 1e6;
  const gzipped = (await set.gzip()).byteLength;
  const json = performance.now();
  JSON.stringify([...records.pods.values(), ...records.interfaces.values()]);
  const bareJson = performance.now() - json;
  const perPod = (after - before) / records.pods.size;
  const large = records.pods.size > 60_000;
  report(
    `server: ${records.pods.size} pods, ${records.interfaces.size} interfaces, ${records.enis.size} ENIs on ${records.nodes.size} nodes`,
    [
      {
        what: 'list → live (pods)',
        measured: ms(live),
        baseline: `bare paged list + JSON.parse of ${megabytes(bare.bytes)}: ${ms(bare.ms)}`,
        ratio: live / bare.ms,
        budget: '≤ 1.3×',
        met: live / bare.ms <= 1.3,
      },
      {
        what: 'list → live, processor time',
        measured: ms(liveCpu),
        baseline: `bare: ${ms(bare.cpu)}`,
        ratio: liveCpu / bare.cpu,
        budget: '',
        met: null,
      },
      {
        what: 'start → EC2 has answered, at a call a second',
        measured: ms(whole),
        baseline: '',
        ratio: whole / bare.ms,
        budget: '',
        met: null,
      },
      {
        what: 'longest event-loop block',
        measured: ms(block),
        baseline: `a thread that does nothing: ${ms(idleBlock)}`,
        ratio: block / idleBlock,
        budget: '≤ 200 ms',
        met: block <= 200,
      },
      {
        what: 'heap for facts, records, ring',
        measured: `${megabytes(after - before)} = ${perPod.toFixed(0)} B a pod`,
        baseline: `the lists' text: ${megabytes(bare.bytes)}`,
        ratio: (after - before) / bare.bytes,
        budget: '≤ 1.2 KB a pod',
        met: perPod <= 1_229,
      },
      {
        what: 'full set, gzip',
        measured: megabytes(gzipped),
        baseline: `plain: ${megabytes(set.plain.byteLength)}`,
        ratio: gzipped / set.plain.byteLength,
        budget: large ? '≤ 3.5 MB' : '≤ 0.7 MB',
        met: gzipped <= (large ? 3.5e6 : 0.7e6),
      },
      {
        what: 'full set, encoding',
        measured: `${ms(encoding)}, longest block ${ms(encodingBlock)}`,
        baseline: `JSON.stringify of pods and interfaces: ${ms(bareJson)}`,
        ratio: encoding / bareJson,
        budget: 'block ≤ 200 ms',
        met: encodingBlock <= 200,
      },
    ],
  );
  await runtime.stop();
} finally {
  await cluster.stop();
}
