/**
 * Measures the server against a simulated cluster in its own process: list → live, relative to a bare paged list and
 * JSON.parse of the same bytes; heap per pod; the longest event-loop block; size of the keyframe on the wire.
 *
 *   npm run bench -- server [--nodes 1000] [--pods-per-node 30]
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createRuntime, type Runtime } from '../lib/server/runtime/runtime';
import { startCluster } from './cluster';
import { bareList } from './bare-list';
import { idleThread } from './idle-thread';
import { readOptions } from './options';
import { report } from './results';
import { row } from './rows';
import { cpuSince, heap } from './statistics';

const options = readOptions(process.argv.slice(2));
const BARE = 'bare paged list + JSON.parse';
const EC2 = ['ec2/network-interfaces', 'ec2/instances', 'ec2/instance-types', 'ec2/subnets'];
const size = { nodes: options.nodes, podsPerNode: options.podsPerNode, changes: 0 };

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

  // aws-node requests are limited to ten per second: with a thousand nodes, those alone take minutes.
  Object.assign(process.env, cluster.env, { IFSCOPE_AWS_NODE: 'off' });
  // SDKs and clients are loaded now, so that only facts and records are measured.
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

  const { chunks } = await runtime.keyframes.get();
  const gzipped = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const json = JSON.stringify([...records.pods.values(), ...records.interfaces.values()]).length;
  const perPod = (after - before) / records.pods.size;
  const large = records.pods.size > 60_000;
  report('server', options.save, {
    title: `${records.pods.size} pods, ${records.interfaces.size} interfaces, ${records.enis.size} ENIs on ${records.nodes.size} nodes`,
    rows: [
      row('list → live (pods)', live / 1000, 's', { baseline: [BARE, bare.ms / 1000], mostRatio: 0.6 }),
      row('the same, processor time', liveCpu / 1000, 's', { baseline: [BARE, bare.cpu / 1000], mostRatio: 0.6 }),
      row('start → EC2 has answered, at a call a second', whole / 1000, 's', { baseline: [BARE, bare.ms / 1000] }),
      row('longest event-loop block', block, 'ms', { baseline: ['a thread that does nothing', idleBlock], most: 200 }),
      row('heap for facts, records, ring', (after - before) / 1e6, 'MB', {
        baseline: ['the lists’ text', bare.bytes / 1e6],
        note: `${perPod.toFixed(0)} B a pod`,
      }),
      row('keyframe, gzip', gzipped / 1e6, 'MB', {
        baseline: ['JSON of pods and interfaces', json / 1e6],
        most: large ? 3.5 : 0.7,
      }),
    ],
  });
  await runtime.stop();
} finally {
  await cluster.stop();
}
