/** The legend shows names in full. */
import { expect, open, test } from './world';

test.use({ scene: 'demo' });

test('wraps long network names to a second line, and truncates none', async ({ page, world }) => {
  await open(page, world);
  const rows = page.getByRole('button', { name: /^(cluster network|core\/|efa\.)/ });
  const long = page.getByRole('button', { name: /^efa\.networking\.k8s\.aws/ });
  await long.waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const cut = await rows.evaluateAll((buttons) =>
    buttons
      .flatMap((button) => [...button.querySelectorAll('span')])
      .filter((span) => span.scrollWidth > span.clientWidth + 1 || span.scrollHeight > span.clientHeight + 1)
      .map(({ textContent }) => textContent),
  );
  expect(cut).toEqual([]);
  const heights = await rows.evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().height));
  expect(Math.max(...heights)).toBeGreaterThan(Math.min(...heights));
});
