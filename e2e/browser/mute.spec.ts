/** Findings are muted with a reason: they leave every mark and count, the address says so, and they come back. */
import { details, expect, test } from './world';

test.use({ scene: 'telco' });

test('a rule is muted with a reason, counted, shared by the URL, and unmuted', async ({ page, world }) => {
  await page.goto(`${world.served.url}/?view=findings`);
  await page.getByRole('gridcell').first().click();
  const head = details(page).getByText(/^Finding · /);
  await expect(head).toBeVisible();
  const rule = ((await head.textContent()) ?? '').split(' · ').at(-1) ?? '';
  const causes = page.getByRole('region', { name: 'Findings by cause' });
  await details(page).getByRole('button', { name: 'Mute…' }).click();
  await details(page).getByLabel(`every finding of ${rule}`).check();
  await details(page).getByLabel(/^Why/).fill('known since April');
  await details(page).getByRole('button', { name: 'Mute', exact: true }).click();
  await expect(details(page)).toContainText('Its rule is muted: known since April');
  await expect(page).toHaveURL(new RegExp(`mute=${rule}=known`));
  await expect(page.getByRole('row').filter({ hasText: rule })).toHaveCount(0);
  await expect(causes.filter({ hasText: rule })).toHaveCount(0);
  const muted = page.getByText(/^\d+ muted$/);
  await expect(muted).toBeVisible();
  await page.reload();
  await muted.click();
  const list = page.getByRole('list', { name: 'Muted findings' });
  await expect(list).toContainText(`${rule}known since April`);
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Topology' }).click();
  await expect(page.getByRole('main').getByRole('button', { name: /^\d+ muted$/ })).toBeVisible();
  await page
    .getByRole('main')
    .getByRole('button', { name: /^\d+ muted$/ })
    .click();
  await muted.click();
  await list.getByRole('button', { name: `Restore ${rule}` }).click();
  await expect(page.getByRole('row').filter({ hasText: rule }).first()).toBeVisible();
  await expect(page).not.toHaveURL(/mute=/);
});
