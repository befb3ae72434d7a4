/** What has the focus in a table is a record, not a place: rows come and go around it. */
import type { Locator, Page } from '@playwright/test';
import { details, expect, test, type World } from './world';

/** By pod, so that pods named `a-…` stand first. */
const BY_POD = '?view=interfaces&sort=pod';

const rows = (page: Page): Locator => page.getByRole('row').filter({ has: page.getByRole('gridcell') });
const rowOf = (page: Page, pod: string): Locator => rows(page).filter({ hasText: pod });

async function openTable(page: Page, { served }: World): Promise<void> {
  await page.goto(`${served.url}/${BY_POD}`);
  await rows(page).first().waitFor();
}

function createPod(page: Page, { sim }: World, name: string): Locator {
  const [node] = [...sim.state.nodes.keys()];
  sim.ops.createPod({ namespace: 'default', app: 'e2e', name, node: node ?? '' });
  return rowOf(page, name);
}

test.afterEach(({ world }) => {
  for (const { namespace, name } of [...world.sim.state.pods.values()])
    if (name.startsWith('a-')) world.sim.ops.deletePod(`${namespace}/${name}`);
});

test('Enter opens the focused row after rows were inserted above it', async ({ page, world }) => {
  await openTable(page, world);
  const row = createPod(page, world, 'a-focused');
  await row.focus();
  for (const name of ['a-a', 'a-b', 'a-c']) await expect(createPod(page, world, name)).toBeVisible();
  await expect(row).toHaveAttribute('data-index', '3');
  await expect(row).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(details(page)).toContainText('a-focused');
});

test('the row at the same position gets the focus when the focused row disappears', async ({ page, world }) => {
  await openTable(page, world);
  const row = createPod(page, world, 'a-leaver');
  await expect(createPod(page, world, 'a-next')).toBeVisible();
  await row.focus();
  world.sim.ops.deletePod('default/a-leaver');
  await expect(row).toHaveCount(0);
  await expect(rowOf(page, 'a-next')).toBeFocused();
});

test('visible rows keep their places after scrolling by wheel, and Tab reaches a row', async ({ page, world }) => {
  await openTable(page, world);
  await rows(page).nth(3).hover();
  await page.mouse.wheel(0, 900);
  const seen = page.locator('[role=row][data-index="36"]');
  await expect(seen).toBeInViewport();
  const key = (await seen.innerText()).split('\n').join(' ');
  const top = (): Promise<number | undefined> =>
    page.evaluate(
      (text) =>
        [...document.querySelectorAll<HTMLElement>('[role=row][data-index]')]
          .find((row) => row.innerText.split('\n').join(' ') === text)
          ?.getBoundingClientRect().top,
      key,
    );
  const before = await top();
  const count = (await page.getByRole('grid').getAttribute('aria-rowcount')) ?? '';
  createPod(page, world, 'a-above');
  await expect(page.getByRole('grid')).not.toHaveAttribute('aria-rowcount', count);
  await expect.poll(top).toBe(before);
  await expect(page.locator('[role=row][tabindex="0"]')).toHaveCount(1);
});

test('another sort order keeps the scroll position, not the visible rows', async ({ page, world }) => {
  await openTable(page, world);
  const scrolled = (): Promise<number> =>
    page.getByRole('grid').evaluate((grid) => grid.parentElement?.scrollTop ?? -1);
  await rows(page).nth(3).hover();
  await page.mouse.wheel(0, 300);
  await expect.poll(scrolled).toBe(300);
  await page.getByRole('columnheader', { name: 'Pod' }).getByRole('button').click();
  await expect(page.getByRole('columnheader', { name: 'Pod' })).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(() => page.locator('[role=row][data-index="10"]').count()).toBe(1);
  expect(await scrolled()).toBe(300);
});

test('in the column menu, the focus follows a column that is hidden or moved', async ({ page, world }) => {
  await openTable(page, world);
  await page.getByRole('button', { name: /^Columns/ }).click();
  const menu = page.getByRole('dialog', { name: 'Columns of the table' });
  const network = menu.getByRole('checkbox', { name: 'Network' });
  await network.focus();
  await page.keyboard.press('Space');
  await expect(network).not.toBeChecked();
  await expect(network).toBeFocused();
  const later = menu.getByRole('button', { name: 'Move Pod right' });
  await later.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/cols=interfaces:interface,namespace,pod/);
  await expect(later).toBeFocused();
  await menu.getByRole('button', { name: 'Move Namespace left' }).focus();
  await page.keyboard.press('Enter');
  // It is the first now, and cannot go further.
  await expect(menu.getByRole('checkbox', { name: 'Namespace' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Columns/ })).toBeFocused();
});

test('in print, a table includes the rows that do not fit on the screen', async ({ page, world }) => {
  await page.setViewportSize({ width: 1024, height: 400 });
  await openTable(page, world);
  const all = Number(await page.getByRole('grid').getAttribute('aria-rowcount'));
  expect(await page.getByRole('row').count()).toBeLessThan(all);
  await page.evaluate(() =>
    window.addEventListener('beforeprint', () => {
      document.title = `${document.querySelectorAll('[role=row]').length} rows`;
    }),
  );
  await page.pdf();
  await expect(page).toHaveTitle(`${all} rows`);
  await expect.poll(() => page.getByRole('row').count()).toBeLessThan(all);
});
