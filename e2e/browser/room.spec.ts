/** What there is room for: small windows, a few nodes, and names that differ in their ends. */
import type { Locator, Page } from '@playwright/test';
import { expect, open, test } from './world';

test.use({ scene: 'telco' });

const level = (page: Page, name: string): Locator =>
  page.getByRole('group', { name: 'Detail follows zoom' }).getByRole('button', { name });

test('a few nodes fill the window as tiles', async ({ page, world }) => {
  await open(page, world);
  await level(page, 'Nodes').click();
  await expect(level(page, 'Nodes')).toHaveAttribute('aria-pressed', 'true');
  // The view has come to rest: another level would have been told by now.
  await expect(page.getByText('Addresses of a node')).toBeVisible();
  const used = (): Promise<number> =>
    page.getByRole('application').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const context = canvas.getContext('2d');
      const { width, height } = canvas;
      const data = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
      const ground = [data[0], data[1], data[2]].join();
      let right = 0;
      for (let x = 0; x < width; x += 4)
        for (let y = 60; y < height; y += 4) {
          const at = 4 * (y * width + x);
          if ([data[at], data[at + 1], data[at + 2]].join() !== ground) right = Math.max(right, x);
        }
      return right / width;
    });
  await expect.poll(used).toBeGreaterThan(0.5);
  await level(page, 'Slots').click();
  await expect(level(page, 'Slots')).toHaveAttribute('aria-pressed', 'true');
});

test('the whole picture still fits when the window becomes lower', async ({ page, world }) => {
  await open(page, world);
  await expect(page.getByRole('banner')).toContainText('sources live');
  await page.setViewportSize({ width: 1600, height: 420 });
  // Below the lowest node there is nothing but ground.
  const inLastRow = (): Promise<number> =>
    page.getByRole('application').evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const context = (element as HTMLCanvasElement).getContext('2d');
      const { data } = context?.getImageData(0, height - 1, width, 1) ?? new ImageData(1, 1);
      return new Set(Array.from({ length: width }, (_, x) => data.slice(4 * x, 4 * x + 3).join())).size;
    });
  await expect.poll(inLastRow).toBe(1);
});

test('at 200 % zoom on a laptop, the picture takes most of the window', async ({ page, world }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  await open(page, world);
  const box = await page.getByRole('application').boundingBox();
  expect(box?.height ?? 0).toBeGreaterThan(320);
});

for (const [view, title] of [
  ['nodes', 'Room for pods'],
  ['enis', 'Why'],
  ['subnets', 'Free'],
  ['interfaces', 'Address'],
] as const)
  test(`on a phone ${view} show “${title}” without scrolling`, async ({ page, world }) => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`${world.served.url}/?view=${view}`);
    const column = page.getByRole('columnheader', { name: title, exact: true });
    await expect(column).toBeVisible();
    const box = await column.boundingBox();
    expect((box?.x ?? 999) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
  });

test('on a phone, a finding names its subject', async ({ page, world }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  world.sim.ops.setNode([...world.sim.state.nodes.keys()][0] ?? '', { ready: false });
  await page.goto(`${world.served.url}/?view=findings`);
  const about = page.getByRole('columnheader', { name: 'About' });
  await expect(about).toBeVisible();
  const box = await about.boundingBox();
  expect((box?.x ?? 999) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
});

test('on a phone, a wall display shows the causes in full', async ({ page, world }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(`${world.served.url}/?kiosk`);
  const causes = page.getByRole('list', { name: 'Findings by cause' }).getByRole('listitem');
  await expect(causes).not.toHaveCount(0);
  const cut = await causes.evaluateAll(
    (all) => all.filter((one) => [...one.children].some((part) => part.scrollWidth > part.clientWidth)).length,
  );
  expect(cut).toBe(0);
});

test('where no pod fits, the reason is in the table, by zone and in Capacity', async ({ page, world }) => {
  const reason = 'not used for pods';
  await page.goto(`${world.served.url}/?view=subnets`);
  await expect(page.getByRole('region', { name: 'Subnets by zone' })).toContainText(`0 pods fit: ${reason}`);
  await expect(page.getByRole('grid').getByRole('gridcell', { name: reason }).first()).toBeVisible();
  await page.goto(`${world.served.url}/?view=capacity`);
  await expect(page.getByRole('table', { name: 'Subnets' }).getByRole('cell', { name: reason }).first()).toBeVisible();
});

for (const view of ['nodes', 'enis', 'subnets', 'networks'] as const)
  test(`in a window of 1440 px ${view} show their findings without scrolling`, async ({ page, world }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${world.served.url}/?view=${view}`);
    const box = await page.getByRole('columnheader', { name: 'Findings', exact: true }).boundingBox();
    expect((box?.x ?? 9999) + (box?.width ?? 0)).toBeLessThanOrEqual(1440);
  });
