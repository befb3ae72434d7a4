/** A snapshot opens as the same page, and says that nothing of it is live. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serve } from '../server';
import { expect, open, test } from './world';

test('a snapshot file says what it is, and offers no pause', async ({ page, world }) => {
  // A snapshot of a server that is still starting would hold nothing to draw.
  await open(page, world);
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-file-'));
  const file = path.join(folder, 'snapshot.json');
  writeFileSync(file, await (await page.request.get(`${world.served.url}/api/export?format=json`)).body());
  const served = await serve(['--from', file]);
  try {
    await page.goto(served.url);
    await page.getByRole('application').waitFor();
    await expect(page.getByRole('banner')).toContainText(/snapshot, taken \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
    await expect(page.getByRole('button', { name: /pause/i })).toHaveCount(0);
  } finally {
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
