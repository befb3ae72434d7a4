/** The what-if: changes by keyboard, figures before and after, a link that restores them. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './world';

test('a change shows before and after, is kept in the URL, and can be undone', async ({ page, world }) => {
  await page.goto(`${world.served.url}/?view=capacity`);
  const region = page.getByRole('region', { name: 'Capacity', exact: true });
  await expect(region).toContainText('This is the cluster as it is');
  const types = region.getByRole('table', { name: 'Instance types' });
  await expect(types).not.toContainText('→');

  await page.getByLabel('WARM_IP_TARGET').focus();
  await page.keyboard.type('30');
  await expect(types).toContainText('→');
  await expect(page).toHaveURL(/[?&]if=WARM_IP_TARGET=30(&|$)/);

  // The link alone restores it.
  await page.reload();
  await expect(page.getByLabel('WARM_IP_TARGET')).toHaveValue('30');
  await expect(types).toContainText('→');

  await page.getByRole('button', { name: 'Undo all changes' }).click();
  await expect(types).not.toContainText('→');
  await expect(page).not.toHaveURL(/if=/);
});

test('a zone outage shows what happens to its pods; an unreadable change is reported and ignored', async ({
  page,
  world,
}) => {
  const zone =
    [...world.sim.state.ec2.enis.values()]
      .flatMap(({ attachment, zone: of }) => (attachment === null ? [] : of))
      .sort()[0] ?? '';
  await page.goto(`${world.served.url}/?view=capacity`);
  await page.getByLabel('Lose a zone').selectOption(zone);
  await expect(page.getByRole('main').getByRole('status')).toContainText(/pods? of the lost zone/);
  await expect(page.getByRole('table', { name: 'Zones' })).toContainText('all nodes lost');

  await page.getByLabel('Max pods').fill('many');
  await expect(page.getByText('a number from 1')).toBeVisible();
  await expect(page).not.toHaveURL(/max-pods/);
  await page.goto(`${world.served.url}/?view=capacity&if=lose-zone=nowhere-1a&if=WARM=1`);
  await expect(page.getByRole('main').getByRole('status')).toContainText('Nothing is changed');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
});
