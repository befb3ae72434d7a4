/**
 * Measures keyframes of a made-up record set: encoding it whole and after one change, the longest block, bytes, first byte
 * while a hundred changes a second come in, and reading. The baseline is JSON of the same records in one piece.
 *
 *   node --expose-gc --import tsx bench/keyframe.ts [--nodes 1000] [--pods-per-node 30] [--seconds 20]
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { CLUSTER, sampleRecords } from '../e2e/testing/capture-cluster';
import { systemClock } from '../lib/server/store/clock';
import { Keyframes, type ServedKeyframe } from '../lib/server/store/keyframes';
import { Store } from '../lib/server/store/store';
import { FrameCutter } from '../lib/snapshot/keyframe/frames';
import { KeyframeReader } from '../lib/snapshot/keyframe/reader';
import { megabytes, ms, report, type Row } from './report';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1000' },
    'pods-per-node': { type: 'string', default: '30' },
    seconds: { type: 'string', default: '20' },
  },
});

interface Cost {
  /** Processor time, milliseconds; of all threads, compression included. */
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
  // One more turn, so that the last block counts.
  await setTimeout(5);
  delay.disable();
  const { user, system } = process.cpuUsage(usage);
  return { cpu: (user + system) / 1000, wall: performance.now() - started - 5, block: delay.max / 1e6 };
}

const records = sampleRecords(Number(values.nodes), Number(values['pods-per-node']));
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

/** Until one of the newest version is there. */
async function makeNewest(keyframes: Keyframes): Promise<ServedKeyframe> {
  for (;;) {
    const keyframe = await keyframes.get();
    await keyframes.settled();
    if (keyframe.version === store.version) return keyframe;
  }
}

/** First bytes of viewers that come one after the other while a hundred changes a second do. Milliseconds. */
async function firstBytes(keyframes: Keyframes): Promise<readonly number[]> {
  const taken: number[] = [];
  const changes = setInterval(change, 10);
  const end = performance.now() + Number(values.seconds) * 1000;
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

const row = (what: string, measured: string, budget = '', met: boolean | null = null): Row => ({
  what,
  measured,
  baseline: '',
  ratio: null,
  budget,
  met,
});

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
report(`keyframe: ${records.pods.size} pods, ${records.interfaces.size} interfaces on ${records.nodes.size} nodes`, [
  {
    what: 'encoding whole, processor time',
    measured: `${ms(whole.cpu)} (${ms(whole.wall)} of wall time)`,
    baseline: `JSON.stringify of pods and interfaces: ${ms(plain.cpu)}`,
    ratio: whole.cpu / plain.cpu,
    budget: '',
    met: null,
  },
  {
    what: 'encoding after one change, processor time',
    measured: ms(once.cpu),
    baseline: `whole: ${ms(whole.cpu)}`,
    ratio: once.cpu / whole.cpu,
    budget: '',
    met: null,
  },
  row(
    'longest block, whole · after one change',
    `${ms(whole.block)} · ${ms(once.block)}`,
    '≤ 50 ms',
    whole.block <= 50,
  ),
  row(
    `first byte under 100 changes a second, p50 · p99 · longest of ${first.length}`,
    `${ms(first[first.length >> 1] ?? 0)} · ${ms(first[Math.floor(first.length * 0.99)] ?? 0)} · ${ms(first.at(-1) ?? 0)}`,
    '≤ 50 ms',
    (first.at(-1) ?? 0) <= 50,
  ),
  {
    what: 'bytes, gzip · of which the head',
    measured: `${megabytes(bytes)} in ${keyframe.chunks.length} chunks · ${megabytes(head)}`,
    baseline: '',
    ratio: null,
    budget: large ? '≤ 3.5 MB' : '≤ 0.7 MB',
    met: bytes <= (large ? 3.5e6 : 0.7e6),
  },
  row(
    'reading into records: head · slowest chunk · all',
    `${ms(read.head)} · ${ms(read.slowest)} · ${ms(read.all)}`,
    'chunk ≤ 30 ms',
    read.slowest <= 30,
  ),
]);
