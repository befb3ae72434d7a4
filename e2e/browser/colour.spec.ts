/** Colours of the picture and folded groups: chosen by mouse and keyboard, counted, spoken, and kept in the link. */
import type { Page } from '@playwright/test';
import { topologyOf, type Topology } from '../testing/page-states';
import { details, expect, find, open, test, type World } from './world';

test.use({ scene: 'demo' });

const legend = (page: Page) => page.getByRole('region', { name: 'Legend and filter' });
const picture = (page: Page) => page.locator('[aria-roledescription="map"]');

/** The picture as a text that differs where a pixel does. */
const pixels = (page: Page): Promise<string> =>
  picture(page).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

const countIn = async (page: Page, row: RegExp): Promise<number> => {
  const text = await legend(page).getByRole('listitem').filter({ hasText: row }).first().innerText();
  return Number(/([\d,]+)\s*$/.exec(text)?.[1]?.replace(/,/g, '') ?? NaN);
};

const zonesOf = ({ nodes }: Topology): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const { zone } of nodes) counts.set(zone ?? '', (counts.get(zone ?? '') ?? 0) + 1);
  return [...counts];
};

const topology = ({ served }: World): Promise<Topology> => topologyOf(served.url);

test('each colour scheme paints another picture, counts every node once, and is in the link', async ({
  page,
  world,
}) => {
  await open(page, world);
  const { length } = (await topology(world)).nodes;
  await legend(page)
    .getByRole('button', { name: /^Colour by/ })
    .click();
  const seen = new Set([await pixels(page)]);
  for (const [mode, rows] of [
    ['state', []],
    ['fullness', [/less than half/, /half to 90 %/, /more than 90 %/, /^full/, /not known/]],
    ['findings', [/^error/, /^warning/, /^info/, /shared by many/, /^none/]],
  ] as const) {
    await page.getByRole('radio', { name: mode === 'state' ? 'slot state' : mode }).check();
    await expect(page).toHaveURL(new RegExp(`colour=${mode}`));
    await expect.poll(async () => seen.has(await pixels(page))).toBe(false);
    seen.add(await pixels(page));
    let sum = 0;
    for (const row of rows)
      if ((await legend(page).getByRole('listitem').filter({ hasText: row }).count()) > 0)
        sum += await countIn(page, row);
    if (rows.length > 0) expect(sum).toBe(length);
  }
  const link = page.url();
  const other = await page.context().newPage();
  await other.goto(link);
  await expect(legend(other).getByRole('button', { name: 'Colour by findings' })).toBeVisible();
  await other.close();
  await page.goBack();
  await expect(legend(page).getByRole('button', { name: 'Colour by fullness' })).toBeVisible();
});

test('a legend class filters the picture', async ({ page, world }) => {
  await open(page, world, '?colour=fullness');
  const row = legend(page).getByRole('button', { name: /half to 90 %/ });
  const count = await countIn(page, /half to 90 %/);
  await row.click();
  await expect(row).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /^Nodes/ })).toContainText(
    new RegExp(`${count}.*of`, 's'),
  );
});

test('folds a group to a summary line and unfolds it, by keyboard alone', async ({ page, world }) => {
  await open(page, world);
  const [[zone, count] = ['', 0], ...others] = zonesOf(await topology(world));
  expect(others.length).toBeGreaterThan(0);
  const before = await pixels(page);
  await page.getByRole('button', { name: /^Group/ }).focus();
  await page.keyboard.press('Enter');
  const box = page.getByRole('checkbox', { name: new RegExp(`^${zone}`) });
  await box.focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  const line = page.getByRole('region', { name: 'Folded groups' }).getByRole('button', { name: new RegExp(zone) });
  await expect(line).toHaveAttribute('aria-expanded', 'false');
  await expect(line).toContainText(`${count} node`);
  await expect(line).toContainText(/free on ENIs|addresses not known/);
  await expect(line).toContainText(/with|no findings/);
  await expect(page).toHaveURL(new RegExp(`fold=${zone}`));
  await expect.poll(() => pixels(page)).not.toBe(before);
  await page.reload();
  await line.focus();
  await page.keyboard.press('Enter');
  await expect(line).toHaveCount(0);
  await expect(page).not.toHaveURL(/fold=/);
  // Whoever opened it stands in the picture, not nowhere.
  await expect(picture(page)).toBeFocused();
});

test('unfolds a group to show a search result', async ({ page, world }) => {
  const all = await topology(world);
  await open(
    page,
    world,
    `?${zonesOf(all)
      .map(([zone]) => `fold=${zone}`)
      .join('&')}`,
  );
  const lines = page.getByRole('region', { name: 'Folded groups' }).getByRole('listitem');
  await expect(lines).toHaveCount(zonesOf(all).length);
  await expect(page.getByRole('region', { name: 'Folded groups' })).toContainText('all nodes');
  const pod = [...world.sim.state.pods.values()].find(({ namespace }) => namespace !== 'kube-system');
  await find(page, pod?.name ?? '');
  await expect(details(page)).toContainText(pod?.name ?? '');
  await expect(lines).toHaveCount(zonesOf(all).length - 1);
});

test.describe('folding a group by its heading', () => {
  const fold = (page: Page) =>
    page.getByRole('toolbar', { name: 'Groups of nodes' }).getByRole('button', { name: /^Fold / });
  const lines = (page: Page) => page.getByRole('region', { name: 'Folded groups' }).getByRole('listitem');

  test('works with the mouse', async ({ page, world }) => {
    await open(page, world);
    const last = fold(page).last();
    const name = await last.getAttribute('aria-label');
    // The canvas takes the pointer, so nothing but this waits until the picture stands.
    let place = '';
    await expect
      .poll(async () => {
        const before = place;
        place = JSON.stringify(await last.boundingBox());
        return place === before;
      })
      .toBe(true);
    const box = await last.boundingBox();
    if (box === null) throw new Error('the heading has no place');
    await page.mouse.move(box.x + 20, box.y + 12);
    await expect(last).toHaveCSS('opacity', '1');
    await page.mouse.click(box.x + 20, box.y + 12);
    await expect(lines(page)).toHaveText(new RegExp(/^Fold (.*),/.exec(name ?? '')?.[1] ?? ''));
    await expect(page.getByRole('complementary', { name: 'Details' })).toHaveCount(0);
  });

  test('works with the keyboard, and keeps the focus in the picture', async ({ page, world }) => {
    await open(page, world);
    await fold(page).nth(1).waitFor({ state: 'attached' });
    const groups = await fold(page).count();
    await page.getByRole('application').focus();
    await page.keyboard.press('Tab');
    await expect(fold(page).first()).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(fold(page).nth(1)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(lines(page)).toHaveCount(1);
    await expect(fold(page)).toHaveCount(groups - 1);
    await expect(page.getByRole('application')).toBeFocused();
  });

  test('keeps its button next to the heading', async ({ page, world }) => {
    await open(page, world);
    const first = fold(page).first();
    const before = await first.boundingBox();
    const picture = await page.getByRole('application').boundingBox();
    if (picture === null) throw new Error('no picture');
    await page.mouse.move(picture.x + picture.width / 2, picture.y + picture.height / 2);
    await page.mouse.wheel(0, -600);
    await expect.poll(async () => (await first.boundingBox())?.width).not.toBe(before?.width);
  });
});

test('recounts addresses by state as pods arrive', async ({ page, world }) => {
  const assigned = async (): Promise<number> => {
    const { enis } = (await (await fetch(`${world.served.url}/api/export?format=json`)).json()) as {
      readonly enis: readonly { readonly addresses: readonly { readonly state: string }[] }[];
    };
    return enis.flatMap(({ addresses }) => addresses).filter(({ state }) => state === 'assigned').length;
  };
  await open(page, world, '?colour=state');
  const differs = async (): Promise<number> => (await countIn(page, /^assigned/)) - (await assigned());
  await expect.poll(differs).toBe(0);
  const before = await assigned();
  const { nodes } = await topology(world);
  const roomy = nodes
    .filter(({ headroom }) => (headroom.pods ?? 0) > 2)
    .map(({ id }) => id.replace('node:', '').split('/')[0] ?? '');
  const names = [...world.sim.state.nodes.keys()].filter((name) => roomy.includes(name)).slice(0, 4);
  for (const node of names)
    world.sim.ops.createPod({ namespace: 'default', app: 'e2e', name: `counted-${node}`, node });
  await expect.poll(assigned).toBeGreaterThan(before);
  await expect.poll(differs).toBe(0);
  for (const node of names) world.sim.ops.deletePod(`default/counted-${node}`);
});
