/** A link shows what it names. */
import { wiredPod, topologyOf } from '../testing/page-states';
import { details, expect, open, test } from './world';

test.use({ scene: 'demo' });

test('a link to a pod brings it into view, although pods arrive after the first picture', async ({ page, world }) => {
  const { pod } = wiredPod(await topologyOf(world.served.url));
  await open(page, world, `?sel=${encodeURIComponent(pod)}`);
  await expect(details(page)).toContainText(pod.split('/')[1] ?? '');
  // The address has a camera once the picture shows less than the whole.
  await expect(page).toHaveURL(/[?&]at=/);
  await expect(page.getByRole('button', { name: 'Slots' })).toHaveAttribute('aria-pressed', 'true');
});

test('back and forward restore the previous state without loading anything', async ({ page, world }) => {
  await open(page, world);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const view = (name: string) =>
    page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: new RegExp(`^${name}`) });
  await view('Networks').click();
  await view('Subnets').click();
  await page.goBack();
  await expect(page).toHaveURL(/view=networks/);
  await page.goBack();
  await expect(page).not.toHaveURL(/view=/);
  await page.goForward();
  await expect(page).toHaveURL(/view=networks/);
  await expect(view('Networks')).toHaveAttribute('aria-current', 'page');
  expect(asked.filter((path) => path === '/' || path.startsWith('/_next/data'))).toEqual([]);
});
