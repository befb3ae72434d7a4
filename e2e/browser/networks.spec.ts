/** Networks by node: what carries each, where it is missing, and a link that restores the view. */
import { expect, test } from './world';

test.use({ scene: 'telco' });

test('the networks-by-node matrix shows the carrier of each network', async ({ page, world }) => {
  await page.goto(`${world.served.url}/?view=networks`);
  await page.getByRole('button', { name: 'Show by node' }).click();
  await expect(page).toHaveURL(/[?&]by=node(&|$)/);
  const grid = page.getByRole('grid');
  await expect(grid).toContainText(/eni-\S+ × \d/);
  await expect(grid.getByRole('columnheader', { name: 'Missing' })).toBeVisible();
  await page.reload();
  await expect(grid).toContainText(/eni-\S+ × \d/);
  await page.getByRole('button', { name: 'List the networks' }).click();
  await expect(page.getByRole('columnheader', { name: 'Plugins' })).toBeVisible();
});
