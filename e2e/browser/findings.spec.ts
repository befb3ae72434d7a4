/** Counts of findings agree wherever they stand. */
import { expect, test } from './world';

test.use({ scene: 'troubles' });

test('the panel of a node lists the findings that its row counts', async ({ page, world }) => {
  await page.goto(`${world.served.url}/?view=nodes&sort=-findings`);
  const rows = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
  await rows.first().waitFor();
  let most = 0;
  for (const row of (await rows.all()).slice(0, 12)) {
    const count = Number((await row.getByRole('gridcell').last().innerText()).replace(/\D/g, ''));
    most = Math.max(most, count);
    await row.getByRole('gridcell').first().click();
    const details = page.getByRole('complementary', { name: 'Details' });
    await expect(row).toHaveAttribute('aria-selected', 'true');
    const heading = details.getByRole('heading', { name: /^Findings ·/ });
    if (count === 0) await expect(heading).toHaveCount(0);
    else await expect(heading).toHaveText(`Findings · ${count}`);
  }
  expect(most, 'a node with findings').toBeGreaterThan(0);
});
