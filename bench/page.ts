/** The page in a real browser, as measured by the benchmarks: paint times, frame times, memory of the tab. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from '@playwright/test';
import { greatest, median, quantile } from './statistics';
import { row, type Row } from './rows';

/** One frame at 60 Hz plus timer granularity, in milliseconds. */
const FRAME = 17;
const FRAMES = 120;

/** Starts a headless Chromium. */
export function openBrowser(): Promise<Browser> {
  // The system's browser if there is one, otherwise Playwright's.
  const executablePath =
    process.env['IFSCOPE_CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => existsSync(file));
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
  });
}

/** What `watch` records in the page: the revision of each version, and when each revision was painted. */
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
      // The first task after the frame callbacks: their drawing has been presented.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => seen.shown.push([revision, performance.now(), Date.now()]);
      channel.port2.postMessage(null);
    }
  }).observe(document, { attributes: true, subtree: true, attributeFilter: ['data-revision'] });
}

/** A page that records what it shows; its exceptions are added to `errors`. */
export async function newPage(browser: Browser, errors: string[]): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  // tsx wraps functions in a naming helper that the page lacks.
  await page.addInitScript('globalThis.__name = (named) => named;');
  await page.addInitScript(watch);
  page.on('pageerror', (error) => errors.push(error.message));
  return page;
}

/** Resolves when a picture is painted. Rejects after `seconds`. */
export const painted = (page: Page, seconds = 30): Promise<unknown> =>
  page.waitForFunction(() => window.seen.shown.length > 0, null, { timeout: seconds * 1000 });

/** Resolves when the page has read the full set, which continues to arrive after the first picture. */
export const completed = (page: Page, seconds: number): Promise<unknown> =>
  page.waitForFunction(
    () =>
      performance.getEntriesByName('ifscope:complete').length > 0 ||
      !performance.getEntriesByType('resource').some(({ name }) => name.includes('format=keyframe')),
    null,
    { timeout: seconds * 1000 },
  );

/** Times of a page load, in milliseconds since navigation. */
export interface Marks {
  /**
   * When the response had arrived, the record set was read, and the picture was painted. Milliseconds since navigation.
   */
  readonly answered: number;
  readonly data: number;
  readonly painted: number;
  /** When the full set was read and a picture was painted. */
  readonly complete: number;
}

/** Reads the times of the page's load. */
export const readMarks = (page: Page): Promise<Marks> =>
  page.evaluate(() => {
    const requests = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const shown = window.seen.shown[0]?.[1] ?? NaN;
    // A set read in one piece is complete with its first picture.
    const complete = performance.getEntriesByName('ifscope:complete')[0]?.startTime ?? shown;
    return {
      answered: requests.find(({ name }) => name.includes('/api/topology'))?.responseEnd ?? NaN,
      data: performance.getEntriesByName('ifscope:data')[0]?.startTime ?? NaN,
      painted: shown,
      complete: Math.max(shown, complete),
    };
  });

/** Everything that the page recorded. */
export const readSeen = (page: Page): Promise<Seen> => page.evaluate(() => window.seen);

/** When a version was first painted, by the clock that the page shares with the simulator. */
export const shownAt = (page: Page, version: number): Promise<number> =>
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

/** Milliseconds between animation frames while `act` runs once in each. */
function frames(page: Page, act: 'nothing' | 'pan' | 'zoom', count: number): Promise<number[]> {
  return page.evaluate(
    ([kind, wanted]) =>
      new Promise<number[]>((resolve) => {
        const canvas = document.querySelector('[role=application]');
        if (canvas === null) throw new Error('there is no picture');
        const box = canvas.getBoundingClientRect();
        const middle = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
        const common = { bubbles: true, cancelable: true, view: window };
        const mouse = (type: string, dx: number): boolean =>
          canvas.dispatchEvent(
            new MouseEvent(type, { ...middle, ...common, clientX: middle.clientX + dx, button: 0, buttons: 1 }),
          );
        const wheel = (deltaY: number): boolean =>
          canvas.dispatchEvent(new WheelEvent('wheel', { ...middle, ...common, deltaY }));
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

/** The URL that shows the centre of the picture at a given scale. */
const camera = (page: Page, scale: number): Promise<string> =>
  page.evaluate((k) => {
    const query = new URLSearchParams(window.location.search);
    const [x = '3000', y = '2000'] = (query.get('at') ?? '').split(',');
    return new URLSearchParams({ at: `${x},${y},${k}` }).toString();
  }, scale);

const LEVELS = [
  ['fit zoom', null],
  ['bars', 0.25],
  ['slots', 0.5],
  ['life size', 1],
] as const;

/** Frames while panning and zooming, at each level of detail; the page must show its picture at fit zoom. */
export async function frameRows(page: Page, url: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const still = quantile(await frames(page, 'nothing', FRAMES), 0.95);
  for (const [where, scale] of LEVELS) {
    if (scale !== null) {
      await page.goto(`${url}/?${await camera(page, scale)}`);
      await painted(page, 60);
      await page.waitForTimeout(1_500);
    }
    for (const act of ['pan', 'zoom'] as const) {
      const before = page.url();
      const gaps = await frames(page, act, FRAMES);
      // The page writes its position to the URL once the camera stops.
      await page.waitForFunction((was) => location.href !== was, before);
      await page.waitForTimeout(500);
      rows.push(
        row(`${act}, ${where}: frames, p95`, quantile(gaps, 0.95), 'ms', {
          baseline: ['nothing moves', still],
          most: FRAME,
          note: `p50 ${median(gaps).toFixed(1)}, worst ${greatest(gaps).toFixed(0)}`,
        }),
      );
    }
  }
  return rows;
}

/** Bytes held by the tab and its workers after a garbage collection, including array buffers. */
export async function tabBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    // `backingStorageSize` is newer than the type definitions.
    const own = (await session.send('Runtime.getHeapUsage')) as Usage;
    let bytes = own.usedSize + (own.backingStorageSize ?? 0);
    for (const usage of await workerUsages(session)) bytes += usage.usedSize + (usage.backingStorageSize ?? 0);
    return bytes;
  } finally {
    await session.detach();
  }
}

interface Usage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

type Session = Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>;

/** Queries each worker of the tab through messages of its target. */
async function workerUsages(session: Session): Promise<readonly Usage[]> {
  const attached: string[] = [];
  const answers = new Map<string, Usage>();
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') attached.push(sessionId);
  });
  const answered = new Promise<void>((resolve) => {
    const look = (): void => {
      if (attached.every((id) => answers.has(id))) resolve();
    };
    session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
      const { id, result } = JSON.parse(message) as { id?: number; result?: Usage };
      if (id === 2 && result !== undefined) answers.set(sessionId, result);
      look();
    });
    void session
      .send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
      .then(() => {
        for (const sessionId of attached)
          for (const [at, method] of ['HeapProfiler.collectGarbage', 'Runtime.getHeapUsage'].entries())
            void session.send('Target.sendMessageToTarget', {
              sessionId,
              message: JSON.stringify({ id: at + 1, method }),
            });
        look();
      });
  });
  await answered;
  return [...answers.values()];
}
