/**
 * The worker that reads opened files, as one file beside what Next builds. Next's bundler would build it together with the page, and
 * keep in the page's first chunks every export that the worker uses.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/** Its address, below the base path. `print`: of the sources; who has the file need not ask again. */
export const deskAddress = (print: string): string => `/_next/static/desk/${print.slice(0, 16)}.js`;

/** What is bundled for a browser. */
export const FOR_BROWSERS = {
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2023',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  logLevel: 'warning',
} as const;

/** Its source, below the root. */
export const DESK = ['lib', 'opened', 'worker.ts'] as const;

/** Bundles the worker into the build in `.next`. `print` as in `deskAddress`. */
export async function buildDesk(root: string, print: string): Promise<void> {
  // A development dependency: the package holds what was built.
  const { build } = await import('esbuild');
  const file = path.join(root, '.next', deskAddress(print).replace('/_next/', ''));
  await mkdir(path.dirname(file), { recursive: true });
  await build({ ...FOR_BROWSERS, entryPoints: [path.join(root, ...DESK)], outfile: file, format: 'esm' });
}
