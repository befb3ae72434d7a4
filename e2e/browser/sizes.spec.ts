/** Small windows: 1440 × 900 at 200 %, and 1024 px. Nothing is cut off, and the picture keeps most of the room. */
import type { Page } from '@playwright/test';
import { wiredPod, type Topology } from '../testing/page-states';
import { details, expect, open, test, type World } from './world';

test.use({ scene: 'telco' });

const topologyOf = async (page: Page, { served }: World): Promise<Topology> =>
  (await (await page.request.get(`${served.url}/api/export?format=json`)).json()) as Topology;

/** Buttons and links outside of the window that no scrolling brings into it. */
const outOfReach = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const scrolls = (element: Element): boolean => {
      for (let at = element.parentElement; at !== null; at = at.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(at);
        if (/auto|scroll/.test(overflowX + overflowY)) return true;
      }
      return false;
    };
    return [...document.querySelectorAll('button, a[href], input, select')].flatMap((element) => {
      const { left, right, top, bottom, width } = element.getBoundingClientRect();
      const isOut = left < -1 || right > window.innerWidth + 1 || top < -1 || bottom > window.innerHeight + 1;
      return width > 0 && isOut && !scrolls(element) && element.textContent !== 'Skip to the view'
        ? [`${element.tagName} ${element.textContent}`]
        : [];
    });
  });

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

  for (const [name, search] of [
    ['interfaces', '?view=interfaces'],
    ['networks by node', '?view=networks&by=node'],
    ['findings', '?view=findings'],
    ['capacity', '?view=capacity'],
    ['changes', '?view=changes'],
  ] as const)
    test(`${name} can be used`, async ({ page, world }) => {
      await page.goto(`${world.served.url}/${search}`);
      await expect(page.getByRole('banner')).toContainText('sources live');
      await page.getByRole('grid').or(page.getByRole('table')).or(page.getByRole('status')).first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      expect(await outOfReach(page)).toEqual([]);
    });
});

test('in node focus at 1024 px every pod can be told from the others', async ({ page, world }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  const { node, pod } = wiredPod(await topologyOf(page, world));
  await open(page, world, `?focus=${encodeURIComponent(node)}&sel=${encodeURIComponent(pod)}`);
  await expect(details(page)).toBeVisible();
  const names = await page.locator('text.focus-pod').allTextContents();
  expect(names.length).toBeGreaterThan(2);
  expect(new Set(names).size).toBe(names.length);
});
