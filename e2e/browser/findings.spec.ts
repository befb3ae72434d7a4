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
  const legend = page.getByRole('region', { name: 'Legend and filter' });
  await expect(legend).toBeHidden();
  // The picture is printed with its legend below it.
  await page.goto(`${world.served.url}/`);
  await expect(legend).toBeVisible();
  const [picture, below] = [await page.getByRole('application').boundingBox(), await legend.boundingBox()];
  expect(picture?.height).toBeGreaterThan(300);
  expect(below?.y).toBeGreaterThanOrEqual((picture?.y ?? Infinity) + (picture?.height ?? 0));
});

test('next to a panel, the subject of a finding keeps the end of its name', async ({ page, world }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${world.served.url}/?view=findings`);
  const rows = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
  await rows.first().click();
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const cells = page.locator('[role=gridcell]:nth-child(2), [role=gridcell]:nth-child(3)');
  await expect(cells.first()).toBeVisible();
  // A row is as high as its longest text.
  const cut = await cells.evaluateAll((elements) =>
    elements.flatMap((cell) =>
      cell.scrollWidth > cell.clientWidth || cell.scrollHeight > cell.clientHeight ? [cell.textContent] : [],
    ),
  );
  expect(cut).toEqual([]);
  const places = await rows.evaluateAll((elements) =>
    elements.map((row) => row.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom })),
  );
  expect(new Set(places.map(({ top, bottom }) => bottom - top)).size).toBeGreaterThan(1);
  const inOrder = places.sort((a, b) => a.top - b.top);
  const gaps = inOrder.slice(1).map(({ top }, place) => Math.abs(top - (inOrder[place]?.bottom ?? top)));
  expect(Math.max(...gaps)).toBeLessThan(1);
});
