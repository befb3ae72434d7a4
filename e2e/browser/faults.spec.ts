/** What the page says when a source fails, and that it still shows the rest. */
import type { Page } from '@playwright/test';
import { VIEWS } from '../../lib/view/views';
import { expect, open, test } from './world';

const sources = async (page: Page): Promise<string> => {
  await page
    .getByRole('button', { name: /sources/i })
    .first()
    .click();
  const text = await page.getByRole('dialog', { name: 'Sources' }).innerText();
  await page.keyboard.press('Escape');
  return text;
};

// Its own cluster: faults injected here may outlast this file.
test.use({ scene: 'telco', owner: 'faults' });

test.afterEach(({ world }) => {
  world.sim.faults.clear();
});

test('Kubernetes unreachable: keeps the last picture with its age, and recovers by itself', async ({ page, world }) => {
  await open(page, world);
  world.sim.faults.set({ refuse: true });
  world.sim.faults.resetConnections();
  await expect(page.getByRole('banner')).toContainText(/stale|failing/i, { timeout: 60_000 });
  await expect(page.getByRole('application')).toBeVisible();
  // What rules do not judge now is not what is well.
  await expect(page.getByRole('main')).toContainText(/Not all rules ran|No findings so far/);
  world.sim.faults.clear();
  await expect.poll(() => sources(page), { timeout: 60_000 }).toMatch(/kubernetes\/pods\s+live/);
});

test('watches that deliver nothing: reports the lag, and raises no finding from it', async ({ page, world }) => {
  await open(page, world);
  world.sim.faults.set({ frozen: true });
  const [node = ''] = [...world.sim.state.nodes.keys()];
  world.sim.ops.createPod({ namespace: 'default', app: 'late', name: 'late-pod', node });
  await page.setViewportSize({ width: 1400, height: 900 });
  await expect(page.getByRole('banner')).toContainText(/and \d+ more behind by \d+ s/, { timeout: 60_000 });
  // The longer text of the sources does not move what is below the bar.
  expect((await page.getByRole('banner').boundingBox())?.height).toBe(48);
  await expect(page.getByRole('main')).toContainText(/Not all rules ran|No findings so far/);
  await page.goto(`${world.served.url}/?kiosk`);
  await expect(page.getByRole('banner')).toContainText(/Not all rules ran|No findings so far/);
  world.sim.faults.clear();
  world.sim.faults.endStreams();
  await expect(page.getByRole('banner')).not.toContainText('behind', { timeout: 60_000 });
  world.sim.ops.deletePod('default/late-pod');
});

test('EC2 denied: names the missing action, and keeps the pods', async ({ page, world }) => {
  await open(page, world);
  world.sim.faults.set({ ec2: 'denied' });
  await expect.poll(() => sources(page), { timeout: 80_000 }).toMatch(/ec2\/network-interfaces\s+not permitted/);
  expect(await sources(page)).toContain('ENIs and address slots are not known;');
  // They were known before: what is gone is not zero.
  await expect(
    page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /^ENIs.*not known/ }),
  ).toBeVisible();
  await expect(page.getByRole('application')).toBeVisible();
  expect(await (await page.request.get(`${world.served.url}/api/topology`)).json()).toMatchObject({
    schema: 'ifscope/topology/v1',
  });
});

test('no Multus and no metrics: reported as absent and denied, not as empty', async ({ page, world }) => {
  world.sim.faults.set({ absent: ['network-attachment-definitions'], awsNode: 'denied' });
  await open(page, world);
  await expect.poll(() => sources(page), { timeout: 60_000 }).toMatch(/network-attachment-definitions\s+not available/);
  await expect.poll(() => sources(page), { timeout: 80_000 }).toMatch(/aws-node\/metrics\s+not permitted/);
});

test('ifscope unreachable: every view of an open page still works', async ({ page, world }) => {
  const served = await world.again();
  await page.goto(served.url);
  await page.getByRole('application').waitFor();
  // Their code arrives while the page is idle.
  await page.waitForFunction(() => performance.getEntriesByName('loaded ahead').length > 0);
  await served.stop();
  await expect(page.getByRole('banner')).toContainText('at last contact');
  for (const { title } of VIEWS) {
    await page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('link', { name: new RegExp(`^${title}`) })
      .click();
    await expect(page.getByRole('main')).not.toContainText('Loading…');
  }
  await expect.poll(() => sources(page)).toMatch(/kubernetes\/pods/);
  await page.goBack();
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible();
});

test('the server keeps running when nobody reads its log any more', async ({ world }) => {
  const { served, sim } = world;
  const troubled = async (): Promise<string> => {
    const answer = (await (await fetch(`${served.url}/readyz`)).json()) as { readonly troubled: readonly string[] };
    return answer.troubled.join();
  };
  served.unread();
  // What it says of this meets a closed pipe.
  sim.faults.set({ refuse: true });
  sim.faults.resetConnections();
  await expect.poll(troubled, { timeout: 30_000 }).toMatch(/kubernetes\/pods is (stale|failing)/);
  sim.faults.set({ refuse: false });
  await expect.poll(troubled, { timeout: 60_000 }).not.toContain('kubernetes/pods');
});
