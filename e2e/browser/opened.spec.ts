/** Files that are dropped on the page: viewed in this browser, compared, and left again; and the page on a wall. */
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, find, open, test, type World } from './world';

interface Dropping {
  readonly name: string;
  readonly content: string;
}

const transferOf = (page: Page, files: readonly Dropping[]) =>
  page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, content } of given) transfer.items.add(new File([content], name));
    return transfer;
  }, files);

async function drop(page: Page, files: readonly Dropping[]): Promise<void> {
  await page.dispatchEvent('body', 'drop', { dataTransfer: await transferOf(page, files) });
}

const banner = (page: Page) => page.getByRole('region', { name: 'Opened file' });
const snapshotOf = async ({ served }: World): Promise<string> =>
  (await fetch(`${served.url}/api/export?format=json`)).text();

/** What takes drops is loaded after the picture: until then nothing answers a file that is dragged over the page. */
async function ready(page: Page, world: World, search = ''): Promise<void> {
  await open(page, world, search);
  await expect(async () => {
    const data = await transferOf(page, [{ name: 'a.json', content: '{}' }]);
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: data });
    await expect(page.getByText('Drop to view')).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.dispatchEvent('body', 'drop');
}

test('views a snapshot without the server, and returns to the live cluster', async ({ page, world }) => {
  await ready(page, world);
  const snapshot = JSON.parse(await snapshotOf(world)) as {
    pods: { id: string; name: string; namespace: string }[];
    interfaces: unknown[];
  };
  const [pod] = snapshot.pods;
  if (pod === undefined) throw new Error('the cluster has no pod');
  const renamed = { ...pod, id: `pod:${pod.namespace}/only-in-the-file`, name: 'only-in-the-file' };
  await drop(page, [{ name: 'old.json', content: JSON.stringify({ ...snapshot, pods: [...snapshot.pods, renamed] }) }]);
  await expect(banner(page)).toContainText(/Snapshot old\.json, taken 20\d\d-.* UTC\. Read in this browser/);
  await expect(page.getByRole('button', { name: /^Live|Pause/ })).toHaveCount(0);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Find/ }).fill('only-in-the-file');
  await expect(page.getByRole('option').first()).toContainText('only-in-the-file');
  await page.keyboard.press('Escape');
  expect(asked.filter((path) => path.startsWith('/api/'))).toEqual([]);
  await page.getByRole('button', { name: 'Back to live' }).click();
  await expect(banner(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: /Pause/ })).toBeVisible();
});

test('creates the single-file page from an opened file, and opens it offline', async ({ page, world }, testInfo) => {
  await ready(page, world);
  const snapshot = (await snapshotOf(world)).replace(/"takenAt":\s*"[^"]*"/, '"takenAt": "2026-01-02T03:04:05Z"');
  await drop(page, [{ name: 'old.json', content: snapshot }]);
  await expect(banner(page)).toContainText('Snapshot old.json, taken 2026-01-02 03:04:05 UTC');
  await page.getByRole('button', { name: /^Export/ }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /^HTML/ }).click();
  const saved = testInfo.outputPath('page.html');
  await (await download).saveAs(saved);
  await page.context().setOffline(true);
  await page.goto(pathToFileURL(saved).href);
  await page.getByRole('application').waitFor();
  await expect(page).toHaveTitle(/snapshot of 2026-01-02 03:04:05 UTC/);
  await expect(page.getByRole('navigation', { name: 'Views' })).toContainText(String(world.sim.state.nodes.size));
  await page.context().setOffline(false);
});

test('compares a file with the live cluster, and two files with each other', async ({ page, world }) => {
  await ready(page, world);
  const before = await snapshotOf(world);
  const [node = ''] = [...world.sim.state.nodes.keys()];
  world.sim.ops.createPod({ namespace: 'default', app: 'e2e', name: 'came-later', node });
  await expect.poll(async () => (await snapshotOf(world)).includes('came-later')).toBe(true);
  await drop(page, [{ name: 'before.json', content: before }]);
  await page.getByRole('button', { name: 'Compare with the live cluster' }).click();
  await page.getByRole('button', { name: 'Show what changed' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Pod default/came-later appeared on node' });
  await expect(row).toBeVisible();
  await page.getByRole('button', { name: 'Back to live' }).click();
  await drop(page, [
    {
      name: 'after.json',
      content: (await snapshotOf(world)).replace(/"takenAt": "[^"]*"/, '"takenAt": "2099-01-01T00:00:00Z"'),
    },
    { name: 'before.json', content: before },
  ]);
  await expect(banner(page)).toContainText(/From before\.json .* to after\.json/);
  await expect(row).toBeVisible();
  world.sim.ops.deletePod('default/came-later');
});

test('views a pasted answer, and names what cannot be read', async ({ page, world }) => {
  const place = '?at=400,300,1';
  await ready(page, world, place);
  const nodes = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'pasted-node', uid: 'u' }, spec: {}, status: {} }],
  });
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  }, `${nodes}\n---\n{"broken": `);
  await expect(banner(page)).toContainText('Capture pasted text');
  await banner(page)
    .getByRole('button', { name: /not understood/ })
    .click();
  await expect(banner(page).getByRole('list')).toContainText(/pasted:\d/);
  // The picture of another cluster is fitted to the window; on the way back, the place is the one that was left.
  await expect(page).toHaveURL(`${world.served.url}/`);
  await page.getByRole('button', { name: 'Back to live' }).click();
  await expect(page).toHaveURL(`${world.served.url}/${place}`);
  await page.goto(`${world.served.url}/`);
  await ready(page, world);
  await drop(page, [{ name: 'nonsense.bin', content: 'no answer of anything' }]);
  await expect(banner(page).getByRole('alert')).toContainText('nonsense.bin cannot be shown.');
});

test('saves one node and the whole picture as SVG and PNG, with the time of the data', async ({ page, world }) => {
  const [node = ''] = [...world.sim.state.nodes.keys()];
  await open(page, world, `?sel=node:${node}`);
  const saved = async (extent: string, button: 'SVG' | 'PNG'): Promise<Buffer> => {
    await page.getByRole('button', { name: /^Export/ }).click();
    await page.getByLabel('Picture', { exact: true }).selectOption(extent);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: button, exact: true }).click();
    const file = await readFile(await (await download).path());
    await page.keyboard.press('Escape');
    return file;
  };
  const one = (await saved('node', 'SVG')).toString();
  expect(one).toContain(node);
  expect(one).toMatch(/as of 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
  expect(one).toMatch(/\d+ of \d+ sources live/);
  expect((await saved('all', 'PNG')).subarray(1, 4).toString()).toBe('PNG');
});

test('a wall display has no controls, and shows problems', async ({ page, world }) => {
  await page.goto(`${world.served.url}/?kiosk`);
  await expect(page.locator('canvas[data-revision]')).toBeVisible();
  await expect(page).toHaveURL(/\?kiosk$/);
  await expect(page.getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('link')).toHaveCount(0);
  await expect(page.getByRole('banner')).toContainText(/\d+ of \d+ sources live/);
});

test('reports each file in one line if the file reader’s code has gone with an older build', async ({
  page,
  world,
}) => {
  await page.route('**/_next/static/desk/*', (route) => route.abort());
  await ready(page, world);
  for (const name of ['one.json', 'two.json']) {
    await drop(page, [{ name, content: '{}' }]);
    await expect(page.getByText(/the reader did not start/)).toBeVisible();
  }
});

test('reports that the browser refuses the file dialog', async ({ page, world }) => {
  // As after a key that the page could not answer for seconds.
  await page.addInitScript(() => Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } }));
  await ready(page, world);
  await find(page, 'open files');
  await expect(banner(page).getByRole('alert')).toContainText('Choose the command again');
  await banner(page).getByRole('button', { name: 'Dismiss' }).click();
  await expect(banner(page)).toHaveCount(0);
});
