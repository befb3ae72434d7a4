/** A snapshot opens in the same page, is marked as not live, and is untrusted text. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serve } from '../server';
import type { Page } from '@playwright/test';
import { details, expect, find, open, test, type World } from './world';

interface Pod {
  readonly id: string;
  readonly name: string;
}
interface Topology {
  readonly takenAt: string;
  readonly pods: readonly Pod[];
}

/** A page on a snapshot file; `change` rewrites its text. */
async function openFile(page: Page, world: World, change: (text: string) => string, look: () => Promise<void>) {
  // A snapshot of a server that is still starting would hold nothing to draw.
  await open(page, world);
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-file-'));
  const file = path.join(folder, 'snapshot.json');
  writeFileSync(file, change(await (await page.request.get(`${world.served.url}/api/export?format=json`)).text()));
  const served = await serve(['--from', file]);
  try {
    await page.goto(served.url);
    await page.getByRole('application').waitFor();
    await look();
  } finally {
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const asItIs = (text: string): string => text;

test('a snapshot file is labelled as such, and cannot be paused', async ({ page, world }) => {
  await openFile(page, world, asItIs, async () => {
    await expect(page.getByRole('banner')).toContainText(/snapshot, taken \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
    await expect(page.getByRole('button', { name: /pause/i })).toHaveCount(0);
  });
});

test('ages in an old snapshot are relative to its time', async ({ page, world }) => {
  const old = (text: string): string => text.replaceAll(/"20\d\d-(?=\d\d-\d\dT)/g, '"2019-');
  await openFile(page, world, old, async () => {
    await expect(page.getByRole('banner')).toContainText('taken 2019-');
    await page
      .getByRole('button', { name: /sources/i })
      .first()
      .click();
    const list = page.getByRole('dialog', { name: 'Sources' });
    await expect(list.getByRole('row', { name: /kubernetes\/pods/ })).toContainText(/\d+ (s|min) ago/);
    await expect(list).not.toContainText(/\d+ [hd] ago/);
  });
});

/** A name with bidirectional overrides, invisible characters and terminal escapes. */
const TURNED = 'upf\u202egnp\u2066\u200b\u001b[31m';
const SHOWN = String.raw`upf\u202egnp\u2066\u200b\u001b[31m`;

test('shows the control characters of a name that would reorder or hide text, on the page and in CSV', async ({
  page,
  world,
}) => {
  let name = '';
  const hostile = (text: string): string => {
    const { pods } = JSON.parse(text) as Topology;
    name = pods.find(({ id }) => !id.startsWith('pod:kube-system/'))?.name ?? '';
    return text.replaceAll(name, JSON.stringify(TURNED).slice(1, -1));
  };
  await openFile(page, world, hostile, async () => {
    await find(page, 'upf');
    await expect(details(page).getByRole('heading', { level: 2 })).toHaveText(SHOWN);
    for (const view of ['Interfaces', 'Findings', 'Networks', 'Topology']) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
      const html = await page.evaluate(() => document.documentElement.outerHTML);
      expect(html.replace(/[\t\n\r]/g, '').match(/[\p{Cc}\p{Cf}]/gu)).toBeNull();
    }
    for (const format of ['csv', 'svg']) {
      const address = new URL(`/api/export?format=${format}`, page.url());
      const text = await (await page.request.get(address.href)).text();
      expect(text).toContain(format === 'csv' ? SHOWN : 'ifscope');
      expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/);
    }
  });
});

test('clamps a very long name, and can show it in full', async ({ page, world }) => {
  const long = `upf-${'n'.repeat(4_000)}`;
  let name = '';
  const lengthened = (text: string): string => {
    const { pods } = JSON.parse(text) as Topology;
    name = pods.find(({ id }) => !id.startsWith('pod:kube-system/'))?.name ?? '';
    return text.replaceAll(name, long);
  };
  await openFile(page, world, lengthened, async () => {
    await find(page, 'upf-nnn');
    const title = details(page).getByRole('heading', { level: 2 });
    await expect(title).toContainText('upf-nnn');
    await expect(title).not.toContainText(long);
    const more = details(page).getByRole('button', { name: 'Show all 4,004 characters' }).first();
    await more.click();
    await expect(details(page)).toContainText(long);
    const sideways = await details(page).evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(sideways).toBeLessThanOrEqual(1);
    await details(page).getByRole('button', { name: 'Show less' }).first().click();
    await expect(more).toBeVisible();
  });
});
