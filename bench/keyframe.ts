/**
 * Measures keyframes of a generated record set: encoding all of it and after one change, the longest block, bytes,
 * first byte at a hundred changes a second, and reading. The baseline is JSON of the same records in one piece.
 *
 * npm run bench -- keyframe [--nodes 1000] [--pods-per-node 30] [--minutes 0.3]
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { CLUSTER, sampleRecords } from '../e2e/testing/capture-cluster';
import { systemClock } from '../lib/server/store/clock';
import { Keyframes, type ServedKeyframe } from '../lib/server/store/keyframes';
import { Store } from '../lib/server/store/store';
import { FrameCutter } from '../lib/snapshot/keyframe/frames';
import { KeyframeReader } from '../e2e/testing/keyframe-reader';
import { readOptions } from './options';
import { report } from './results';
import { row } from './rows';
import { greatest, median, quantile } from './statistics';

const options = readOptions(process.argv.slice(2), { minutes: 1 / 3 });

interface Cost {
  /** Processor time of all threads in milliseconds, including compression. */
  readonly cpu: number;
  readonly wall: number;
  /** Longest event-loop block, milliseconds. */
  readonly block: number;
}

async function costOf(run: () => Promise<unknown>): Promise<Cost> {
  globalThis.gc?.();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const usage = process.cpuUsage();
  const started = performance.now();
  delay.enable();
  await run();
  // One more turn of the event loop, so that the last block counts.
  await setTimeout(5);
  delay.disable();
  const { user, system } = process.cpuUsage(usage);
  return { cpu: (user + system) / 1000, wall: performance.now() - started - 5, block: delay.max / 1e6 };
}

const records = sampleRecords(options.nodes, options.podsPerNode);
const store = new Store({ epoch: 'bench', clock: systemClock });
store.reset(records, CLUSTER);
const pods = [...records.pods.keys()];

let turn = 0;
function change(): void {
  turn++;
  const id = pods[(turn * 7919) % pods.length] ?? '';
  const phase = turn % 2 === 0 ? 'Running' : 'Succeeded';
  store.commit({ tables: { pods: { put: [], patch: [{ id, set: { phase } }], drop: [] } } });
}

/** Resolves when a keyframe of the newest version is ready. */
async function makeNewest(keyframes: Keyframes): Promise<ServedKeyframe> {
  for (;;) {
    const keyframe = await keyframes.get();
    await keyframes.settled();
    if (keyframe.version === store.version) return keyframe;
  }
}

/** Times to first byte of consecutive viewers at a hundred changes a second. Milliseconds. */
async function firstBytes(keyframes: Keyframes): Promise<readonly number[]> {
  const taken: number[] = [];
  const changes = setInterval(change, 10);
  const end = performance.now() + options.minutes * 60 * 1000;
  while (performance.now() < end) {
    const asked = performance.now();
    await keyframes.get();
    taken.push(performance.now() - asked);
    await setTimeout(50);
  }
  clearInterval(changes);
  await keyframes.settled();
  return taken.sort((a, b) => a - b);
}

function readTimes({ chunks }: ServedKeyframe): {
  readonly head: number;
  readonly slowest: number;
  readonly all: number;
} {
  const cutter = new FrameCutter();
  const reader = new KeyframeReader();
  const taken = chunks
    .flatMap((bytes) => cutter.push(bytes))
    .map((bytes) => {
      const started = performance.now();
      const part = reader.read(gunzipSync(bytes).toString());
      if (part.kind === 'records') reader.recordsOf(part.chunk);
      return performance.now() - started;
    });
  const [head = 0, ...others] = taken;
  return { head, slowest: Math.max(...others), all: taken.reduce((sum, one) => sum + one, 0) };
}

const keyframes = new Keyframes(store, systemClock);
const plain = await costOf(() =>
  Promise.resolve(JSON.stringify([...records.pods.values(), ...records.interfaces.values()])),
);
const whole = await costOf(() => makeNewest(keyframes));
await setTimeout(Math.max(2_000, 5 * whole.wall));
change();
const once = await costOf(() => makeNewest(keyframes));
const keyframe = await keyframes.get();
const bytes = keyframe.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
const head = keyframe.chunks[0]?.byteLength ?? 0;
readTimes(keyframe);
const read = readTimes(keyframe);
const first = await firstBytes(keyframes);
const large = records.pods.size > 60_000;
report('keyframe', options.save, {
  title: `${records.pods.size} pods, ${records.interfaces.size} interfaces on ${records.nodes.size} nodes`,
  rows: [
    row('encoding whole, processor time', whole.cpu, 'ms', {
      baseline: ['JSON.stringify of pods and interfaces', plain.cpu],
      note: `${whole.wall.toFixed(0)} ms of wall time`,
    }),
    row('encoding after one change, processor time', once.cpu, 'ms', { baseline: ['whole', whole.cpu] }),
    row('longest block while it is encoded whole', whole.block, 'ms', { most: 50 }),
    row('longest block after one change', once.block, 'ms', { most: 50 }),
    row('first byte under 100 changes a second, the longest', greatest(first), 'ms', {
      most: 50,
      note: `p50 ${median(first).toFixed(1)}, p99 ${quantile(first, 0.99).toFixed(1)} of ${first.length}`,
    }),
    row('bytes, gzip', bytes / 1e6, 'MB', {
      most: large ? 3.5 : 0.7,
      note: `${keyframe.chunks.length} chunks, head ${(head / 1e6).toFixed(2)} MB`,
    }),
    row('reading into records, the slowest chunk', read.slowest, 'ms', {
      most: 30,
      note: `head ${read.head.toFixed(0)}, all ${read.all.toFixed(0)}`,
    }),
  ],
});
