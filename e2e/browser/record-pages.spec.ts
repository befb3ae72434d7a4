/** The pages of records: whole documents with links, that stay live and say when their record has gone. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { details, find, eniOf, expect, open, test } from './world';

test.use({ owner: 'record-pages' });

const violationsOn = async (page: Page): Promise<readonly string[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`);
};

test('a panel links to the page of its record, which is a plain document', async ({ page, world }) => {
  await open(page, world);
  const pod = [...world.sim.state.pods.values()].find(({ namespace }) => namespace !== 'kube-system');
  if (pod === undefined) throw new Error('no pod');
  await find(page, pod.name);
  await details(page).getByRole('link', { name: 'Open as a page' }).click();
  await expect(page).toHaveURL(new RegExp(`/pod/${pod.namespace}/${pod.name}$`));
  await expect(page.getByRole('heading', { level: 1, name: pod.name })).toBeVisible();
  await expect(page).toHaveTitle(new RegExp(`${pod.name} · ifscope`));
  for (const title of ['How we know', 'Pod', /^Events · /, 'EC2 · ipamd · pods, by ENI', 'Questions'])
    await expect(page.getByRole('heading', { level: 2, name: title, exact: true }).first()).toBeVisible();
  // Its questions are answered without a click.
  await expect(page.getByRole('button', { name: /\?$/, expanded: false })).toHaveCount(0);
  expect(await violationsOn(page)).toEqual([]);

  await page
    .getByRole('heading', { level: 2, name: 'Pod', exact: true })
    .locator('..')
    .getByRole('link')
    .first()
    .click();
  await expect(page).toHaveURL(/\/node\//);
  await expect(page.getByRole('heading', { level: 2, name: 'Wiring' })).toBeVisible();
  expect(await violationsOn(page)).toEqual([]);
  await page.getByRole('link', { name: 'Show in the map' }).click();
  await expect(details(page)).toContainText('Node');
});

test('ENIs, subnets and networks have pages, and an invalid path is reported', async ({ page, world }) => {
  const eni = eniOf(world, 0);
  if (eni === undefined) throw new Error('no ENI');
  await page.goto(`${world.served.url}/eni/${eni.id}`);
  await expect(page.getByRole('heading', { level: 1, name: eni.id })).toBeVisible();
  await page.goto(`${world.served.url}/subnet/${eni.subnetId}`);
  await expect(page.getByRole('heading', { level: 2, name: 'Capacity' })).toBeVisible();
  await page.goto(`${world.served.url}/network/cluster`);
  await expect(page.getByRole('heading', { level: 1, name: 'cluster network' })).toBeVisible();
  await page.goto(`${world.served.url}/subnet/${eni.id}`);
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  await page.goto(`${world.served.url}/node/nobody`);
  await expect(page.getByRole('status')).toContainText('It no longer exists, never did');
});

test('the page reports that its record is gone', async ({ page, world }) => {
  const pod = [...world.sim.state.pods.values()].find(({ namespace }) => namespace !== 'kube-system');
  if (pod === undefined) throw new Error('no pod');
  await page.goto(`${world.served.url}/pod/${pod.namespace}/${pod.name}`);
  await expect(page.getByRole('heading', { level: 2, name: 'How we know' })).toBeVisible();
  world.sim.ops.deletePod(`${pod.namespace}/${pod.name}`);
  await expect(page.getByRole('status')).toContainText('It no longer exists');
});
