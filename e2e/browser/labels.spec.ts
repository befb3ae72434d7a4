/** Labels of pods: found by search, filtered by in table and picture, completed, and shown on the pod. */
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { details, expect, open, test, type World } from './world';

test.use({ scene: 'telco' });

/** Pods of one workload in the simulator, with their label. */
function workload({ sim }: World): { readonly label: string; readonly pods: readonly string[] } {
  const pods = [...sim.state.pods.values()];
  const app = pods.find(({ namespace }) => namespace === 'core')?.labels.app ?? '';
  return {
    label: `app=${app}`,
    pods: pods.filter(({ labels }) => labels.app === app).map(({ name }) => name),
  };
}

const options = (page: Page) => page.getByRole('option');

test('finds a label, and lists its pods', async ({ page, world }) => {
  const { label, pods } = workload(world);
  await open(page, world);
  await page.getByRole('button', { name: /^Find/ }).click();
  const box = page.getByRole('combobox', { name: /^Find/ });
  for (const text of [label, label.slice('app='.length)]) {
    await box.fill(text);
    await expect(options(page).filter({ hasText: `with label ${label}` })).toContainText(
      `${pods.length} ${pods.length === 1 ? 'pod' : 'pods'} with label ${label}`,
    );
  }
  await options(page)
    .filter({ hasText: `with label ${label}` })
    .click();
  await expect(page).toHaveURL(/filter=pod/);
  const rows = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
  await expect(rows.first()).toContainText(pods[0]?.replace(/-[^-]*$/, '') ?? '');
});

test('filters the table and the picture by label in the same way', async ({ page, world }) => {
  const { label, pods } = workload(world);
  await page.goto(`${world.served.url}/?view=interfaces&filter=${encodeURIComponent(`label:${label}`)}`);
  const grid = page.getByRole('grid');
  await expect(page.getByRole('main')).toContainText(/the filter hides/i);
  const count = async (): Promise<number> => Number(await grid.getAttribute('aria-rowcount')) - 1;
  await expect.poll(count).toBeGreaterThanOrEqual(pods.length);
  const shown = await count();
  await page.goto(`${world.served.url}/?filter=${encodeURIComponent(`label:${label}`)}`);
  await page.getByRole('application').waitFor();
  const link = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /^Interfaces/ });
  await expect(link).toContainText(new RegExp(`^\\D*${shown.toLocaleString('en')}\\D`));
});

test('offers pod labels in the query', async ({ page, world }) => {
  const { label } = workload(world);
  await page.goto(`${world.served.url}/?view=interfaces`);
  await page.getByRole('row').nth(3).waitFor();
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Filter/ })
    .click();
  const field = page.getByRole('combobox', { name: 'Query' });
  await field.fill(`-label:${label.slice(0, -1)}`);
  await page.getByRole('option', { name: label }).click();
  await expect(field).toHaveValue(`-label:${label} `);
  await expect(page.getByRole('main')).toContainText(/the filter hides/i);
});

test('shows a pod’s labels in its panel and on its page, except those that only distinguish pods', async ({
  page,
  world,
}) => {
  const { label, pods } = workload(world);
  const [name = ''] = pods;
  const value = label.slice('app='.length);
  await page.goto(`${world.served.url}/?sel=${encodeURIComponent(`pod:core/${name}`)}`);
  const section = details(page)
    .locator('section')
    .filter({ hasText: /^Labels/ });
  await expect(section).toContainText(`app.kubernetes.io/name${value}`);
  await expect(section).not.toContainText('hash');
  await page.goto(`${world.served.url}/pod/core/${name}`);
  await expect(page.getByRole('main')).toContainText(`app.kubernetes.io/name${value}`);
});

test('offers pod labels in the search box', async ({ page, world }) => {
  const { label } = workload(world);
  await open(page, world);
  await page.getByRole('button', { name: /^Find/ }).click();
  const box = page.getByRole('combobox', { name: /^Find/ });
  await box.fill(`label:${label.slice(0, -1)}`);
  await options(page).filter({ hasText: /^Type/ }).filter({ hasText: label }).first().click();
  await expect(box).toHaveValue(`label:${label} `);
});

test('shows labels as columns of the interfaces, chosen and ordered by the user, in the link and in the CSV', async ({
  page,
  world,
}) => {
  const key = 'app.kubernetes.io/name';
  await page.goto(`${world.served.url}/?view=interfaces`);
  await page.getByRole('row').nth(3).waitFor();
  const headings = page.getByRole('columnheader');
  await expect(headings.filter({ hasText: 'Labels' })).toHaveCount(0);
  const usual = await headings.count();
  await page.getByRole('button', { name: /^Columns/ }).click();
  const menu = page.getByRole('dialog', { name: 'Columns of the table' });
  await menu.getByRole('checkbox', { name: 'MAC' }).uncheck();
  await menu.getByRole('combobox', { name: /label/i }).selectOption(key);
  await expect(headings).toHaveCount(usual);
  await menu.getByRole('button', { name: `Move ${key} left` }).click();
  await page.keyboard.press('Escape');
  await expect(headings.nth(usual - 2)).toContainText(key);
  await expect(page).toHaveURL(/cols=interfaces:/);
  await headings.filter({ hasText: key }).getByRole('button').click();
  await expect(page).toHaveURL(/sort=label:/);
  await page.goto(page.url());
  const cell = page
    .getByRole('row')
    .nth(1)
    .getByRole('gridcell')
    .nth(usual - 2);
  await expect(cell).toHaveText(/\w/);
  const value = await cell.innerText();
  expect([...world.sim.state.pods.values()].map(({ labels }) => labels[key])).toContain(value);
  await cell.hover();
  await cell.getByRole('button', { name: /^Filter by label:/ }).click();
  await expect(page.getByRole('main')).toContainText(/the filter hides/i);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  const csv = readFileSync(await (await download).path(), 'utf8').split('\n');
  expect(csv[0]).toContain(key);
  expect(csv[0]).not.toContain('MAC');
  expect(csv[1]).toContain(value);
});
