/**
 * Measures the large cluster as a whole: simulator, server and browser in separate processes.
 *
 * npm run bench -- large [--nodes 5000] [--pods-per-node 33] [--changes 100] [--minutes 5] [--profile]
 *
 * 1. The bare list, and list → live twice: without changes and without EC2, then with changes and with EC2.
 * 2. For `--minutes`, with changes: the lag of every created or deleted pod, the full set, the page, the longest
 * blocks.
 * 3. Without changes: the full set and the page again, and the memory of server and tab.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { ensureBuilt, ROOT } from '../lib/cli/page/build';
import { bareList, type BareList } from './bare-list';
import { startCluster, type Cluster } from './cluster';
import { idleThread } from './idle-thread';
import { lagsOf, watchChanges, type Lags } from './large-change-watch';
import { fullSetRows } from './large-full-set';
import { startMeasured, type MeasuredServer } from './large-measured-server';
import { pixelRows, visit } from './large-tab';
import { readOptions } from './options';
import { frameRows, openBrowser, tabBytes } from './page';
import type { ThreadReport } from './probe';
import { report } from './results';
import { row, type Row } from './rows';
import { greatest, quantile } from './statistics';
import { createProbe } from './threads';

const options = readOptions(process.argv.slice(2), { nodes: 5_000, podsPerNode: 33, changes: 100, minutes: 5 });
const PODS = ['kubernetes/pods'];
const BARE = 'bare paged list + JSON.parse';
/** Maximum wait for list → live and for EC2's first answer. */
const LIVE_SECONDS = 240;
/** After this long without a frame, all decisions from before the pause have taken effect. */
const QUIET_MS = 3_000;
/** Minimum time for which the tab follows, even in a short run. */
const MIN_FOLLOWED_MS = 15_000;
/**
 * A source is behind from this lag on; the server has caught up when none was in this many checks, half a second apart.
 */
const BEHIND_SECONDS = 5;
const SETTLED_LOOKS = 20;
const CHANGING = `${options.changes} changes a second`;

const rows: Row[] = [];

/** Runs one stage; a failure is printed, and the others are still measured. */
async function stage<T>(what: string, run: () => Promise<T>): Promise<T | null> {
  const started = performance.now();
  try {
    return await run();
  } catch (error) {
    process.exitCode = 1;
    console.error(`bench: ${what} failed: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  } finally {
    console.log(`  ${what}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
}

function printProfile(threads: readonly ThreadReport[]): void {
  for (const { thread, profile } of threads) {
    if (profile.length > 0) console.log(`\n  self time, ${thread}`);
    for (const [what, ms] of profile.slice(0, 20)) console.log(`    ${ms.toFixed(0).padStart(7)} ms  ${what}`);
  }
}

/** Waits until the pods are live; adds the rows for list → live. */
async function listToLive(server: MeasuredServer, bare: BareList, when: string, mostRatio?: number): Promise<void> {
  const at = await server.live(PODS, LIVE_SECONDS);
  const cpu = await server.processorTime();
  const limit = mostRatio === undefined ? {} : { mostRatio };
  rows.push(
    row(`list → live, ${when}`, (at - server.startedAt) / 1000, 's', { baseline: [BARE, bare.ms / 1000], ...limit }),
    row(`the same, processor time`, cpu / 1000, 's', { baseline: [BARE, bare.cpu / 1000], ...limit }),
  );
}

async function withoutChanges(cluster: Cluster, bare: BareList): Promise<void> {
  const server = await startMeasured(cluster, { IFSCOPE_EC2: 'off', IFSCOPE_AWS_NODE: 'off' }, options.profile);
  try {
    await listToLive(server, bare, 'no changes, without EC2', 0.6);
    printProfile(await server.threads('look'));
  } finally {
    await server.stop();
  }
}

/** 50 ms for the thread that serves viewers, 200 ms for the thread that collects facts. */
const blockBudget = (thread: string): number => (thread === 'main' ? 50 : 200);

function lagRows({ ms, passed, unseen }: Lags, resets: number, simulator: number): readonly Row[] {
  return [
    row('lag of a pod that comes or goes, p50', quantile(ms, 0.5), 'ms', {
      note: `${ms.length} changes, ${passed} pods came and went between two frames`,
    }),
    row('lag, p99', quantile(ms, 0.99) / 1000, 's', { most: 2 }),
    row('lag, the greatest', greatest(ms) / 1000, 's', {
      note: `${unseen} never seen, ${resets} resets; simulator blocked for up to ${simulator.toFixed(0)} ms`,
    }),
  ];
}

interface UnderChanges {
  readonly server: MeasuredServer;
  readonly cluster: Cluster;
  readonly browser: Awaited<ReturnType<typeof openBrowser>>;
  readonly simulator: Awaited<ReturnType<typeof createProbe>>;
  readonly errors: string[];
}

/** The server's own lag figures: the maximum over all sources, in seconds, polled every few seconds. */
function askLag(server: MeasuredServer): () => Row[] {
  const said: number[] = [];
  const timer = setInterval(() => {
    void server.metric(/^ifscope_source_lag_seconds$/).then(
      (values) => said.push(...values.values()),
      () => undefined,
    );
  }, 5_000);
  return () => {
    clearInterval(timer);
    return said.length === 0 ? [] : [row('lag that the server tells, the greatest', greatest(said), 's')];
  };
}

/** All measurements with changes; returns the paths of the full set. */
async function underChanges(on: UnderChanges): Promise<readonly string[]> {
  const { server, cluster, browser, simulator, errors } = on;
  const watch = await watchChanges(server.url);
  const idle = await idleThread();
  await Promise.all([server.threads(options.profile ? 'profile' : 'reset'), simulator.ask('reset')]);
  const from = Date.now();
  const used = await server.processorTime();
  const lag = askLag(server);
  const end = wait(options.minutes * 60_000);

  const visited = await stage('page under changes', () => visit(browser, server.url, CHANGING, errors));
  const framed = visited === null ? null : await stage('frames', () => frameRows(visited.page, server.url));
  const paths = visited?.paths ?? [];
  const sets = await stage('full set under changes', () => fullSetRows(server.url, paths, CHANGING));
  const watched = await stage('tab for the pixels', () => visit(browser, server.url, CHANGING, errors));
  await Promise.all([end, wait(MIN_FOLLOWED_MS)]);

  const until = Date.now();
  const cpu = (await server.processorTime()) - used;
  const threads = await server.threads('look');
  const [sim] = await simulator.ask('look');
  const idleBlock = await idle();
  // The last changes may still be in transit.
  await wait(2_000);
  const journal = await cluster.journal();
  const lags = lagsOf(journal, watch, from, until - 2_000);
  watch.stop();
  const changes = journal.filter(({ at }) => at >= from && at < until).length;
  rows.push(
    ...lagRows(lags, watch.resets, sim?.longestBlock ?? NaN),
    ...lag(),
    row('pod changes meanwhile', changes / ((until - from) / 1000), '/s'),
    row('processor time of the server for each, viewers included', cpu / changes, 'ms'),
    ...threads.flatMap(({ thread, longestBlock, block99, longestRun }) => [
      row(`longest block under changes, ${thread}`, longestBlock, 'ms', {
        baseline: ['a thread that does nothing', idleBlock],
        most: blockBudget(thread),
        note: `p99 ${block99.toFixed(0)} ms`,
      }),
      row('the same, processor time of the thread', longestRun, 'ms', { most: blockBudget(thread) }),
    ]),
    ...(sets ?? []),
    ...(visited?.rows ?? []),
    ...(framed ?? []),
    ...(watched === null ? [] : ((await stage('pixels', () => pixelRows(watched.page, lags))) ?? [])),
    ...(watched === null
      ? []
      : [row('heap of the tab, with its workers', (await tabBytes(watched.page)) / 1e6, 'MB', { most: 200 })]),
  );
  printProfile(threads);
  await visited?.page.close();
  await watched?.page.close();
  return paths;
}

async function afterChanges(on: UnderChanges, paths: readonly string[]): Promise<void> {
  const { server, cluster, browser, errors } = on;
  await cluster.pause();
  const watch = await watchChanges(server.url);
  for (const latest = Date.now() + 20_000; Date.now() < latest && Date.now() - watch.lastDelta < QUIET_MS;)
    await wait(250);
  watch.stop();
  rows.push(...((await stage('full set', () => fullSetRows(server.url, paths, 'no changes'))) ?? []));
  const visited = await stage('page', () => visit(browser, server.url, 'no changes', errors));
  rows.push(...(visited?.rows ?? []));
  await visited?.page.close();
  const threads = await server.threads('collect');
  rows.push(
    row('heap of the server, array buffers included', threads.reduce((sum, { heap }) => sum + heap, 0) / 1e6, 'MB', {
      most: 250,
      note: threads.map(({ thread, heap }) => `${thread} ${(heap / 1e6).toFixed(0)}`).join(', '),
    }),
    row('resident memory of the server', greatest(threads.map(({ resident }) => resident)) / 1e6, 'MB'),
  );
}

/** Resolves with the time since which no source has been behind for ten seconds. */
async function caughtUp(server: MeasuredServer): Promise<number> {
  for (;;) {
    const since = await server.live(['ec2/network-interfaces', ...PODS], LIVE_SECONDS);
    let stood = true;
    for (let looks = 0; looks < SETTLED_LOOKS && stood; looks++) {
      await wait(500);
      const lags = await server.metric(/^ifscope_source_lag_seconds$/);
      stood = Math.max(0, ...lags.values()) < BEHIND_SECONDS;
    }
    if (stood) return since;
  }
}

async function withChanges(cluster: Cluster, simulator: UnderChanges['simulator'], bare: BareList): Promise<string> {
  await cluster.resume();
  const server = await startMeasured(cluster, {}, options.profile);
  const browser = await openBrowser();
  const errors: string[] = [];
  try {
    await stage('list → live under changes', () => listToLive(server, bare, `${CHANGING}, EC2 read beside it`));
    await stage('first answers of EC2', async () => {
      const at = await server.live(['ec2/network-interfaces', ...PODS], LIVE_SECONDS);
      rows.push(row('start → EC2 has answered', (at - server.startedAt) / 1000, 's'));
    });
    await stage('caught up', async () => {
      const at = await caughtUp(server);
      rows.push(row(`start → caught up, ${CHANGING}`, (at - server.startedAt) / 1000, 's'));
    });
    printProfile(options.profile ? await server.threads('look') : []);
    const on: UnderChanges = { server, cluster, browser, simulator, errors };
    const paths = await underChanges(on);
    await afterChanges(on, paths);
    if (errors.length > 0) throw new Error(`the page threw: ${errors[0] ?? ''}`);
    return browser.version();
  } finally {
    await browser.close();
    await server.stop();
  }
}

// Not during the first measured start.
await ensureBuilt(ROOT, (line) => console.log(line));
const simulator = await createProbe();
const cluster = await startCluster(options, simulator.env);
try {
  await cluster.pause();
  const bare = await stage('bare list', () => bareList(cluster));
  if (bare === null) throw new Error('there is no baseline');
  await stage('list → live', () => withoutChanges(cluster, bare));
  const chromium = await stage('under changes', () => withChanges(cluster, simulator, bare));
  report('large', options.save, {
    title: `${options.nodes} nodes, ${options.nodes * options.podsPerNode} pods and more, ${CHANGING}`,
    versions: { chromium: chromium ?? 'unknown' },
    rows,
  });
} finally {
  await cluster.stop();
  await simulator.stop();
}
