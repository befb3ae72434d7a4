/**
 * What `serve` needs in a cluster: memory and processor time of the packaged command, in a memory cgroup with the limit
 * that docs/production.md gives for the size, with a viewer and changes. Requires the package (`npm run package`) and
 * root.
 *
 * npm run bench -- sizing [--nodes 1000] [--minutes 1]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { follow } from '../e2e/follower';
import { ROOT } from '../lib/cli/page/build';
import { startCluster } from './cluster';
import { untilLive } from './large-measured-server';
import { readOptions } from './options';
import { report } from './results';
import { row, type Row } from './rows';
import { greatest } from './statistics';
import { processorTime } from './threads';

const COMMAND = path.join(ROOT, 'out', 'package', 'lib', 'cli', 'ifscope.mjs');
const SOURCES = ['kubernetes/pods', 'kubernetes/nodes', 'ec2/network-interfaces', 'ec2/subnets'];
const LIVE_SECONDS = 600;
const SAMPLE_MS = 250;
const MIB = 2 ** 20;

/** By nodes: pods per node, changes per second, and memory limit in MiB (docs/production.md). */
const SIZES = [
  { nodes: 100, podsPerNode: 30, changes: 2, limit: 512 },
  { nodes: 1_000, podsPerNode: 30, changes: 20, limit: 1_024 },
  { nodes: 5_000, podsPerNode: 33, changes: 100, limit: 3_072 },
] as const;
type Size = (typeof SIZES)[number];

interface Group {
  /** The file to which a process writes its id to join. */
  readonly join: string;
  /** Anonymous memory in bytes, which the kernel cannot reclaim. */
  anonymous(): number;
  /** Processor time of all its processes, in milliseconds. */
  processorTime(): Promise<number>;
  remove(): void;
}

/** Creates a memory cgroup of either version; throws if that is not possible. */
function createGroup(limit: number): Group {
  const isOld = existsSync('/sys/fs/cgroup/memory');
  const folder = path.join('/sys/fs/cgroup', isOld ? 'memory' : '', `ifscope-sizing-${process.pid}`);
  mkdirSync(folder);
  writeFileSync(path.join(folder, isOld ? 'memory.limit_in_bytes' : 'memory.max'), String(limit * MIB));
  const join = path.join(folder, 'cgroup.procs');
  const pids = (): number[] => readFileSync(join, 'utf8').split('\n').filter(Boolean).map(Number);
  const counted = new RegExp(`^${isOld ? 'total_rss' : 'anon'} (\\d+)$`, 'm');
  return {
    join,
    anonymous: () => Number(counted.exec(readFileSync(path.join(folder, 'memory.stat'), 'utf8'))?.[1]),
    processorTime: async () => (await Promise.all(pids().map(processorTime))).reduce((sum, ms) => sum + ms, 0),
    remove: () => rmdirSync(folder),
  };
}

async function startPackaged(group: Group, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(
    'sh',
    ['-c', 'echo $$ > "$0"; exec "$@"', group.join, process.execPath, COMMAND, 'serve', ...args],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...env } },
  );
  const gone = once(child, 'exit');
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const ended = gone.then(([code, signal]) => {
    throw new Error(`ifscope ended with ${String(code ?? signal)}`);
  });
  // The waiting caller gets the rejection.
  ended.catch(() => undefined);
  const [said] = await Promise.race([line, ended]);
  return {
    url: (JSON.parse(said) as { readonly url: string }).url,
    ended,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function measure({ nodes, podsPerNode, changes, limit }: Size, minutes: number): Promise<readonly Row[]> {
  const cluster = await startCluster({ nodes, podsPerNode, changes });
  const group = createGroup(limit);
  const sizes: number[] = [];
  const sampling = setInterval(() => sizes.push(group.anonymous() / MIB), SAMPLE_MS);
  const server = await startPackaged(group, ['--port', '0', '--output', 'json', '--from', cluster.name], cluster.env);
  try {
    await Promise.race([untilLive(server.url, SOURCES, LIVE_SECONDS), server.ended]);
    const toLive = await group.processorTime();
    const viewer = await follow(server.url);
    const ms = minutes * 60_000;
    await Promise.race([wait(ms), server.ended]);
    const later = (await group.processorTime()) - toLive;
    viewer.stop();
    const name = `${nodes.toLocaleString('en-US')} nodes, ${(nodes * podsPerNode).toLocaleString('en-US')} pods`;
    return [
      row(`${name}: memory, the most`, greatest(sizes), 'MB', { most: limit, note: `limit ${limit} MiB` }),
      row(`${name}: memory after ${minutes} min`, sizes.at(-1) ?? NaN, 'MB'),
      row(`${name}: processor time until live`, toLive / 1_000, 's'),
      row(`${name}: processor time in a second, ${changes} changes a second, one viewer`, later / (ms / 1_000), 'ms'),
    ];
  } finally {
    clearInterval(sampling);
    await server.stop();
    group.remove();
    await cluster.stop();
  }
}

const asked = readOptions(process.argv.slice(2), { nodes: 0 });
if (!existsSync(COMMAND)) throw new Error('the package is not there: npm run package makes it');
const sizes = SIZES.filter(({ nodes }) => asked.nodes === 0 || asked.nodes === nodes);
if (sizes.length === 0) throw new Error(`--nodes ${asked.nodes}: it is ${SIZES.map(({ nodes }) => nodes).join(', ')}`);
const rows: Row[] = [];
for (const size of sizes) rows.push(...(await measure(size, asked.minutes)));
report('sizing', asked.save, { title: 'memory and processor time of the package in a memory cgroup', rows });
