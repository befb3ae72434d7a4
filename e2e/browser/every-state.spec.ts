/**
 * Every state of the page (`testing/page-states`) is clean by axe, and nothing of it scrolls sideways or stands outside of
 * the window. Each state in one theme and at one width; with `IFSCOPE_FULL=1` in both themes and at all widths.
 */
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { PAGE_STATES, shown, topologyOf, type Given, type PageState } from '../testing/page-states';
import { outOfReach } from './reach';
import { expect, test } from './world';

test.use({ scene: 'demo', owner: 'every-state' });

const full = process.env['IFSCOPE_FULL'] !== undefined;

interface Look {
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
}

const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const LOOKS: readonly Look[] = [
  { theme: 'light', ...wide },
  { theme: 'dark', ...phone },
  { theme: 'light', ...phone },
  { theme: 'dark', ...wide },
];
const FURTHER: readonly Look[] = (['light', 'dark'] as const).flatMap((theme) => [
  { theme, width: 1024, height: 768 },
  { theme, width: 720, height: 450 },
]);

/** Not without being asked: what changes the cluster or breaks it takes long, and much differs in its picture alone. */
const ALIKE = /^(topology-.*|focus|search-none|page-none|nothing-(?!topology|findings).*)$/;
const states = PAGE_STATES.filter(({ name, touches }) => full || (touches !== true && !ALIKE.test(name)));

function contextFor(browser: Browser, { theme, width, height }: Look): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    hasTouch: width < 500,
    isMobile: width < 500,
  });
}

async function problemsOf(page: Page, state: PageState, given: Given): Promise<readonly string[]> {
  await page.goto(given.served.url + state.path(given.topology));
  await shown(page);
  await state.act?.(page, given);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const isWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  return [
    ...violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`),
    ...(isWide ? ['scrolls sideways'] : []),
    ...(await outOfReach(page)).map((what) => `out of reach: ${what}`),
  ];
}

for (const [place, look] of [...LOOKS, ...(full ? FURTHER : [])].entries())
  test(`${look.theme}, ${look.width} px wide`, async ({ browser, world }) => {
    test.setTimeout(full ? 900_000 : 180_000);
    const given: Given = { ...world, topology: await topologyOf(world.served.url) };
    const context = await contextFor(browser, look);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const found: string[] = [];
    for (const [index, state] of states.entries()) {
      if (!full && index % LOOKS.length !== place) continue;
      for (const problem of await problemsOf(page, state, given)) found.push(`${state.name}: ${problem}`);
      given.sim.faults.clear();
    }
    await context.close();
    expect(found).toEqual([]);
  });
