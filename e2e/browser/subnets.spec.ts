/** The addresses of a subnet: drawn, told, reached by mouse and keyboard; and subnets by zone. */
import AxeBuilder from '@axe-core/playwright';
import { details, expect, open, test } from './world';

test('draws the addresses of a subnet, and describes each by mouse and keyboard', async ({ page, world }) => {
  const [subnet] = [...world.sim.state.ec2.subnets.values()];
  if (subnet === undefined) throw new Error('the cluster has no subnet');
  await open(page, world, `?view=subnets&sel=${subnet.id}`);
  const map = details(page).getByRole('application', { name: /Arrow keys move/ });
  await expect(map).toBeVisible();
  await expect(details(page)).toContainText(/held by no ENI of this cluster: .*whole \/28 block/);
  const legend = details(page).getByRole('list', { name: 'Addresses by use' });
  await expect(legend).toContainText(/5 kept by AWS/);
  await map.focus();
  await page.keyboard.press('ArrowRight');
  const said = details(page).locator('[aria-live=polite]').filter({ hasText: '·' }).first();
  await expect(said).toContainText(/^\d+\.\d+\.\d+\.\d+(\/28)? · /);
  await map.hover({ position: { x: 60, y: 4 } });
  await expect(said).toContainText('kept by AWS');
  const { violations } = await new AxeBuilder({ page }).include('aside').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
});

test('shows free addresses by zone, and how many pods fit once that is calculated', async ({ page, world }) => {
  await page.addInitScript(() => {
    const said = new Set<string>();
    Object.assign(window, { said });
    const keep = () => {
      for (const [words] of document.body.innerText.matchAll(/.*pods that fit.*/g)) said.add(words);
    };
    new MutationObserver(keep).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await open(page, world);
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Subnets' }).click();
  const byZone = page.getByRole('region', { name: 'Subnets by zone' });
  await expect(byZone.getByRole('row', { name: /^All/ })).toContainText(/\d free.*\d pods? fits?/);
  const said = await page.evaluate(() => [...(window as unknown as { readonly said: Set<string> }).said]);
  expect(said).not.toContain('pods that fit not known');
  await byZone.getByRole('button').first().click();
  await expect(details(page)).toContainText('Subnet');
});
