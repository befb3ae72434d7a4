/** Counts of findings agree wherever they stand. */
import { expect, test } from './world';

test.use({ scene: 'troubles' });

test('the panel of a node lists the findings counted in its row', async ({ page, world }) => {
  await page.goto(`${world.served.url}/?view=nodes&sort=-findings`);
  const rows = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
  const selected = page.getByRole('row', { selected: true });
  const heading = page.getByRole('complementary', { name: 'Details' }).getByRole('heading', { name: /^Findings ·/ });
  await rows.first().waitFor();
  for (const place of [0, 1, 2, 3, 4, 5, 6, 7]) {
    await rows.nth(place).getByRole('gridcell').first().click();
    await expect(selected).toHaveCount(1);
    // Findings come while the test runs: both must come to the same number, whichever.
    await expect(async () => {
      const counted = (await selected.getByRole('gridcell').last().innerText()).trim();
      expect(Number(counted)).toBeGreaterThan(0);
      await expect(heading).toHaveText(`Findings · ${counted}`, { timeout: 500 });
    }).toPass({ timeout: 15_000 });
  }
});

test('in print, a table keeps its headings, and causes their names', async ({ page, world }) => {
  await page.goto(`${world.served.url}/?view=findings`);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('columnheader', { name: 'Severity' }).getByRole('button')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Findings by cause' }).getByRole('button').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Columns/ })).toBeHidden();
  await expect(page.getByRole('button', { name: 'In the picture' }).first()).toBeHidden();
});

test('next to a panel, the subject of a finding keeps the end of its name', async ({ page, world }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${world.served.url}/?view=findings`);
  const rows = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
  await rows.first().click();
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const cells = page.locator('[role=gridcell]:nth-child(3)');
  const found = await cells.evaluateAll((elements) =>
    elements.map((cell) => {
      const words = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
      const range = document.createRange();
      if (words !== null) range.setStart(words, (words.textContent ?? '').length - 1);
      if (words !== null) range.setEnd(words, (words.textContent ?? '').length);
      const [end, box] = [range.getBoundingClientRect(), cell.getBoundingClientRect()];
      return {
        isCut: cell.scrollWidth > cell.clientWidth,
        isEndSeen: end.right <= box.right + 1 && end.left >= box.left,
      };
    }),
  );
  expect(found.filter(({ isCut }) => isCut).length).toBeGreaterThan(0);
  expect(found.filter(({ isEndSeen }) => !isEndSeen)).toEqual([]);
});
