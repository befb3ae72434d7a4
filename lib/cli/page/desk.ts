/**
 * Bundles the worker that reads opened files into a file of its own, beside Next's build. Next's bundler would build it
 * together with the page, and keep every export that the worker uses in the page's first chunks.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * The worker's URL path, below the base path. `print`: fingerprint of the sources, so that browsers can cache the file.
 */
export const deskAddress = (print: string): string => `/_next/static/desk/${print.slice(0, 16)}.js`;

/** Bundler options for browsers. */
export const FOR_BROWSERS = {
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2023',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  logLevel: 'warning',
} as const;

/** The worker's source, relative to the root. */
export const DESK = ['lib', 'opened', 'worker.ts'] as const;

/** Bundles the worker into the build in `.next`. `print` as in `deskAddress`. */
export async function buildDesk(root: string, print: string): Promise<void> {
  // A development dependency: the package contains the built file.
  const { build } = await import('esbuild');
  const file = path.join(root, '.next', deskAddress(print).replace('/_next/', ''));
  await mkdir(path.dirname(file), { recursive: true });
  await build({ ...FOR_BROWSERS, entryPoints: [path.join(root, ...DESK)], outfile: file, format: 'esm' });
}
