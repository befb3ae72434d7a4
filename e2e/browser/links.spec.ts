/** A link shows what it names. */
import { wiredPod, topologyOf } from '../testing/page-states';
import { details, expect, open, test } from './world';

test.use({ scene: 'demo' });

test('a link with a pod brings the pod into view, although pods arrive after the first picture', async ({
  page,
  world,
}) => {
  const { pod } = wiredPod(await topologyOf(world.served.url));
  await open(page, world, `?sel=${encodeURIComponent(pod)}`);
  await expect(details(page)).toContainText(pod.split('/')[1] ?? '');
  // The address has a camera once the picture shows less than the whole.
  await expect(page).toHaveURL(/[?&]at=/);
  await expect(page.getByRole('button', { name: 'Slots' })).toHaveAttribute('aria-pressed', 'true');
});
