/** Small windows: 1440 × 900 at 200 %, and 1024 px. Nothing is cut off, and the picture keeps most of the room. */
import { topologyOf, wiredPod } from '../testing/page-states';
import { VIEWS } from '../../lib/view/views';
import { outOfReach } from './reach';
import { details, expect, open, test } from './world';

test.use({ scene: 'telco' });

test.describe('1440 × 900 at 200 %', () => {
  test.use({ viewport: { width: 720, height: 450 } });

  test('the picture has most of the window', async ({ page, world }) => {
    await open(page, world);
    await expect(page.getByRole('banner')).toContainText('sources live');
    const box = await page.getByRole('application').boundingBox();
    expect(box?.width).toBeGreaterThan(700);
    expect(box?.height).toBeGreaterThan(330);
    expect(await outOfReach(page)).toEqual([]);
  });

  test('every view can be used', async ({ page, world }) => {
    for (const { id } of VIEWS) {
      await page.goto(`${world.served.url}/?view=${id}`);
      await expect(page.getByRole('banner')).toContainText('sources live');
      await page.locator('[role=grid], main table, main [role=status], main canvas').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), id).toBe(true);
      expect(await outOfReach(page), id).toEqual([]);
    }
  });
});

test('in node focus at 1024 px, the names of all pods differ', async ({ page, world }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  const { node, pod } = wiredPod(await topologyOf(world.served.url));
  await open(page, world, `?focus=${encodeURIComponent(node)}&sel=${encodeURIComponent(pod)}`);
  await expect(details(page)).toBeVisible();
  const names = await page.locator('text.focus-pod').allTextContents();
  expect(names.length).toBeGreaterThan(2);
  expect(new Set(names).size).toBe(names.length);
});

test('the bar of a phone is as high with a filter as without', async ({ page, world }) => {
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
