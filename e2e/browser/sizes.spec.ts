/** Small windows: 1440 × 900 at 200 %, and 1024 px. Nothing is cut off, and the picture keeps most of the room. */
import { topologyOf, wiredPod } from '../testing/page-states';
import { VIEWS } from '../../lib/view/views';
import { outOfReach } from './reach';
import { details, expect, open, test } from './world';

test.use({ scene: 'telco' });

test.describe('1440 × 900 at 200 %', () => {
  test.use({ viewport: { width: 720, height: 450 } });

  test('gives the picture most of the window', async ({ page, world }) => {
    await open(page, world);
    await expect(page.getByRole('banner')).toContainText('sources live');
    const box = await page.getByRole('application').boundingBox();
    expect(box?.width).toBeGreaterThan(700);
    expect(box?.height).toBeGreaterThan(330);
    expect(await outOfReach(page)).toEqual([]);
  });

  test('keeps every view usable', async ({ page, world }) => {
    for (const { id } of VIEWS) {
      await page.goto(`${world.served.url}/?view=${id}`);
      await expect(page.getByRole('banner')).toContainText('sources live');
      await page.locator('[role=grid], main table, main [role=status], main canvas').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), id).toBe(true);
      expect(await outOfReach(page), id).toEqual([]);
    }
  });
});

test('in node focus at 1024 px, all pod names differ', async ({ page, world }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  const { node, pod } = wiredPod(await topologyOf(world.served.url));
  await open(page, world, `?focus=${encodeURIComponent(node)}&sel=${encodeURIComponent(pod)}`);
  await expect(details(page)).toBeVisible();
  const names = await page.locator('text.focus-pod').allTextContents();
  expect(names.length).toBeGreaterThan(2);
  expect(new Set(names).size).toBe(names.length);
});

test('on a phone, the bar has the same height with and without a filter', async ({ page, world }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const heightOf = async (search: string): Promise<number> => {
    await open(page, world, search);
    const banner = page.getByRole('banner');
    await expect(banner).toContainText('sources live');
    await expect(banner.getByRole('button', { name: /^Filter/ })).toContainText(search === '' ? 'Filter' : 'hides');
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    return (await banner.boundingBox())?.height ?? 0;
  };
  expect(await heightOf('?filter=pod:no-such-pod')).toBe(await heightOf(''));
});

/** Texts of truncated elements. */
const cutOff = (elements: readonly Element[]): readonly string[] =>
  elements
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
    .map(({ textContent }) => textContent);

for (const width of [1440, 1024, 390])
  test(`at ${width} px, no column heading is cut off`, async ({ page, world }) => {
    await page.setViewportSize({ width, height: 844 });
    for (const view of ['nodes', 'enis', 'networks', 'subnets', 'interfaces', 'findings']) {
      await page.goto(`${world.served.url}/?view=${view}`);
      const headings = page.locator('[role=columnheader] span.truncate');
      await headings.first().waitFor();
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      expect(await headings.evaluateAll(cutOff), view).toEqual([]);
    }
  });

test('on a phone, a finding wraps to a second line', async ({ page, world }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${world.served.url}/?view=findings`);
  const sentences = page.locator('[role=gridcell]:nth-child(3)');
  await sentences.first().waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const lines = await sentences.evaluateAll((cells) =>
    cells.map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    }),
  );
  expect(Math.max(...lines)).toBe(2);
  // No text is lost: text that does not fit into two lines would be clipped at the bottom.
  const clipped = await sentences.evaluateAll(
    (cells) => cells.filter((cell) => cell.scrollHeight > cell.clientHeight + 1).length,
  );
  expect(clipped).toBe(0);
  // Nor at its end, such as the hyphen of a name that is as wide as its cell.
  const names = page.locator('[role=gridcell]:nth-child(2)');
  expect(await names.evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length)).toBe(
    0,
  );
});

/** Keeps the width of the menus' place at each change of its content. */
const NOTE_WIDTHS = `
  window.widths = [];
  (function look() {
    const menus = document.querySelector('header > :last-child');
    const width = menus === null ? 0 : Math.round(menus.getBoundingClientRect().width);
    if (width > 0 && window.widths.at(-1) !== width) window.widths.push(width);
    requestAnimationFrame(look);
  })();
`;

for (const width of [1440, 1024])
  for (const view of ['topology', 'nodes'])
    test(`at ${width} px, the menus above ${view} are as wide as the place kept for them`, async ({ page, world }) => {
      await page.setViewportSize({ width, height: 844 });
      await page.addInitScript({ content: NOTE_WIDTHS });
      await page.goto(`${world.served.url}/?view=${view}`);
      await page
        .getByRole('banner')
        .getByRole('button', { name: /^Export/ })
        .waitFor();
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      const widths = await page.evaluate<number[]>('window.widths');
      expect(Math.max(...widths) - Math.min(...widths)).toBeLessThan(4);
    });
