/** Focus and speech: the keyboard never falls out of the page, and a screen reader is told what a person asked for. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { details, expect, open, test, type World } from './world';

test.use({ scene: 'telco' });

/** What has the focus: its role, or its id, or its tag. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('role') ?? (element?.id || (element?.tagName ?? '')).toLowerCase();
  });

const aPod = ({ sim }: World): string =>
  [...sim.state.pods.values()].find(({ namespace }) => namespace !== 'kube-system')?.name ?? '';

async function findByKeyboard(page: Page, text: string): Promise<void> {
  await expect(page.getByRole('banner')).toContainText('sources live');
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: /^Find/ }).fill(text);
  await expect(page.getByRole('option').first()).toContainText(text);
  await page.keyboard.press('Enter');
  await expect(details(page)).toContainText(text);
}

test('the focus moves to the details after an answer, and to the picture after Esc', async ({ page, world }) => {
  await open(page, world);
  await findByKeyboard(page, aPod(world));
  await expect.poll(() => focused(page)).toBe('aside');
  await page.keyboard.press('Escape');
  await expect(details(page)).toHaveCount(0);
  await expect.poll(() => focused(page)).toBe('application');
});

test('a newly opened page does not move the focus', async ({ page, world }) => {
  await page.goto(`${world.served.url}/?view=findings`);
  await page.goto(`${world.served.url}/?view=interfaces`);
  await page.getByRole('row').nth(3).waitFor();
  // Longer than the last look for a place.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 900)));
  expect(await focused(page)).toBe('body');
});

test('the focus stays in the view when node focus is entered and left', async ({ page, world }) => {
  await open(page, world);
  await page.getByRole('application').focus();
  await page.keyboard.press('PageUp');
  await page.keyboard.press('Enter');
  const diagram = page.locator('[aria-roledescription="link diagram"]');
  await expect(diagram).toBeVisible();
  await expect(diagram).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('[aria-roledescription="map"]')).toBeFocused();
});

test('arrow keys move to the neighbour in the picture, and along the links of a node', async ({ page, world }) => {
  await open(page, world);
  const said = page.getByRole('main').getByRole('status').first();
  await page.getByRole('application').focus();
  await page.keyboard.press('PageUp');
  await expect(said).not.toBeEmpty();
  // The name: what follows may still be loading.
  const [first = ''] = (await said.innerText()).split('. ');
  await page.keyboard.press('ArrowDown');
  await expect(said).not.toContainText(first);
  await page.keyboard.press('ArrowUp');
  await expect(said).toContainText(first);
  await page.keyboard.press('Enter');
  const diagram = page.locator('[aria-roledescription="link diagram"]');
  await expect(diagram).toBeFocused();
  const told = diagram.getByRole('status');
  for (const [key, words] of [
    ['ArrowDown', /eth0|net\d/],
    ['ArrowRight', /eni-/],
    ['ArrowRight', /card \d/],
    ['ArrowLeft', /eni-/],
  ] as const) {
    await page.keyboard.press(key);
    await expect(told).toContainText(words);
  }
  await page.keyboard.press('Enter');
  await expect(details(page)).toContainText('eni-');
  await page.keyboard.press('Escape');
  await expect(details(page)).toHaveCount(0);
  await expect(diagram).toBeFocused();
});

test('Esc in the details returns the focus to the row of the table', async ({ page, world }) => {
  await page.goto(`${world.served.url}/?view=interfaces`);
  await page.getByRole('row').nth(3).focus();
  await page.keyboard.press('Enter');
  await expect(details(page)).toBeVisible();
  await page.getByRole('complementary', { name: 'Details' }).focus();
  await page.keyboard.press('Escape');
  await expect.poll(() => focused(page)).toBe('row');
});

test('the status regions are silent while only the cluster changes', async ({ page, world }) => {
  await page.goto(`${world.served.url}/?view=interfaces`);
  await page.getByRole('row').nth(3).waitFor();
  await page.evaluate(() => {
    const spoken: string[] = [];
    Object.assign(window, { spoken });
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const region = (target instanceof Element ? target : target.parentElement)?.closest(
          '[role=status], [aria-live]',
        );
        if (region !== null && region !== undefined) spoken.push(region.textContent);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const count = await page.getByRole('grid').getAttribute('aria-rowcount');
  const [node = ''] = [...world.sim.state.nodes.keys()];
  for (let i = 0; i < 8; i++) world.sim.ops.createPod({ namespace: 'default', app: 'e2e', name: `quiet-${i}`, node });
  await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(Number(count) + 8));
  for (let i = 0; i < 8; i++) world.sim.ops.deletePod(`default/quiet-${i}`);
  await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe(count);
  expect(await page.evaluate(() => (window as unknown as { spoken: string[] }).spoken)).toEqual([]);
});

test('a slot is announced with its node', async ({ page, world }) => {
  await open(page, world);
  await page
    .getByRole('radio', { name: 'Slots' })
    .or(page.getByRole('button', { name: 'Slots' }))
    .first()
    .click();
  await page.getByRole('application').focus();
  await page.keyboard.press('PageDown');
  await expect(page.getByRole('main').getByRole('status').first()).toContainText(/on node (ip|i)-/);
});

test('lists that scroll can be scrolled by keyboard at 390 px', async ({ page, world }) => {
  await page.setViewportSize({ width: 390, height: 600 });
  await open(page, world);
  await page
    .getByRole('button', { name: /sources/i })
    .first()
    .click();
  const axe = (): AxeBuilder => new AxeBuilder({ page }).withRules(['scrollable-region-focusable']);
  expect((await axe().analyze()).violations).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: /^Find/ }).fill('eni-');
  await page.getByRole('option').first().waitFor();
  expect((await axe().analyze()).violations).toEqual([]);
});

test('two visits with different live counts show the same colours', async ({ page, world, context }) => {
  const colours = async (at: Page): Promise<Record<string, string>> => {
    await at.goto(`${world.served.url}/?view=networks`);
    await at.getByRole('row').nth(2).waitFor();
    return at.evaluate(() =>
      Object.fromEntries(
        [...document.querySelectorAll('[role=row][data-index]')].map((row) => {
          const swatch = row.querySelector('svg rect, [style]');
          return [row.textContent.slice(0, 24), swatch?.outerHTML ?? ''];
        }),
      ),
    );
  };
  const names = (found: Record<string, string>): string[] => Object.values(found);
  const first = names(await colours(page));
  const requested = [...world.sim.state.pods.values()].find(({ requests }) => requests.length > 0);
  for (let i = 0; i < 12; i++)
    world.sim.ops.createPod({
      namespace: requested?.namespace ?? 'default',
      app: 'e2e',
      name: `colour-${i}`,
      node: requested?.node ?? '',
      requests: requested?.requests ?? [],
    });
  const other = await context.newPage();
  expect(names(await colours(other))).toEqual(first);
  await other.close();
});
