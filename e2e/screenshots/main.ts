/**
 * Makes pictures of every view in both themes and three widths, to be looked at one by one; `--docs` makes those that the
 * documentation shows, and its page of views.
 *
 *     npm run screenshots -- --scene demo --only topology --out test-results/screenshots
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type Page } from '@playwright/test';
import { startSimulated } from '../simulated';
import prettier from 'prettier';
import { DOCS, galleryPictures, viewsPage } from './docs';
import { PAGE_STATES, shown, topologyOf, type Given, type PageState } from '../testing/page-states';

const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

interface Size {
  readonly width: number;
  readonly height: number;
  readonly touch?: boolean;
}
/** By name; `zoomed` is a window of 1440 × 900 at 200 %. */
const SIZES: Readonly<Record<string, Size>> = {
  '1440': { width: 1440, height: 900 },
  '1024': { width: 1024, height: 768 },
  '390': { width: 390, height: 844, touch: true },
  zoomed: { width: 720, height: 450 },
};
function sizeNamed(name: string): Size {
  const size = SIZES[name];
  if (size === undefined) throw new Error(`no size ${name}; there are ${Object.keys(SIZES).join(', ')}`);
  return size;
}
/** A picture that still changes after this many attempts changes all the time, for example because it shows an age. */
const MAX_LOOKS = 8;
const LOOK_MS = 250;

const { values: flags } = parseArgs({
  options: {
    scene: { type: 'string', default: 'demo' },
    nodes: { type: 'string' },
    only: { type: 'string', default: '' },
    size: { type: 'string', multiple: true, default: ['1440', '1024', '390'] },
    theme: { type: 'string', multiple: true, default: [...THEMES] },
    out: { type: 'string', default: 'test-results/screenshots' },
    docs: { type: 'boolean', default: false },
  },
});

/** A screenshot of the page once it has stopped changing. */
async function still(page: Page): Promise<Buffer> {
  await page.evaluate(() => document.fonts.ready);
  let before = await page.screenshot();
  for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
    await page.waitForTimeout(LOOK_MS);
    const now = await page.screenshot();
    if (now.equals(before)) return now;
    before = now;
  }
  return before;
}

async function photograph(browser: Browser, given: Given, state: PageState, size: Size, theme: Theme): Promise<Buffer> {
  const { width, height, touch = false } = size;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    hasTouch: touch,
    isMobile: touch,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(given.served.url + state.path(given.topology));
    await shown(page);
    await page.waitForTimeout(LOOK_MS);
    await state.act?.(page, given);
    return await still(page);
  } finally {
    given.sim.faults.clear();
    await context.close();
  }
}

/** Half the size of the PNG at the same sharpness; the browser encodes it. */
async function asWebp(browser: Browser, png: Buffer): Promise<Buffer> {
  const page = await browser.newPage();
  try {
    const url = await page.evaluate(
      async (source) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.width, image.height];
        canvas.getContext('2d')?.drawImage(image, 0, 0);
        return canvas.toDataURL('image/webp', 0.9);
      },
      `data:image/png;base64,${png.toString('base64')}`,
    );
    return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  } finally {
    await page.close();
  }
}

function save(file: string, bytes: Buffer): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  console.log(`${file} · ${Math.round(bytes.length / 1024)} KiB`);
}

async function makeAll(browser: Browser, given: Given): Promise<void> {
  for (const state of PAGE_STATES.filter(({ name }) => new RegExp(`^(${flags.only || '.*'})$`).test(name)))
    for (const name of flags.size)
      for (const theme of THEMES.filter((one) => flags.theme.includes(one))) {
        const size = sizeNamed(name);
        const file = path.join(flags.out, `${state.name}-${name}-${theme}.png`);
        try {
          save(file, await photograph(browser, given, state, size, theme));
        } catch (error) {
          process.exitCode = 1;
          console.error(`${file}: ${String(error)}`);
        }
      }
}

/** By the order of the states, of which the last ones change the cluster. */
async function makeDocs(browser: Browser, given: Given): Promise<void> {
  const gallery = galleryPictures().map((one) => ({ ...one, file: `views/${one.file}`, size: sizeNamed(one.width) }));
  const pictures = [...DOCS, ...gallery];
  const unknown = pictures.find(({ state }) => !PAGE_STATES.some(({ name }) => name === state));
  if (unknown !== undefined) throw new Error(`no state ${unknown.state}`);
  for (const state of PAGE_STATES)
    for (const { file, size, theme } of pictures.filter((one) => one.state === state.name))
      save(
        path.join('docs/images', `${file}.webp`),
        await asWebp(browser, await photograph(browser, given, state, size, theme)),
      );
  const page = 'docs/views.md';
  writeFileSync(page, await prettier.format(viewsPage(), { ...(await prettier.resolveConfig(page)), filepath: page }));
}

// As in playwright.config.ts; on Debian, the system's Chromium.
const executablePath =
  process.env['IFSCOPE_CHROMIUM'] ?? (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined);
const cluster = await startSimulated(flags.scene, flags.nodes === undefined ? {} : { nodes: Number(flags.nodes) });
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ['--disable-gpu', '--disable-quic'],
});
try {
  const given: Given = { ...cluster, topology: await topologyOf(cluster.served.url) };
  await (flags.docs ? makeDocs(browser, given) : makeAll(browser, given));
} finally {
  await browser.close();
  await cluster.stop();
}
