/** The filter is one filter: every view, the navigation and the picture leave out the same. */
import type { Page } from '@playwright/test';
import { VIEWS } from '../../lib/view/views';
import { expect, open, test } from './world';

test.use({ scene: 'telco' });

const TABLES = VIEWS.filter(({ table, id }) => table !== null && id !== 'topology');

const entry = (page: Page, title: string) =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: new RegExp(`^${title}`) });

const rowCount = async (page: Page): Promise<number> => {
  const grid = page.getByRole('grid');
  return (await grid.count()) === 0 ? 0 : Number(await grid.getAttribute('aria-rowcount')) - 1;
};

test('applies to every view and the navigation, and is cleared with one click', async ({ page, world }) => {
  const [name = ''] = [...world.sim.state.nodes.keys()];
  const own = `?filter=${encodeURIComponent(`node:${name.split('.')[0] ?? ''}`)}`;
  for (const { id, title } of TABLES) {
    await page.goto(`${world.served.url}/?view=${id}`);
    await expect(entry(page, title)).not.toContainText('of');
    // The navigation has the number at once; the rows of a large table come one after the other.
    const counted = async (): Promise<number> =>
      Number(/([\d,]+)\s*$/.exec(await entry(page, title).innerText())?.[1]?.replaceAll(',', ''));
    await expect.poll(async () => (await rowCount(page)) - (await counted())).toBe(0);
    const all = await rowCount(page);
    expect(all).toBeGreaterThan(0);
    await page.goto(`${world.served.url}/${own}&view=${id}`);
    await expect(page.getByRole('main')).toContainText(/the filter hides/i);
    const left = await rowCount(page);
    expect(left, title).toBeLessThan(all);
    if (left > 0 && id !== 'findings')
      await expect(entry(page, title)).toContainText(
        new RegExp(`${left.toLocaleString('en')}.*${all.toLocaleString('en')}`, 's'),
      );
    await page.getByRole('main').getByRole('button', { name: 'Clear the filter' }).first().click();
    await expect.poll(() => rowCount(page)).toBe(all);
  }
});

test('shows no results as filtered until the filter code has loaded', async ({ page, world }) => {
  let arrive = (): void => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    const response = await route.fetch();
    if ((await response.text()).includes('"createFiltered"')) await arrived;
    await route.fulfill({ response });
  });
  const [name = ''] = [...world.sim.state.nodes.keys()];
  await page.goto(`${world.served.url}/?view=nodes&filter=${encodeURIComponent(`node:${name.split('.')[0] ?? ''}`)}`);
  await expect(page.getByRole('main')).toContainText('The filter is being applied.');
  expect(await rowCount(page)).toBe(0);
  arrive();
  await expect.poll(() => rowCount(page)).toBe(1);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('does not match a node name inside a longer number', async ({ page, world }) => {
  const names = [...world.sim.state.nodes.keys()].map((name) => name.split('.')[0] ?? '');
  // `ip-10-20-0-17` with its first digit cut off: `0-20-0-17`.
  const cut = (names[0] ?? '').replace(/^ip-\d/, '');
  await page.goto(`${world.served.url}/?view=interfaces&filter=${encodeURIComponent(`node:${cut}`)}`);
  await expect(page.getByRole('main')).toContainText('The filter hides all interfaces');
});

test('filters the causes above the picture, reports how many are hidden, and keeps the focus', async ({
  page,
  world,
}) => {
  await page.goto(world.served.url);
  const causes = page.getByRole('list', { name: 'Findings by cause' }).getByRole('button');
  await expect(causes).not.toHaveCount(0);
  const all = await causes.count();
  const [one] = await causes.allInnerTexts();
  await causes.first().click();
  await expect(causes).toHaveText([one ?? '']);
  await expect(page.getByRole('main')).toContainText(/\d causes? hidden/);
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(causes).toHaveCount(all);
  await expect(page.getByRole('application')).toBeFocused();
});

test('reports that nothing in the picture matches, and offers to clear the filter', async ({ page, world }) => {
  await open(page, world, '?filter=ns:nobody');
  await expect(page.getByText('Nothing in the picture matches the filter.')).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Clear the filter' }).click();
  await expect(page.getByText('Nothing in the picture matches the filter.')).toBeHidden();
  await expect(page).not.toHaveURL(/filter=/);
});
