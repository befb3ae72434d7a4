/** One query drives table, picture, address, and file. */
import type { Locator, Page } from '@playwright/test';
import type { LookupAnswer } from '../../lib/view/lookup/answer';
import { answers, expect, test, type World } from './world';

test.use({ scene: 'telco' });

// The page may have asked again just before the end.
test.afterEach(({ page }) => page.unrouteAll({ behavior: 'ignoreErrors' }));

const rows = (page: Page): Locator => page.getByRole('row').filter({ has: page.getByRole('gridcell') });
const grid = (page: Page, name: string): Locator => page.getByRole('grid', { name });
const filterMenu = (page: Page): Locator => page.getByRole('banner').getByRole('button', { name: /^Filter/ });

async function open(page: Page, { served }: World, query: string): Promise<void> {
  await page.goto(`${served.url}/${query}`);
  await rows(page).first().waitFor();
}

/** ENIs of the simulator that ipamd leaves alone by their tag. */
const tagged = ({ sim }: World): readonly string[] =>
  [...sim.state.ec2.enis.values()].flatMap(({ id, tags }) =>
    tags['node.k8s.amazonaws.com/no_manage'] === 'true' ? [id] : [],
  );

test('a link lists the ENIs that the VPC CNI does not manage, and why', async ({ page, world }) => {
  await open(page, world, '?view=enis&filter=eni+managed:no+why:no-manage-tag');
  await expect(rows(page)).toHaveCount(tagged(world).length);
  await expect(rows(page).first()).toContainText('no_manage tag');
  await expect(page.getByRole('main')).toContainText('the filter hides');
  await expect(filterMenu(page)).toContainText('ENIs');
});

test('a value in a row filters by it, by mouse and keyboard, and one key clears the filter', async ({
  page,
  world,
}) => {
  await open(page, world, '?view=nodes');
  const all = await rows(page).count();
  await rows(page).first().getByRole('gridcell').nth(2).hover();
  await rows(page)
    .first()
    .getByRole('button', { name: /^Filter by zone:/ })
    .click();
  await expect.poll(() => rows(page).count()).toBeLessThan(all);
  await expect(page).toHaveURL(/filter=zone:/);
  await page.keyboard.press('x');
  await expect(rows(page)).toHaveCount(all);
  await expect(page).not.toHaveURL(/filter=/);

  await rows(page).first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('button', { name: /^Filter by type:/ }).first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/filter=type:/);
  await expect(page.getByRole('complementary', { name: 'Details' })).toHaveCount(0);
});

test('one filter applies to every view', async ({ page, world }) => {
  const [eni = ''] = tagged(world);
  const [named = 'none'] = [...world.sim.state.nodes].flatMap(([name, { eniIds }]) =>
    [...eniIds].includes(eni) ? [name] : [],
  );
  await open(page, world, `?view=enis&filter=eni:${eni}`);
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('link', { name: /^Nodes/ }).click();
  await expect(grid(page, 'nodes')).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).first().getByRole('gridcell').first()).toHaveAttribute('title', named);
});

test('an unparsable query hides nothing, and the remedy is shown', async ({ page, world }) => {
  await open(page, world, '?view=nodes&filter=node+rom:0');
  await expect(filterMenu(page)).toContainText('cannot be read');
  await filterMenu(page).click();
  await expect(page.getByText('there is no key "rom"')).toBeVisible();
  await expect(rows(page)).toHaveCount(world.sim.state.nodes.size);
});

test('sorting by room keeps unknown values last', async ({ page, world }) => {
  await open(page, world, '?view=nodes&sort=-room');
  const titles = await page.getByRole('columnheader').allInnerTexts();
  const room = titles.findIndex((title) => title.startsWith('Room for pods'));
  const texts = await rows(page).evaluateAll(
    (all, place) => all.map((row) => row.children[place]?.textContent ?? ''),
    room,
  );
  const known = texts.flatMap((text) => (/^\d+/.test(text) ? [Number(/^\d+/.exec(text)?.[0])] : []));
  expect(known).toEqual([...known].sort((a, b) => b - a));
});

test('the query offers keys, and the values that exist in the cluster', async ({ page, world }) => {
  await open(page, world, '?view=nodes');
  const all = await rows(page).count();
  await filterMenu(page).click();
  const field = page.getByRole('combobox', { name: 'Query' });
  await field.fill('no');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('node ');
  await field.pressSequentially('zo');
  await page.getByRole('option', { name: /^zone:/ }).click();
  await page.getByRole('option').first().click();
  await expect(field).toHaveValue(/^node zone:\S+ $/);
  await expect(field).toBeFocused();
  await expect.poll(() => rows(page).count()).toBeLessThan(all);
  // The first key closes what is offered, the next one the menu.
  await field.pressSequentially('-');
  await page.keyboard.press('Escape');
  await expect(field).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(field).toBeHidden();
});

test('the exported CSV contains the rows that pass the filter', async ({ page, world }) => {
  await open(page, world, '?view=enis&filter=eni+why:no-manage-tag');
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Export/ })
    .click();
  const href = (await page.getByRole('link', { name: /^CSV/ }).getAttribute('href')) ?? '';
  const lines = (await (await page.request.get(`${world.served.url}${href}`)).text()).trim().split('\r\n');
  expect(lines.slice(1)).toHaveLength(tagged(world).length);
});

test('suggestions for the previous text are not offered while an answer is pending', async ({ page, world }) => {
  await open(page, world, '?view=enis');
  await page.getByRole('banner').getByRole('button', { name: /^Find/ }).click();
  const box = page.getByRole('combobox', { name: /^Find/ });
  const lists = page.getByRole('option').filter({ hasText: /^List/ });
  await box.fill('eni m');
  await expect(lists.first()).toContainText('match');
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/lookup*', async (route) => {
    await held;
    await route.continue();
  });
  await box.fill('eni managed:no');
  await expect(lists).toHaveCount(0);
  release();
  await expect(lists.first()).toContainText('managed:no');
});

test('a partial address offers what can be listed first, a complete one its owner', async ({ page, world }) => {
  await open(page, world, '?view=nodes');
  const [ip = ''] = [...world.sim.state.pods.values()].flatMap(({ ips }) => ips);
  const part = `${ip.split('.').slice(0, 2).join('.')}.`;
  await page.keyboard.press('/');
  const field = page.getByRole('combobox', { name: /^Find/ });
  await field.fill(part);
  await expect(page.getByRole('option').first()).toContainText(`match ip:${part}`);
  await field.fill(ip);
  await expect(page.getByRole('option').first()).toContainText(ip);
});

for (const [words, view, wanted] of [
  ['unmanaged', 'enis', 'managed:no'],
  ['full node', 'nodes', 'room:0'],
  ['no address', 'interfaces', 'phase:Pending'],
  ['full subnet', 'subnets', 'sort=-full'],
  ['same address', 'findings', 'rule:duplicate-address'],
  ['leaked', 'findings', 'rule:eni-leaked'],
  ['trunk', 'enis', 'role:trunk'],
  ['warm target', 'capacity', 'view=capacity'],
  ['errors', 'findings', 'severity:error'],
  ['changed', 'changes', 'since=1m'],
] as const)
  test(`a user who does not know where to look finds it by “${words}”`, async ({ page, world }) => {
    await open(page, world, '?view=networks');
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: /^Find/ }).fill(words);
    await answers(page).first().click();
    await expect(page).toHaveURL(new RegExp(`view=${view}`));
    await expect.poll(() => decodeURIComponent(page.url())).toContain(wanted);
  });

test('an answer to a question is listed above records that merely contain its words', async ({ page, world }) => {
  await open(page, world, '?view=networks');
  const text = '1 finding with “no address”';
  await page.route('**/api/lookup*', async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as LookupAnswer;
    // A pod has begun to wait: the server finds a message that contains the words.
    await route.fulfill({
      response,
      json: { ...answer, groups: [{ kind: 'finding', total: 1, query: 'finding "no address"', text }] },
    });
  });
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: /^Find/ }).fill('no address');
  await expect(page.getByRole('option', { name: text })).toBeVisible();
  await expect(page.getByRole('option').first()).toContainText('Pending pods');
});
