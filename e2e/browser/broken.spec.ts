/** What the page says when there is nothing behind it any more, when something is not permitted, or when there is nothing. */
import type { Page } from '@playwright/test';
import { serve } from '../server';
import { startSimulated } from '../simulated';
import { VIEWS } from '../../lib/view/views';
import { expect, test } from './world';

// Its own cluster: it is broken and emptied here.
test.use({ scene: 'small', owner: 'broken' });

const picture = (page: Page) => page.getByRole('application');

test('keeps the picture when the server is unreachable, and reports that it is not updated', async ({
  page,
  world,
}) => {
  const served = await serve(['--from', world.served.url]);
  await page.goto(served.url);
  await picture(page).waitFor();
  await expect(page.getByRole('banner')).toContainText('sources live');
  await served.stop();
  await expect(page.getByRole('alert').filter({ hasText: 'The picture is not updating' })).toBeVisible();
  await expect(page.getByRole('alert').first()).toContainText('Retrying automatically');
  await expect(page.getByRole('banner')).toContainText('at last contact');
  await expect(page.getByRole('button', { name: /^Live/ })).toHaveCount(0);
  await expect(picture(page)).toBeVisible();
});

test('reports an unreachable upstream server at its source, and does not call the picture live', async ({ page }) => {
  const behind = await startSimulated('small');
  const served = await serve(['--from', behind.served.url]);
  try {
    await page.goto(served.url);
    await picture(page).waitFor();
    await expect(page.getByRole('button', { name: /^Live/ })).toBeVisible({ timeout: 30_000 });
    await behind.served.stop();
    await expect(page.getByRole('banner')).toContainText(/ifscope\/\S+.* (failing|stale)/, { timeout: 30_000 });
    await expect(page.getByRole('button', { name: /^Not live/ })).toBeVisible();
    await expect(picture(page)).toBeVisible();
  } finally {
    await served.stop();
    await behind.stop();
  }
});

test('shows unknown values as words, never as zeros, if EC2 is denied from the start', async ({ page, world }) => {
  world.sim.faults.set({ ec2: 'denied' });
  const served = await world.again();
  try {
    await page.goto(served.url);
    const missing = page.getByRole('list', { name: 'What is missing' });
    await expect(missing).toContainText(
      /ENIs and address slots are not known; pools are known only from aws-node’s metrics.*not permitted/,
      {
        timeout: 30_000,
      },
    );
    await expect(missing).toContainText('ec2:DescribeNetworkInterfaces');
    const entry = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /^ENIs/ });
    await expect(entry).toContainText('not known');
    await entry.click();
    await expect(page.getByRole('main')).toContainText('ENIs are not known');
    await expect(page.getByRole('main')).toContainText('Grant ifscope read access to see them.');
    for (const { id, title } of VIEWS) {
      await page
        .getByRole('navigation', { name: 'Views' })
        .getByRole('link', { name: new RegExp(`^${title}`) })
        .click();
      await expect(page.getByRole('main')).not.toContainText('Loading…');
      await expect(missing, id).toContainText('ENIs and address slots are not known');
    }
    await page.goto(`${served.url}/?kiosk`);
    await expect(missing).toContainText('ENIs and address slots are not known');
    await expect(page.getByRole('banner')).toContainText(/Not all rules ran|No findings so far/);
  } finally {
    await served.stop();
    world.sim.faults.clear();
  }
});

test('explains why the page is empty if the browser cannot draw', async ({ page, world }) => {
  await page.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = () => null;
  });
  await page.goto(world.served.url);
  await expect(page.getByText('This browser offers no 2D canvas.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Reload' })).toBeVisible();
});

test('shows no undefined or invalid value in any view of a cluster without nodes', async ({ page, world }) => {
  for (const name of [...world.sim.state.nodes.keys()]) world.sim.ops.deleteNode(name);
  for (const { id } of VIEWS) {
    await page.goto(`${world.served.url}/?view=${id}`);
    await expect(page.getByRole('banner')).toContainText('sources live');
    await expect(page.getByRole('main')).not.toContainText(/undefined|NaN|Infinity|null/);
  }
});
