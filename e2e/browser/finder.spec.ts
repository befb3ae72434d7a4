/** The finder in a cluster that changes: a click or Enter means the line that is there, and slow answers arrive. */
import type { Locator, Page } from '@playwright/test';
import type { LookupAnswer } from '../../lib/view/lookup/answer';
import { answers, details, expect, open, test, type World } from './world';

const field = (page: Page): Locator => page.getByRole('combobox', { name: /^Find/ });

async function openFinder(page: Page, world: World): Promise<void> {
  await open(page, world);
  await page.getByRole('button', { name: /^Find/ }).click();
}

/** Each change of the cluster makes the finder ask again: a pod that comes, or goes. */
function change({ sim }: World): void {
  const [node = ''] = [...sim.state.nodes.keys()];
  if (!sim.ops.deletePod('default/finder'))
    sim.ops.createPod({ namespace: 'default', app: 'e2e', name: 'finder', node });
}

// The page may have asked again just before the end.
test.afterEach(({ page }) => page.unrouteAll({ behavior: 'ignoreErrors' }));

/** From now on, the server's answers have their first hit last. */
async function turnAnswers(page: Page): Promise<{ readonly asked: () => number }> {
  let asked = 0;
  await page.route('**/api/lookup*', async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as LookupAnswer;
    const [first, ...others] = answer.hits;
    await route.fulfill({ response, json: { ...answer, hits: [...others, ...(first === undefined ? [] : [first])] } });
    asked += 1;
  });
  return { asked: () => asked };
}

for (const [way, mark] of [
  ['the pointer', (page: Page) => answers(page).nth(1).hover()],
  ['the arrow keys', (page: Page) => page.keyboard.press('ArrowDown')],
] as const)
  test(`lines keep their places under ${way} while the cluster changes`, async ({ page, world }) => {
    await openFinder(page, world);
    await field(page).fill('eni-');
    const second = await answers(page).nth(1).innerText();
    await mark(page);
    await expect(answers(page).nth(1)).toHaveAttribute('aria-selected', 'true');
    const { asked } = await turnAnswers(page);
    await expect
      .poll(() => {
        change(world);
        return asked();
      })
      .toBeGreaterThan(1);
    expect(await answers(page).nth(1).innerText()).toBe(second);
    if (way === 'the pointer') await page.mouse.move(5, 5);
    else await page.keyboard.press('ArrowUp');
    await expect(answers(page).first()).toHaveText(second, { useInnerText: true });
  });

test('a line marked before the answer arrived stays marked', async ({ page, world }) => {
  const found = await page.request.get(`${world.served.url}/api/lookup?q=eni-`);
  const answer = (await found.json()) as LookupAnswer;
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/lookup*', async (route) => {
    await held;
    await route.fulfill({ json: { ...answer, query: 'group by' } });
  });
  await openFinder(page, world);
  await field(page).fill('group by');
  await expect(page.getByRole('option').nth(1)).toBeVisible();
  await page.keyboard.press('ArrowDown');
  const marked = page.getByRole('option', { selected: true });
  await expect(marked).toContainText('Group nodes by');
  const wanted = await marked.innerText();
  release();
  await expect(answers(page).first()).toContainText('eni-');
  await expect(marked).toHaveText(wanted, { useInnerText: true });
});

test('an answer that takes longer than the cluster needs to change still arrives', async ({ page, world }) => {
  await openFinder(page, world);
  const name = [...world.sim.state.pods.values()].find(({ namespace }) => namespace !== 'kube-system')?.name ?? '';
  let changes = 0;
  await page.route('**/api/lookup*', async (route) => {
    // As long as it takes until the page has had reason to ask again, twice over.
    const before = changes;
    await expect.poll(() => changes - before, { intervals: [100] }).toBeGreaterThan(25);
    await route.continue();
  });
  const churn = setInterval(() => {
    change(world);
    changes += 1;
  }, 100);
  try {
    await field(page).fill(name);
    await expect(answers(page).first()).toContainText(name);
    await page.keyboard.press('Enter');
    await expect(details(page)).toContainText(name);
  } finally {
    clearInterval(churn);
  }
});
