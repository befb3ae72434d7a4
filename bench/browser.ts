/**
 * Measures the page in a real browser, against the real server and a simulated cluster: data received → first complete
 * paint, frames while panning and zooming, change at the API server → pixel, JavaScript loaded before the first picture.
 *
 *   npm run bench -- browser [--nodes 1000] [--pods-per-node 30] [--changes 20]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { firstLoad } from '../e2e/first-load';
import { follow, type Follower } from '../e2e/follower';
import { kubeconfigOf } from '../e2e/scenes/kubeconfig';
import { size } from '../e2e/scenes/size';
import { serve, type Served } from '../e2e/server';
import { podId } from '../lib/model/ids';
import { FRAME_MS } from '../lib/server/stream/hub';
import { startTestSim, type TestSim } from '../e2e/testing/sim/sim';
import { readOptions } from './options';
import { frameRows, newPage, openBrowser, painted, readMarks, shownAt, type Marks } from './page';
import { report } from './results';
import { row } from './rows';
import { median, quantile } from './statistics';

const options = readOptions(process.argv.slice(2));
const CHANGES = 50;
const LOADS = 5;

/** Time from a pod's creation at the API server to the frame that shows it. Milliseconds, one value per change. */
async function changesToPixel(page: Page, sim: TestSim, follower: Follower): Promise<number[]> {
  const latencies: number[] = [];
  const nodes = [...sim.state.nodes.keys()];
  for (let i = 0; i < CHANGES; i++) {
    const name = `measured-${i}`;
    const created = Date.now();
    sim.ops.createPod({
      namespace: 'bench',
      name,
      node: nodes[(i * 37) % nodes.length] ?? '',
      app: 'measured',
      force: true,
    });
    const version = await follower.until(`pod ${name}`, ({ records }) =>
      records.pods.has(podId('bench', name)) ? follower.version : null,
    );
    latencies.push((await shownAt(page, version)) - created);
    // Prevents the changes from synchronising with the stream's frames.
    await new Promise((wait) => setTimeout(wait, 40 + ((i * 61) % 190)));
  }
  return latencies;
}

async function measure(sim: TestSim, served: Served, browser: Awaited<ReturnType<typeof openBrowser>>): Promise<void> {
  const follower = await follow(served.url);
  // The start of the server is not measured here.
  const answered = ({ records }: Follower['replica']): boolean =>
    records.enis.size >= 4 * options.nodes && [...records.sources.values()].every(({ state }) => state !== 'starting');
  await follower.until('every source', answered, 240);
  await new Promise((wait) => setTimeout(wait, 5_000));

  const errors: string[] = [];
  const page = await newPage(browser, errors);
  const paints: Marks[] = [];
  for (let load = 0; load < LOADS; load++) {
    await page.goto(served.url);
    await painted(page);
    paints.push(await readMarks(page));
  }
  const script = await firstLoad(browser, served.url);
  await page.waitForTimeout(1_500);
  const frames = await frameRows(page, served.url);

  await page.goto(served.url);
  await painted(page);
  const background = setInterval(() => sim.step(1), 1000 / options.changes);
  const latencies = await changesToPixel(page, sim, follower);
  clearInterval(background);
  follower.stop();

  report('browser', options.save, {
    title: `${options.nodes} nodes, ${follower.replica.records.pods.size} pods, ${options.changes} changes a second`,
    versions: { chromium: browser.version() },
    rows: [
      row('navigation → first picture', median(paints.map(({ painted }) => painted)), 'ms'),
      row('data in hand → first complete paint', median(paints.map(({ data, painted }) => painted - data)), 'ms', {
        baseline: ['reading the answer', median(paints.map(({ answered, data }) => data - answered))],
        most: 300,
      }),
      ...frames,
      row('change → pixel, p50', median(latencies), 'ms', {
        baseline: ['frame clock of the stream', FRAME_MS],
        most: 250,
      }),
      row(`change → pixel, p99 of ${CHANGES}`, quantile(latencies, 0.99), 'ms', { most: 500 }),
      row('JavaScript before the first picture, gzip', script.bytes / 1e3, 'KB', {
        most: 200,
        note: `${script.files.length} files`,
      }),
    ],
  });
  if (errors.length > 0) throw new Error(`the page threw: ${errors[0] ?? ''}`);
}

const sim = await startTestSim({
  scene: size,
  nodes: options.nodes,
  podsPerNode: options.podsPerNode,
  changesPerSecond: 0,
});
const folder = await mkdtemp(path.join(tmpdir(), 'ifscope-bench-'));
const kubeconfig = path.join(folder, 'kubeconfig');
await writeFile(kubeconfig, kubeconfigOf(sim), { mode: 0o600 });
const served = await serve(['--from', sim.name], {
  KUBECONFIG: kubeconfig,
  AWS_ENDPOINT_URL_EC2: sim.ec2Url,
  AWS_REGION: sim.region,
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  IFSCOPE_EC2_GAP_SECONDS: '0',
  IFSCOPE_AWS_NODE: 'off',
});
const browser = await openBrowser();
try {
  await measure(sim, served, browser);
} finally {
  await browser.close();
  await served.stop();
  await sim.stop();
  await rm(folder, { recursive: true, force: true });
}
