/**
 * Measures the page in a real browser, against the real server and a simulated cluster: data received → first complete
 * paint, frames while panning and zooming, change at the API server → pixel, JavaScript loaded before the first picture.
 *
 *   npm run bench -- browser [--nodes 1000] [--pods-per-node 30]
 */
import { size } from '../e2e/scenes/size';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from '@playwright/test';
import { serve } from '../e2e/server';
import { follow, type Follower } from '../e2e/follower';
import { podId } from '../lib/model/ids';
import { kubeconfigOf } from '../e2e/scenes/kubeconfig';
import { startSim, type Sim } from '../lib/sim/sim';
import { kilobytes, median, ms, quantile, report, type Row } from './report';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1000' },
    'pods-per-node': { type: 'string', default: '30' },
    changes: { type: 'string', default: '20' },
  },
});
const CHANGES = 50;
const FRAMES = 120;
/** One frame at 60 Hz plus timer granularity, in milliseconds. */
const FRAME = 17;

/** Milliseconds between animation frames while `act` runs once in each. */
function frames(page: Page, act: 'nothing' | 'pan' | 'zoom', count: number): Promise<number[]> {
  return page.evaluate(
    ([kind, wanted]) =>
      new Promise<number[]>((resolve) => {
        const canvas = document.querySelector('[role=application]');
        if (canvas === null) throw new Error('there is no picture');
        const box = canvas.getBoundingClientRect();
        const middle = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
        const mouse = (type: string, dx: number): boolean =>
          canvas.dispatchEvent(
            new MouseEvent(type, {
              ...middle,
              clientX: middle.clientX + dx,
              bubbles: true,
              cancelable: true,
              view: window,
              button: 0,
              buttons: 1,
            }),
          );
        const wheel = (deltaY: number): boolean =>
          canvas.dispatchEvent(
            new WheelEvent('wheel', { ...middle, deltaY, bubbles: true, cancelable: true, view: window }),
          );
        const gaps: number[] = [];
        let last = 0;
        if (kind === 'pan') mouse('mousedown', 0);
        const step = (now: number): void => {
          if (last !== 0) gaps.push(now - last);
          last = now;
          const at = gaps.length;
          if (kind === 'pan') mouse('mousemove', Math.round(150 * Math.sin(at / 10)));
          if (kind === 'zoom') wheel(at % 40 < 20 ? -20 : 20);
          if (at < wanted) requestAnimationFrame(step);
          else {
            if (kind === 'pan') mouse('mouseup', 0);
            resolve(gaps);
          }
        };
        requestAnimationFrame(step);
      }),
    [act, count] as const,
  );
}

/** What `watch` records in the page: the revision that each version became, and when each revision was painted. */
interface Seen {
  readonly held: (readonly [revision: number, version: number])[];
  readonly shown: (readonly [revision: number, page: number, clock: number])[];
}
declare global {
  interface Window {
    seen: Seen;
  }
}

/** Runs in the page before its own scripts. */
function watch(): void {
  const seen: Seen = { held: [], shown: [] };
  window.seen = seen;
  const number = (element: HTMLElement, name: string): number => Number(element.dataset[name]);
  new MutationObserver((changes) => {
    for (const element of new Set(changes.map(({ target }) => target as HTMLElement))) {
      const revision = number(element, 'revision');
      if (element === document.documentElement) {
        seen.held.push([revision, number(element, 'version')]);
        continue;
      }
      // The first task after the frame callbacks: what they drew has been presented.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => seen.shown.push([revision, performance.now(), Date.now()]);
      channel.port2.postMessage(null);
    }
  }).observe(document, { attributes: true, subtree: true, attributeFilter: ['data-revision'] });
}

const painted = (page: Page): Promise<unknown> => page.waitForFunction(() => window.seen.shown.length > 0);

interface Marks {
  /** When the response arrived, the record set was decoded and the picture was painted. Milliseconds of page time. */
  readonly answered: number;
  readonly data: number;
  readonly painted: number;
}

const readMarks = (page: Page): Promise<Marks> =>
  page.evaluate(() => {
    const requests = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    return {
      answered: requests.find(({ name }) => name.includes('/api/topology'))?.responseEnd ?? NaN,
      data: performance.getEntriesByName('ifscope:data')[0]?.startTime ?? NaN,
      painted: window.seen.shown[0]?.[1] ?? NaN,
    };
  });

/** When a version was first painted, by the clock that the page shares with the simulator. */
const shownAt = (page: Page, version: number): Promise<number> =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          const revision = window.seen.held.find(([, held]) => held >= wanted)?.[0] ?? Infinity;
          const frame = window.seen.shown.find(([shown]) => shown >= revision);
          if (frame === undefined) setTimeout(look, 5);
          else resolve(frame[2]);
        };
        look();
      }),
    version,
  );

/** From a pod's creation at the API server to the frame that shows it. Milliseconds, one per change. */
async function changesToPixel(page: Page, sim: Sim, follower: Follower): Promise<number[]> {
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
    // Keeps the changes from synchronising with the stream's frames.
    await new Promise((wait) => setTimeout(wait, 40 + ((i * 61) % 190)));
  }
  return latencies;
}

const sim = await startSim({
  scene: size,
  nodes: Number(values.nodes),
  podsPerNode: Number(values['pods-per-node']),
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
// The system's browser if there is one, else Playwright's.
const executablePath =
  process.env['IFSCOPE_CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => existsSync(file));
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
});
try {
  const follower = await follow(served.url);
  // Server start-up is not measured here.
  const answered = ({ records }: Follower['replica']): boolean =>
    records.enis.size >= 4 * Number(values.nodes) &&
    [...records.sources.values()].every(({ state }) => state !== 'starting');
  await follower.until('every source', answered, 240);
  await new Promise((wait) => setTimeout(wait, 5_000));

  // JavaScript transferred before the first picture, compressed as a reverse proxy would.
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  // tsx wraps functions in a naming helper that the page lacks.
  await page.addInitScript('globalThis.__name = (named) => named;');
  await page.addInitScript(watch);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const scripts: Promise<number>[] = [];
  let counting = true;
  page.on('response', (response) => {
    if (!counting || response.request().resourceType() !== 'script') return;
    scripts.push(response.body().then((body) => gzipSync(body).byteLength));
  });
  const paints: Marks[] = [];
  for (let load = 0; load < 5; load++) {
    await page.goto(served.url);
    await painted(page);
    counting = false;
    paints.push(await readMarks(page));
  }
  const script = (await Promise.all(scripts)).reduce((sum, bytes) => sum + bytes, 0);
  const firstPaint = median(paints.map(({ data, painted }) => painted - data));
  const decode = median(paints.map(({ answered, data }) => data - answered));

  await page.waitForTimeout(1_500);
  const idle = quantile(await frames(page, 'nothing', FRAMES), 0.95);
  const rows: Row[] = [];
  const moves = async (where: string): Promise<void> => {
    for (const act of ['pan', 'zoom'] as const) {
      const before = page.url();
      const gaps = await frames(page, act, FRAMES);
      // The page writes its position to the URL once the camera stops.
      await page.waitForFunction((url) => location.href !== url, before);
      await page.waitForTimeout(500);
      const p95 = quantile(gaps, 0.95);
      rows.push({
        what: `${act}, ${where}: frames p95`,
        measured: `${p95.toFixed(1)} ms (p50 ${median(gaps).toFixed(1)}, worst ${Math.max(...gaps).toFixed(0)})`,
        baseline: `nothing moves: ${idle.toFixed(1)} ms`,
        ratio: p95 / idle,
        budget: '≤ 17 ms',
        met: p95 <= Math.max(FRAME, idle + 0.5),
      });
    }
  };
  await moves('fit zoom');
  for (const [where, scale] of [
    ['bars', 0.25],
    ['slots', 0.5],
    ['life size', 1],
  ] as const) {
    await page.goto(`${served.url}/?${await camera(page, scale)}`);
    await painted(page);
    await page.waitForTimeout(1_500);
    await moves(where);
  }

  await page.goto(served.url);
  await painted(page);
  const background = setInterval(() => sim.step(1), 1000 / Number(values.changes));
  const latencies = await changesToPixel(page, sim, follower);
  clearInterval(background);
  follower.stop();

  const half = median(latencies);
  const most = quantile(latencies, 0.99);
  report(`browser: ${values.nodes} nodes, ${follower.replica.records.pods.size} pods`, [
    {
      what: 'data in hand → first complete paint',
      measured: ms(firstPaint),
      baseline: `reading the answer: ${ms(decode)}`,
      ratio: firstPaint / decode,
      budget: '≤ 300 ms',
      met: firstPaint <= 300,
    },
    ...rows,
    {
      what: `change → pixel, ${values.changes} changes/s beside it`,
      measured: `p50 ${ms(half)}, p99 ${ms(most)}`,
      baseline: 'frame clock of the stream: 200 ms',
      ratio: half / 200,
      budget: 'p50 ≤ 250 ms, p99 ≤ 500 ms',
      met: half <= 250 && most <= 500,
    },
    {
      what: 'JavaScript before the first picture, gzip',
      measured: kilobytes(script),
      baseline: '',
      ratio: null,
      budget: '≤ 220 KB',
      met: script <= 220_000,
    },
  ]);
  if (errors.length > 0) throw new Error(`the page threw: ${errors[0] ?? ''}`);
} finally {
  await browser.close();
  await served.stop();
  await sim.stop();
  await rm(folder, { recursive: true, force: true });
}

/** The URL that shows the centre of the picture at a given scale. */
function camera(page: Page, scale: number): Promise<string> {
  return page.evaluate((k) => {
    const query = new URLSearchParams(window.location.search);
    const [x = '3000', y = '2000'] = (query.get('at') ?? '').split(',');
    return new URLSearchParams({ at: `${x},${y},${k}` }).toString();
  }, scale);
}
