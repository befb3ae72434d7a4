/**
 * The JavaScript that a first visit loads before the picture is drawn, including workers. Counts the files' gzipped
 * sizes, so that the server's compression and headers do not matter. Used by the benchmark and by the browser tests.
 */
import { gzipSync } from 'node:zlib';
import type { Browser, Response } from '@playwright/test';

/** The budget enforced by CI, in bytes. */
export const MOST_BYTES = 200_000;

export interface FirstLoad {
  readonly bytes: number;
  /** Path and bytes of each file, largest first. */
  readonly files: readonly (readonly [path: string, bytes: number])[];
}

/**
 * Records when the frame began in which the first picture was drawn: what is requested after that delays nobody. A
 * string, because tsx would wrap a function in a helper that the page lacks.
 */
const NOTE_FIRST_PICTURE = `
  let frameBegan = Date.now();
  (function look() {
    if (document.querySelector('canvas[data-revision]') === null) {
      frameBegan = Date.now();
      requestAnimationFrame(look);
    } else document.documentElement.dataset.drawnAt = String(frameBegan);
  })();
`;

/** Opens `url` in a new context, which has no cache. Throws if no picture is drawn within half a minute. */
export async function firstLoad(browser: Browser, url: string): Promise<FirstLoad> {
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
  try {
    const page = await context.newPage();
    const scripts: Response[] = [];
    context.on('response', (response) => {
      if (new URL(response.url()).pathname.endsWith('.js')) scripts.push(response);
    });
    await page.addInitScript({ content: NOTE_FIRST_PICTURE });
    await page.goto(url);
    const drawn = page.locator('html[data-drawn-at]');
    await drawn.waitFor({ state: 'attached', timeout: 30_000 });
    const drawnAt = Number(await drawn.getAttribute('data-drawn-at'));
    const before = scripts.filter((response) => response.request().timing().startTime <= drawnAt);
    const files = await Promise.all(
      before.map(async (response) => {
        const body = await response.body();
        return [new URL(response.url()).pathname, gzipSync(body).byteLength] as const;
      }),
    );
    return {
      bytes: files.reduce((sum, [, size]) => sum + size, 0),
      files: files.sort(([, a], [, b]) => b - a),
    };
  } finally {
    await context.close();
  }
}
