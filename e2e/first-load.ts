/**
 * The JavaScript that a first visit fetches before the picture stands, workers included: the files' bytes as gzip packs them,
 * so that neither the server's compression nor its headers count. The benchmark and the browser tests both ask here.
 */
import { gzipSync } from 'node:zlib';
import type { Browser, Response } from '@playwright/test';

/** What CI lets pass, in bytes: the budget. */
export const MOST_BYTES = 200_000;

export interface FirstLoad {
  readonly bytes: number;
  /** Path and bytes of each file, largest first. */
  readonly files: readonly (readonly [path: string, bytes: number])[];
}

/**
 * Notes when the frame began in which the first picture was drawn: what is asked for after that waits for nobody. As text,
 * because tsx would wrap a function in a helper that the page lacks.
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

/** Opens `url` in a new context, which has no cache. Throws when no picture stands after half a minute. */
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
