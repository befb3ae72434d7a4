/** The page as a user meets it, against a simulated cluster over HTTP. */
import { readFileSync } from 'node:fs';
import { firstLoad, MOST_BYTES } from '../first-load';
import { details, eniOf, expect, find, open, test } from './world';

/** Number of distinct colours on the canvas: a drawn picture has more than a background and a few frames. */
const coloursOf = (canvas: HTMLCanvasElement): number => {
  const context = canvas.getContext('2d');
  if (context === null) return 0;
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set<number>();
  for (let i = 0; i < data.length; i += 64)
    seen.add(((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0));
  return seen.size;
};

test('draws the cluster, and names it', async ({ page, world }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await open(page, world);
  await expect(page.getByText(world.sim.name).first()).toBeVisible();
  await expect.poll(() => page.getByRole('application').evaluate(coloursOf)).toBeGreaterThan(20);
  await expect(page.getByRole('navigation', { name: 'Views' })).toContainText(String(world.sim.state.nodes.size));
  expect(errors).toEqual([]);
});

test('fetches little JavaScript before the first picture', async ({ browser, world }) => {
  const { bytes, files } = await firstLoad(browser, world.served.url);
  expect(files.length).toBeGreaterThan(3);
  expect(bytes, files.map(([file, size]) => `${file}: ${size}`).join('\n')).toBeLessThan(MOST_BYTES);
});

/** Width and height of a PNG, as `192x192`. */
const pngSize = (png: Buffer): string => `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;

test('serves its icons, its manifest and a robots.txt', async ({ page, world }) => {
  await open(page, world);
  const links = await page
    .locator('link[rel~="icon"], link[rel="apple-touch-icon"], link[rel="manifest"]')
    .evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''));
  expect(links.sort()).toEqual(['/apple-touch-icon.png', '/favicon.ico', '/icon.svg', '/site.webmanifest']);
  const get = async (path: string, type: RegExp): Promise<Buffer> => {
    const answer = await page.request.get(world.served.url + path);
    expect(`${path} ${answer.status()} ${answer.headers()['content-type']}`).toMatch(type);
    return answer.body();
  };
  await get('/favicon.ico', / 200 image\/(x-icon|vnd\.microsoft\.icon)/);
  expect(pngSize(await get('/apple-touch-icon.png', / 200 image\/png/))).toBe('180x180');
  expect((await get('/robots.txt', / 200 text\/plain/)).toString()).toContain('User-agent: *\nDisallow: /\n');
  const manifest = JSON.parse((await get('/site.webmanifest', / 200 application\/manifest\+json/)).toString()) as {
    readonly icons: readonly { readonly src: string; readonly sizes: string; readonly type: string }[];
  };
  expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(['any', '192x192', '512x512']);
  for (const { src, sizes, type } of manifest.icons) {
    // Relative to the manifest, so that it holds below a path, too.
    const image = await get(`/${src}`, new RegExp(` 200 ${type.replace('+', '\\+')}`));
    if (type === 'image/png') expect(pngSize(image)).toBe(sizes);
  }
});

test('follows a pod that is created and deleted, without a reload', async ({ page, world }) => {
  await open(page, world);
  const [node] = [...world.sim.state.nodes.keys()];
  world.sim.ops.createPod({ namespace: 'default', app: 'e2e', name: 'e2e-newcomer', node: node ?? '' });
  await find(page, 'e2e-newcomer');
  await expect(details(page)).toContainText('e2e-newcomer');
  await expect(details(page)).toContainText('eth0');
  world.sim.ops.deletePod('default/e2e-newcomer');
  await expect(details(page)).toContainText(/gone|no longer|not there|left/i);
});

test('keeps the selection in the URL for reload, back and a colleague’s tab', async ({ page, world, context }) => {
  await open(page, world);
  const pod = [...world.sim.state.pods.values()].find(({ namespace }) => namespace !== 'kube-system');
  await find(page, pod?.name ?? '');
  await expect(details(page)).toContainText(pod?.name ?? '');
  const address = page.url();
  await page.reload();
  await expect(details(page)).toContainText(pod?.name ?? '');
  const other = await context.newPage();
  await other.goto(address);
  await expect(details(other)).toContainText(pod?.name ?? '');
  await other.close();
  await page.keyboard.press('Escape');
  await expect(details(page)).toHaveCount(0);
  await page.goBack();
  await expect(details(page)).toContainText(pod?.name ?? '');
});

test('finds an address, a MAC and an ENI, each with the path to its owner', async ({ page, world }) => {
  await open(page, world);
  const eni = eniOf(world, 0);
  for (const text of [eni?.id ?? '', eni?.mac ?? '', eni?.primaryIp ?? '']) {
    await page.getByRole('button', { name: /^Find/ }).click();
    const box = page.getByRole('combobox', { name: /^Find/ });
    await box.fill(text);
    await expect(page.getByRole('option').first()).toContainText(eni?.id ?? '');
    await page.keyboard.press('Escape');
  }
});

test('repeats the search while the cluster changes', async ({ page, world }) => {
  await open(page, world);
  await page.getByRole('button', { name: /^Find/ }).click();
  await page.getByRole('combobox', { name: /^Find/ }).fill('e2e-latecomer');
  await expect(page.getByRole('dialog', { name: 'Find' })).toContainText('no pod, node, ENI, network or subnet');
  const [node] = [...world.sim.state.nodes.keys()];
  world.sim.ops.createPod({ namespace: 'default', app: 'e2e', name: 'e2e-latecomer', node: node ?? '' });
  await expect(page.getByRole('option').first()).toContainText('e2e-latecomer');
  world.sim.ops.deletePod('default/e2e-latecomer');
  await expect(page.getByRole('option')).toHaveCount(0);
});

test('keeps a finder open that is reopened immediately', async ({ page, world }) => {
  await open(page, world);
  const button = page.getByRole('button', { name: /^Find/ });
  await button.click();
  // In one task: closing the first dialog must not affect the second.
  await page.evaluate(() => {
    document.querySelector('dialog')?.dispatchEvent(new Event('cancel', { cancelable: true }));
    document.querySelector<HTMLButtonElement>('header button[aria-keyshortcuts^="/"]')?.click();
  });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  await expect(page.getByRole('combobox', { name: /^Find/ })).toBeFocused();
});

test('corrects a URL that cannot be parsed completely', async ({ page, world }) => {
  await open(page, world, '?view=nonsense&at=1,2&group=colour&sel=nothing&utm=3&theme=dark');
  await expect(page).toHaveURL(
    (url) => url.search.endsWith('theme=dark') && !/nonsense|at=1,2|colour|nothing|utm/.test(url.search),
  );
});

test('opens the finder with the slash key, and closes it with Esc', async ({ page, world }) => {
  await open(page, world);
  const box = page.getByRole('combobox', { name: /^Find/ });
  // Keys pressed before the page listens are lost; it listens once its status is announced.
  await expect(page.getByRole('banner')).toContainText('sources live');
  await page.keyboard.press('/');
  await expect(box).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(box).toHaveCount(0);
});

test('follows a tag at the next read of EC2', async ({ page, world }) => {
  await open(page, world);
  const eni = eniOf(world, 1);
  if (eni === undefined) throw new Error('no node of the scene has a second ENI');
  await find(page, eni.id);
  world.sim.ops.tagEni(eni.id, { 'node.k8s.amazonaws.com/no_manage': 'true', 'e2e/tag': 'seen' });
  await expect(details(page)).toContainText('e2e/tag', { timeout: 60_000 });
});

test('exports the record set and the picture', async ({ page, world }) => {
  await open(page, world);
  const json = await page.request.get(`${world.served.url}/api/export?format=json`);
  expect(json.headers()['content-disposition']).toContain('attachment');
  const topology = (await json.json()) as { readonly schema: string; readonly nodes: readonly unknown[] };
  expect(topology.schema).toBe('ifscope/topology/v1');
  expect(topology.nodes).toHaveLength(world.sim.state.nodes.size);
  await page.getByRole('button', { name: /export/i }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /svg/i }).first().click();
  const svg = readFileSync(await (await download).path(), 'utf8');
  expect(svg).toMatch(/^<(\?xml|svg)/);
  const [name] = [...world.sim.state.nodes.keys()];
  expect(svg).toContain(name?.split('.')[0]?.split('-').at(-1) ?? '');
});

test('fits a smaller window without overlap or horizontal scrolling', async ({ page, world }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await open(page, world);
  const pod = [...world.sim.state.pods.values()].find(({ namespace }) => namespace !== 'kube-system');
  await find(page, pod?.name ?? '');
  await expect(details(page)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  const header = await page.getByRole('banner').evaluate((bar) => {
    const boxes = [...bar.querySelectorAll('button')]
      .map((button) => button.getBoundingClientRect())
      .filter(({ width }) => width > 0);
    return boxes.some((a, i) =>
      boxes.some(
        (b, j) => j > i && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1,
      ),
    );
  });
  expect(header).toBe(false);
});
