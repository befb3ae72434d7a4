/** What people come for, on the demo with 1,000 nodes. Of all files the one that takes longest: named so as to start first. */
import { defineTasks } from './tasks';
import { expect, open, test } from './world';

test.use({ scene: 'demo', nodes: 1000 });
// Two snapshots of them are written, read and compared: most of the usual 90 s on a busy machine.
test.describe.configure({ timeout: 240_000 });

defineTasks();

test('no word of the legend is cut', async ({ page, world }) => {
  await open(page, world);
  const rows = page.getByRole('region', { name: 'Legend and filter' }).getByRole('listitem');
  await expect(rows.filter({ hasText: /^cluster.*\d{2},\d{3}$/ })).toBeVisible();
  const cut = await rows.evaluateAll((all) =>
    all
      .flatMap((one) => [...one.querySelectorAll('span')])
      .filter((part) => part.scrollWidth > part.clientWidth && /\s/.test(part.innerText.trim()))
      .map((part) => part.innerText),
  );
  expect(cut).toEqual([]);
});
