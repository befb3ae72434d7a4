/** The view Changes: what the cluster tells is a sentence in the list within moments, and leads to its subject. */
import type { Locator, Page } from '@playwright/test';
import { details, expect, test, type World } from './world';

const rows = (page: Page): Locator => page.getByRole('row').filter({ has: page.getByRole('gridcell') });
const rowOf = (page: Page, text: string | RegExp): Locator => rows(page).filter({ hasText: text });

async function openChanges(page: Page, { served }: World, search = ''): Promise<void> {
  await page.goto(`${served.url}/?view=changes${search}`);
  await expect(page.getByText(/^Kept since \d\d:\d\d:\d\d UTC$/)).toBeVisible();
}

function createPod({ sim }: World, name: string): void {
  const [node] = [...sim.state.nodes.keys()];
  sim.ops.createPod({ namespace: 'default', app: 'e2e', name, node: node ?? '' });
}

test.afterEach(({ world }) => {
  for (const { namespace, name } of [...world.sim.state.pods.values()])
    if (name.startsWith('z-')) world.sim.ops.deletePod(`${namespace}/${name}`);
});

test('lists additions and removals, and opens one with Enter', async ({ page, world }) => {
  await openChanges(page, world);
  createPod(world, 'z-first');
  const row = rowOf(page, /Pod default\/z-first appeared on node/);
  await expect(row).toBeVisible();
  await row.focus();
  await page.keyboard.press('Enter');
  // With what else changes in the same seconds it is a burst, whose first line opens the pod.
  const unfolded = rowOf(page, 'Unfolded.');
  await expect(details(page).or(unfolded).first()).toBeVisible();
  if (await unfolded.isVisible()) {
    await rowOf(page, 'default/z-first').nth(1).focus();
    await page.keyboard.press('Enter');
  }
  await expect(details(page)).toContainText('z-first');
  world.sim.ops.deletePod('default/z-first');
  await expect(rowOf(page, /Pod default\/z-first went from node/).first()).toBeVisible();
});

test('narrows the list by the last minute, a mark, a kind and the filter, and keeps them in the URL', async ({
  page,
  world,
}) => {
  await openChanges(page, world);
  createPod(world, 'z-early');
  await expect(rowOf(page, 'z-early').first()).toBeVisible();
  await page.getByRole('button', { name: 'Set a mark' }).click();
  await expect(page).toHaveURL(/since=20/);
  await page.getByRole('button', { name: /remove it/ }).click();
  await page.getByRole('button', { name: /^went/ }).click();
  await expect(page).toHaveURL(/told=went/);
  await expect(rowOf(page, /z-early appeared/)).toHaveCount(0);
  await page.getByRole('button', { name: /^went/ }).click();
  await page.getByRole('button', { name: '1 min', exact: true }).click();
  await expect(page).toHaveURL(/since=1m/);
  await expect(rowOf(page, 'z-early').first()).toBeVisible();
  await openChanges(page, world, '&ns=kube-system');
  createPod(world, 'z-hidden');
  await expect(page.getByRole('main')).toContainText(/the filter hides/i);
  // The slot that it took is of an ENI that the filter leaves.
  await expect(rowOf(page, /Pod default\/z-hidden/)).toHaveCount(0);
});

test('counts changes while paused, and lists them on resume', async ({ page, world }) => {
  await openChanges(page, world);
  await page.keyboard.press('p');
  createPod(world, 'z-waiting');
  await expect(page.getByText(/^Paused; \d+ changes? waits?$/)).toBeVisible();
  await expect(rowOf(page, 'z-waiting')).toHaveCount(0);
  await page.keyboard.press('p');
  await expect(rowOf(page, 'z-waiting').first()).toBeVisible();
});

test('marks the picture next to the list', async ({ page, world }) => {
  await openChanges(page, world);
  const canvas = page.getByRole('application');
  await canvas.waitFor();
  const before = await canvas.screenshot();
  createPod(world, 'z-marked');
  await expect(rowOf(page, 'z-marked').first()).toBeVisible();
  await expect.poll(async () => (await canvas.screenshot()).equals(before)).toBe(false);
});

test('shows a multi-line sentence in full next to the picture', async ({ page, world }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await openChanges(page, world);
  createPod(world, 'z-a-name-that-leaves-no-room-for-the-node-beside-the-picture');
  const cell = rowOf(page, /z-a-name-that-leaves-no-room.* appeared on node/)
    .first()
    .getByRole('gridcell')
    .last();
  await expect(cell).toBeVisible();
  expect(
    await cell.evaluate((box) => box.scrollWidth <= box.clientWidth + 1 && box.scrollHeight <= box.clientHeight + 1),
  ).toBe(true);
});
