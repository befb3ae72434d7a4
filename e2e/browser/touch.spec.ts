/** The page on a phone, by fingers: real touch events, as the browser gets them from its screen. */
import type { CDPSession, Page } from '@playwright/test';
import { answers, details, expect, open, test } from './world';

test.use({ scene: 'demo', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Fingers that go down together, move in steps, and are lifted. */
async function drag(page: Page, from: readonly Point[], to: readonly Point[]): Promise<void> {
  const session: CDPSession = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map((point, id) => ({ ...point, id })) });
  const STEPS = 6;
  await touch('touchStart', from);
  for (let step = 1; step <= STEPS; step += 1)
    await touch(
      'touchMove',
      from.map(({ x, y }, id) => ({
        x: x + (((to[id]?.x ?? x) - x) * step) / STEPS,
        y: y + (((to[id]?.y ?? y) - y) * step) / STEPS,
      })),
    );
  await touch('touchEnd', []);
  await session.detach();
}

/** Scene point in the middle, and pixels per scene unit. */
const camera = (page: Page): readonly number[] =>
  (new URL(page.url()).searchParams.get('at') ?? '').split(',').map(Number);

/** The camera once the view rests: the address follows it, and under load it may already do so between two touches. */
async function restingCamera(page: Page): Promise<readonly number[]> {
  let last = '';
  await expect
    .poll(
      () => {
        const before = last;
        last = page.url();
        return last === before && last.includes('at=');
      },
      { intervals: [400] },
    )
    .toBe(true);
  return camera(page);
}

const middle = async (page: Page): Promise<Point> => {
  const box = await page.getByRole('application').boundingBox();
  if (box === null) throw new Error('no picture');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

const near = ({ x, y }: Point, dx: number, dy: number): Point => ({ x: x + dx, y: y + dy });

test('two fingers zoom, one pans, a tap opens', async ({ page, world }) => {
  await open(page, world);
  await expect(page.getByRole('banner')).toContainText('sources live');
  const at = await middle(page);
  const top = (await page.getByRole('application').boundingBox())?.y ?? 0;
  await drag(page, [near(at, -30, 0), near(at, 30, 0)], [near(at, -150, 0), near(at, 150, 0)]);
  const [x = 0, y = 0, scale = 0] = await restingCamera(page);
  expect(scale).toBeGreaterThan(0);
  await drag(page, [at], [near(at, -60, -90)]);
  await expect.poll(() => camera(page)[0]).toBeGreaterThan(x);
  const [, lower, same] = await restingCamera(page);
  expect(lower).toBeGreaterThan(y);
  expect(same).toBeCloseTo(scale, 3);
  // Neither the page nor the browser's own zoom took part.
  expect(await page.evaluate(() => [window.scrollX, window.scrollY, window.visualViewport?.scale])).toEqual([0, 0, 1]);
  await expect(details(page)).toHaveCount(0);
  await page.getByRole('group', { name: 'Detail follows zoom' }).getByRole('button', { name: 'Nodes' }).tap();
  await expect(page).not.toHaveURL(/at=/);
  // The first node of the first column.
  await page.touchscreen.tap(28, top + 66);
  await expect(details(page)).toBeVisible();
});

test('views, legends, finder, details and back are reachable by touch', async ({ page, world }) => {
  await open(page, world);
  await page.getByRole('button', { name: 'Views and legends' }).tap();
  await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('link', { name: /^Findings/ })
    .tap();
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeHidden();
  const row = page
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') })
    .first();
  // What it is about is in sight without scrolling sideways.
  await expect(row.getByRole('gridcell').nth(1)).toBeInViewport();
  await row.tap();
  await expect(details(page)).toBeVisible();
  await details(page)
    .getByRole('button', { name: /Close details/ })
    .tap();
  await expect(details(page)).toHaveCount(0);
  await page.getByRole('banner').getByRole('button', { name: /^Find/ }).tap();
  await page.getByRole('combobox', { name: /^Find/ }).fill('eni-');
  await answers(page).first().tap();
  await expect(details(page)).toContainText('eni-');
});

test('touch targets are large enough', async ({ page, world }) => {
  await open(page, world);
  await expect(page.getByRole('banner')).toContainText('sources live');
  await page.getByRole('button', { name: 'Views and legends' }).tap();
  // WCAG 2.2, 2.5.8: 24 by 24 CSS pixels, or as much room around it.
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('header button, nav a, section button, main button')].flatMap((element) => {
      const { width, height } = element.getBoundingClientRect();
      return width > 0 && (width < 24 || height < 24) ? [`${element.textContent} ${width}×${height}`] : [];
    }),
  );
  expect(small).toEqual([]);
});
