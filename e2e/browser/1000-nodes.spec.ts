/** What people come for, on the demo with 1,000 nodes. Of all files the one that takes longest: named so as to start first. */
import { defineTasks } from './tasks';
import { answers, details, expect, open, test } from './world';

test.use({ scene: 'demo', nodes: 1000 });
// Two snapshots of them are written, read and compared: most of the usual 90 s on a busy machine.
test.describe.configure({ timeout: 240_000 });

defineTasks();

test('the legend truncates no word', async ({ page, world }) => {
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

test('reports how many rows a filter hides once all rows are filtered', async ({ page, world }) => {
  await page.goto(`${world.served.url}/?view=interfaces`);
  await expect(page.getByRole('main')).toContainText(/\d interfaces(?! so far)/, { timeout: 60_000 });
  const { namespace } = [...world.sim.state.pods.values()].find((pod) => pod.namespace !== 'kube-system') ?? {};
  await page.evaluate(() => {
    const told = new Set<string>();
    new MutationObserver(() => {
      const words = [...document.querySelectorAll('main p')].map((line) => line.textContent);
      for (const line of words) if (line.includes('the filter hides')) told.add(line);
    }).observe(document, { subtree: true, childList: true, characterData: true });
    Object.assign(globalThis, { told });
  });
  // The filter is applied in steps: on a slow page there are several.
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 10 });
  await page.keyboard.press('/');
  await page.keyboard.type(`ns:${namespace ?? ''}`);
  await answers(page, /^List.*interfaces? match/s)
    .first()
    .click();
  await expect(page.getByRole('main')).toContainText('the filter hides', { timeout: 60_000 });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await page
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') })
    .first()
    .click();
  await expect(details(page)).toBeVisible();
  expect(await page.evaluate(() => [...(globalThis as unknown as { told: Set<string> }).told])).toHaveLength(1);
});
