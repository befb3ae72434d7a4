/** The page of a visitor who may see one namespace: the rest has no names, and says so, in the map and on records' own pages. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { recordPath } from '../../lib/view/record-path';
import { startSimulated, type Simulated } from '../simulated';
import { startAccessReviews } from '../testing/servers/access-reviews';
import { expect, test as base } from './world';

const SEEN = 'shop';

const test = base.extend<object, { guarded: Simulated }>({
  guarded: [
    async ({}, use) => {
      const reviews = await startAccessReviews((user, namespace) => user === 'alice' && namespace === SEEN);
      const guarded = await startSimulated('demo', {
        args: ['--auth', 'proxy', '--proxy-from', '127.0.0.1,::1', '--rights', 'reviews'],
        others: { reviews: reviews.url },
      });
      await use(guarded);
      await guarded.stop();
      reviews.stop();
    },
    { scope: 'worker' },
  ],
  extraHTTPHeaders: { 'x-forwarded-user': 'alice' },
});

/** Names of pods that alice may not see. */
const hiddenNames = ({ sim }: Simulated): readonly string[] =>
  [...sim.state.pods.values()].filter(({ namespace }) => namespace !== SEEN).map(({ name }) => name);

const violationsOn = async (page: Page): Promise<readonly string[]> =>
  (await new AxeBuilder({ page }).analyze()).violations.map(
    ({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`,
  );

async function expectNoHiddenName(page: Page, guarded: Simulated): Promise<void> {
  const content = await page.content();
  expect(hiddenNames(guarded).filter((name) => content.includes(name))).toEqual([]);
}

test('a node’s page has the pods that may be seen, and says that there are others', async ({ page, guarded }) => {
  const seen = [...guarded.sim.state.pods.values()].find(({ namespace }) => namespace === SEEN);
  const node = `node:${seen?.node ?? ''}`;
  await page.goto(guarded.served.url + (recordPath(node) ?? ''));
  await expect(page.getByRole('heading', { level: 2, name: 'Wiring' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(seen?.name ?? '');
  await expect(page.getByText(/pods? you may not see/).first()).toBeVisible();
  await expectNoHiddenName(page, guarded);
  expect(await violationsOn(page)).toEqual([]);
});

test('a pod, an ENI, a subnet and a network have pages', async ({ page, guarded }) => {
  const { sim, served } = guarded;
  const seen = [...sim.state.pods.values()].find(({ namespace }) => namespace === SEEN);
  await page.goto(`${served.url}/pod/${SEEN}/${seen?.name ?? ''}`);
  await expect(page.getByRole('heading', { level: 2, name: 'How we know' })).toBeVisible();
  await expectNoHiddenName(page, guarded);
  const eni = [...sim.state.ec2.enis.values()].find(({ attachment }) => attachment !== null);
  for (const id of [eni?.id ?? '', eni?.subnetId ?? '']) {
    await page.goto(served.url + (recordPath(id) ?? ''));
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('main')).toContainText(id);
    await expectNoHiddenName(page, guarded);
  }
  await page.goto(`${served.url}/network/cluster`);
  await expect(page.getByRole('heading', { level: 1, name: 'cluster network' })).toBeVisible();
  await expectNoHiddenName(page, guarded);
});

test('a pod that may not be seen is like one that does not exist', async ({ page, guarded }) => {
  const { sim, served } = guarded;
  const hidden = [...sim.state.pods.values()].find(({ namespace }) => namespace !== SEEN);
  const said: string[] = [];
  for (const path of [`/pod/${hidden?.namespace ?? ''}/${hidden?.name ?? ''}`, '/pod/no-such-namespace/nobody']) {
    await page.goto(served.url + path);
    await expect(page.getByRole('status')).toContainText('or you may not see it');
    said.push((await page.getByRole('status').locator('p').last().innerText()).trim());
  }
  expect(said[0]).toBe(said[1]);
});
