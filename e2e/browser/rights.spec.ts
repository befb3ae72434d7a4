/** The page of a visitor who may see one namespace: the rest has no names, and says so, in the map and on records' own pages. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { decodeTopology } from '../../lib/snapshot/decode';
import { toMaps } from '../../lib/snapshot/maps';
import { recordPath } from '../../lib/view/record-path';
import { VIEWS } from '../../lib/view/views';
import { startSimulated, type Simulated } from '../simulated';
import { around, foundIn, hiddenTexts } from '../testing/hidden';
import { startAccessReviews } from '../testing/servers/access-reviews';
import { expect, test as base } from './world';

const SEEN = 'shop';
/** Lets a program see everything. */
const TOKEN = 'for-programs';

const test = base.extend<object, { guarded: Simulated }>({
  guarded: [
    async ({}, use) => {
      const reviews = await startAccessReviews((user, namespace) => user === 'alice' && namespace === SEEN);
      const guarded = await startSimulated('demo', {
        args: ['--auth', 'proxy', '--proxy-from', '127.0.0.1,::1', '--rights', 'reviews', '--token', TOKEN],
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

/** Names, addresses and MACs of pods that alice may not see, from the whole record set. */
async function hiddenFrom({ served }: Simulated): Promise<ReadonlySet<string>> {
  const answer = await fetch(`${served.url}/api/topology`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const read = decodeTopology(await answer.json());
  if ('error' in read) throw new Error(read.error);
  const hidden = hiddenTexts(toMaps(read.topology), new Set([SEEN]));
  // If this set lacked addresses, a search for it would prove nothing.
  expect([...hidden].filter((text) => /^\d+\.\d+\.\d+\.\d+$/.test(text)).length).toBeGreaterThan(20);
  return hidden;
}

const violationsOn = async (page: Page): Promise<readonly string[]> =>
  (await new AxeBuilder({ page }).analyze()).violations.map(
    ({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`,
  );

async function expectNothingHidden(page: Page, guarded: Simulated): Promise<void> {
  const content = await page.content();
  const found = foundIn(content, await hiddenFrom(guarded));
  expect(found, around(content, found)).toEqual([]);
}

test('a node’s page lists the visible pods, and reports that there are others', async ({ page, guarded }) => {
  const seen = [...guarded.sim.state.pods.values()].find(({ namespace }) => namespace === SEEN);
  const node = `node:${seen?.node ?? ''}`;
  await page.goto(guarded.served.url + (recordPath(node) ?? ''));
  await expect(page.getByRole('heading', { level: 2, name: 'Wiring' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(seen?.name ?? '');
  await expect(page.getByText(/pods? you may not see/).first()).toBeVisible();
  await expectNothingHidden(page, guarded);
  expect(await violationsOn(page)).toEqual([]);
});

test('pods, ENIs, subnets and networks have pages', async ({ page, guarded }) => {
  const { sim, served } = guarded;
  const seen = [...sim.state.pods.values()].find(({ namespace }) => namespace === SEEN);
  await page.goto(`${served.url}/pod/${SEEN}/${seen?.name ?? ''}`);
  await expect(page.getByRole('heading', { level: 2, name: 'How we know' })).toBeVisible();
  await expectNothingHidden(page, guarded);
  const eni = [...sim.state.ec2.enis.values()].find(({ attachment }) => attachment !== null);
  for (const id of [eni?.id ?? '', eni?.subnetId ?? '']) {
    await page.goto(served.url + (recordPath(id) ?? ''));
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('main')).toContainText(id);
    await expectNothingHidden(page, guarded);
  }
  await page.goto(`${served.url}/network/cluster`);
  await expect(page.getByRole('heading', { level: 1, name: 'cluster network' })).toBeVisible();
  await expectNothingHidden(page, guarded);
});

test('a hidden pod looks like one that does not exist', async ({ page, guarded }) => {
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

test('no view shows the name or an address of a hidden pod', async ({ page, guarded }) => {
  for (const { id, title } of VIEWS) {
    await page.goto(`${guarded.served.url}/?view=${id}`);
    await expect(page.getByRole('navigation', { name: 'Views' }).locator('[aria-current=page]')).toContainText(title);
    await expect(page.getByText(/pods? you may not see/).first()).toBeVisible();
    await expectNothingHidden(page, guarded);
  }
});

test('addresses of a subnet are not shown as free if some are hidden', async ({ page, guarded }) => {
  const [subnet] = guarded.sim.state.ec2.subnets.keys();
  await page.goto(`${guarded.served.url}/?view=subnets&sel=${subnet}`);
  const panel = page.getByRole('complementary', { name: 'Details' });
  await expect(panel).toContainText(
    /Which addresses are free is not shown to you: ENIs of this cluster hold [\d,]+ more address(?:es)?, which may be any of the [\d,]+ without/,
  );
  await expect(panel).not.toContainText('all of them are free');
  await expectNothingHidden(page, guarded);
});
