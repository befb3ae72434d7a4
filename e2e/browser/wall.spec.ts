/** A wall display runs for days: the page's clock goes on while the cluster changes and servers come and go. */
import type { Page } from '@playwright/test';
import type { Served } from '../server';
import { startPathProxy } from '../testing/servers/path-proxy';
import { expect, test, type World } from './world';

test.use({ scene: 'small', owner: 'wall' });
test.describe.configure({ timeout: 240_000 });

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** A fixed address whose server can be replaced, also by one of another build. */
async function openWall(page: Page, world: World) {
  let served: Served = await world.again();
  let build: string | null = null;
  const proxy = await startPathProxy('', false, () => new URL(served.url).port);
  const own = /"buildId":"([^"]+)"/;
  await page.route('**/?kiosk', async (route) => {
    const response = await route.fetch().catch(() => null);
    if (response === null) return route.abort();
    const body = await response.text();
    return route.fulfill({ response, body: build === null ? body : body.replace(own, `"buildId":"${build}"`) });
  });
  // Apart from its name, that build is this one.
  await page.route('**/_next/static/other-*/**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: '' }),
  );
  await page.clock.install();
  await page.goto(`${proxy.url}/?kiosk`);
  await page.locator('canvas[data-revision]').waitFor();
  const mark = (): Promise<void> =>
    page.evaluate(() => {
      const sizes = new Set<string>();
      new ResizeObserver(([entry]) => {
        const { y, height } = entry?.target.getBoundingClientRect() ?? { y: 0, height: 0 };
        sizes.add(`${y} ${height}`);
      }).observe(document.querySelector('canvas') ?? document.body);
      Object.assign(window, { marked: sizes });
    });
  await mark();
  return {
    mark,
    /** The places that the picture has had; null after a reload. */
    places: () =>
      unlessLoading(
        page.evaluate(() => {
          const { marked } = window as { readonly marked?: ReadonlySet<string> };
          return marked === undefined ? null : [...marked];
        }),
      ),
    stop: () => served.stop(),
    async restart(as: string | null = build) {
      build = as;
      served = await world.again();
    },
    async end() {
      proxy.stop();
      await served.stop();
    },
  };
}

/** The answer of a page, or null while it loads again and has nothing to ask. */
const unlessLoading = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((error: unknown) => {
    if (String(error).includes('Execution context was destroyed')) return null;
    throw error;
  });

async function memory(page: Page): Promise<Readonly<Record<'heap' | 'nodes' | 'listeners', number>>> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const of = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
  return { heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

const header = (page: Page) => page.getByRole('banner');

/** What the page says while it is not connected; Next has an empty alert of its own. */
const lost = (page: Page) => page.getByRole('main').getByRole('alert');

/** A pod comes and goes, and the page shows both. */
async function change(page: Page, { sim }: World, name: string): Promise<void> {
  const pods = [...sim.state.pods.values()].length;
  const [node = ''] = [...sim.state.nodes.keys()];
  const shows = (count: number) => expect(header(page)).toContainText(`${count} pods`, { timeout: 30_000 });
  sim.ops.createPod({ namespace: 'default', app: 'wall', name, node });
  await shows(pods + 1);
  sim.ops.deletePod(`default/${name}`);
  await shows(pods);
}

test('three days of changes, reconnections and restarts move nothing and leak nothing', async ({ page, world }) => {
  const wall = await openWall(page, world);
  try {
    for (let step = 0; step < 4; step++) await change(page, world, `warm-up-${step}`);
    const before = await memory(page);
    for (let step = 0; step < 24; step++) {
      // Later than the stream may be silent: the page connects again each time.
      await page.clock.fastForward(step === 0 ? 4 * HOUR : 3 * HOUR);
      await change(page, world, `step-${step}`);
    }
    await wall.stop();
    await expect(lost(page)).toBeVisible();
    await wall.restart();
    await change(page, world, 'after');
    await expect(lost(page)).toHaveCount(0);
    const after = await memory(page);
    expect(await wall.places()).toHaveLength(1);
    expect(after.nodes).toBeLessThan(before.nodes + 200);
    expect(after.listeners).toBeLessThan(before.listeners + 50);
    expect(after.heap).toBeLessThan(before.heap + 4_000_000);
    // The page's clock is 73 hours ahead, the server's is not.
    await expect(header(page)).toContainText(`${new Date().toISOString().slice(11, 16)} UTC`);
    await expect(header(page)).toContainText(/\d+ of \d+ sources live/);
  } finally {
    await wall.end();
  }
});

test('the page reports for days how long the server is unreachable, and loads the next build when it is back', async ({
  page,
  world,
}) => {
  const wall = await openWall(page, world);
  try {
    await wall.stop();
    await expect(lost(page)).toContainText('last contact');
    await page.clock.fastForward(3 * DAY);
    await expect(lost(page)).toContainText('The picture is not updating: last contact 3 d ago.');
    await expect(header(page)).toContainText('sources live at last contact');
    expect(await wall.places()).toHaveLength(1);
    await wall.restart('other-1');
    await expect
      .poll(async () => {
        await unlessLoading(page.clock.fastForward(31_000));
        return wall.places();
      })
      .toBeNull();
    await page.locator('canvas[data-revision]').waitFor();
    await expect(lost(page)).toHaveCount(0);

    await wall.mark();
    await wall.stop();
    await wall.restart('other-2');
    await expect.poll(wall.places, { timeout: 30_000 }).toBeNull();
    await page.locator('canvas[data-revision]').waitFor();
  } finally {
    await wall.end();
  }
});
