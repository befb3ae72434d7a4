/** The page in one file: it opens without ifscope and without a network, read-only, and no text of a cluster is part of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { serve } from '../server';
import { details, expect, find, open, test, type World } from './world';

interface Named {
  readonly id: string;
  readonly name: string;
}

const CLUSTER = '</script><script>window.broken=1</script><!--<script>';
const POD = '<img src=x onerror="window.broken=1">';
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Saves the page of a cluster with hostile names by its menu, and opens that file without a network. */
async function openSaved(page: Page, world: World, look: (address: string) => Promise<void>): Promise<void> {
  await open(page, world);
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-offline-'));
  try {
    const text = await (await page.request.get(`${world.served.url}/api/export?format=json`)).text();
    const { pods, cluster } = JSON.parse(text) as { readonly pods: readonly Named[]; readonly cluster: Named };
    const pod = pods.find(({ id }) => !id.startsWith('pod:kube-system/'))?.name ?? '';
    const snapshot = path.join(folder, 'snapshot.json');
    writeFileSync(snapshot, text.replaceAll(pod, inJson(POD)).replaceAll(cluster.name, inJson(CLUSTER)));
    const served = await serve(['--from', snapshot]);
    const saved = path.join(folder, 'page.html');
    try {
      await page.goto(served.url);
      await page.getByRole('application').waitFor();
      await page.getByRole('button', { name: /^Export/ }).click();
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: /^HTML/ }).click();
      await (await download).saveAs(saved);
    } finally {
      // The page of the server asks for its stream again when that ends; the saved one is watched for requests.
      await page.goto('about:blank');
      await served.stop();
    }
    await page.context().setOffline(true);
    await look(pathToFileURL(saved).href);
  } finally {
    await page.context().setOffline(false);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the page asks for beside itself, and what goes wrong in it. */
function watch(page: Page): readonly string[] {
  const seen: string[] = [];
  page.on('request', (request) => {
    if (!/^(file|blob|data):/.test(request.url())) seen.push(request.url());
  });
  page.on('pageerror', ({ message }) => seen.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') seen.push(message.text());
  });
  return seen;
}

test('the single-file page has every view, search, explanations and links, without a network', async ({
  page,
  world,
}) => {
  await openSaved(page, world, async (address) => {
    const seen = watch(page);
    await page.goto(address);
    await page.getByRole('application').waitFor();
    await expect(page).toHaveTitle(/snapshot of 20\d\d-.* UTC · \d+ of \d+ sources live .*· ifscope$/);
    const banner = page.getByRole('banner');
    await expect(banner).toContainText(/snapshot, taken 20\d\d-/);
    await expect(banner).toContainText(CLUSTER);
    await expect(page.getByRole('button', { name: /pause|live$/i })).toHaveCount(0);
    await expect(banner).toContainText('sources live when taken');
    const views = page.getByRole('navigation', { name: 'Views' });
    for (const view of await views.getByRole('link').all()) {
      await view.click();
      await expect(page.getByRole('main')).not.toContainText('Loading');
    }
    await views.getByRole('link', { name: 'Nodes' }).click();
    await expect(page.getByRole('row').nth(1)).toBeVisible();
    await expect(page).toHaveURL(/page\.html\?view=nodes$/);
    await views.getByRole('link', { name: 'Topology' }).click();
    await find(page, 'onerror');
    await expect(details(page).getByRole('heading', { level: 2 })).toHaveText(POD);
    await details(page).getByRole('link', { name: 'Open as a page' }).click();
    await expect(page).toHaveURL(/page\.html\?.*#\/pod\//);
    await expect(page.getByRole('link', { name: 'Show in the map' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('main').getByRole('heading').first()).toContainText(POD);
    await page.getByRole('link', { name: 'Show in the map' }).click();
    await page.getByRole('application').waitFor();
    await expect(details(page).getByRole('heading', { level: 2 })).toHaveText(POD);
    expect(seen).toEqual([]);
    expect(await page.evaluate(() => 'broken' in window)).toBe(false);
  });
});

test('the single-file page exports its records, and not itself', async ({ page, world }) => {
  await openSaved(page, world, async (address) => {
    const seen = watch(page);
    await page.goto(`${address}?view=enis`);
    await page.getByRole('row').nth(1).waitFor();
    await page.getByRole('button', { name: /^Export/ }).click();
    await expect(page.getByRole('link', { name: /^JSON/ })).toBeVisible();
    await expect(page.getByRole('link', { name: /^HTML/ })).toHaveCount(0);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: /^CSV/ }).click();
    expect((await download).suggestedFilename()).toMatch(/^ifscope-.*\.csv$/);
    expect(seen).toEqual([]);
  });
});
