/**
 * Builds the page in one file (`lib/export/html` adds a snapshot): the page's components with the style sheet and fonts
 * of its build, and the two workers, compressed. Its Content Security Policy allows only its own scripts and no network
 * access.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'esbuild';
import { MARKS } from '../../export/html';
import { themeStyle } from '../../layout/picture/theme-style';
import { DESK, deskAddress, FOR_BROWSERS } from './desk';

/** The path of the page in one file within the build. */
export const offlinePage = (root: string): string => path.join(root, '.next', 'ifscope-page.html');

/** Workers are started from scripts in the file. */
const ownWorkers = (root: string): Plugin => ({
  name: 'own-workers',
  setup(build) {
    build.onResolve({ filter: /\/start-(desk|reader)$/ }, ({ path: named, importer }) =>
      importer.includes('embedded')
        ? undefined
        : { path: path.join(root, 'lib', 'client', 'embedded', `${path.basename(named)}.ts`) },
    );
  },
});

/** One script as text. Not a module, because a page that is a file cannot start modules in a worker. */
async function bundled(root: string, ...entry: readonly string[]): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    ...FOR_BROWSERS,
    entryPoints: [path.join(root, ...entry)],
    format: 'iife',
    jsx: 'automatic',
    plugins: [ownWorkers(root)],
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** The page's style sheet as built by Next, including its fonts. */
async function styles(root: string): Promise<string> {
  const chunks = path.join(root, '.next', 'static', 'chunks');
  const names = (await readdir(chunks)).filter((name) => name.endsWith('.css')).sort();
  const sheets = await Promise.all(names.map((name) => readFile(path.join(chunks, name), 'utf8')));
  let text = sheets.join('\n').replace(/\/\*#[^*]*\*\//g, '');
  for (const [all, named = ''] of text.matchAll(/url\(([^)]+\.woff2)\)/g)) {
    const font = await readFile(path.join(chunks, named), 'base64');
    text = text.replaceAll(all, `url(data:font/woff2;base64,${font})`);
  }
  // Next names the fallback font by a class that changes with each build.
  return `${text}\n:root{--font-fallback:"sans Fallback"}`;
}

/** Escapes text that would end the containing element, or begin a comment in it. */
function inElement(text: string): string {
  const safe = text.replaceAll('<!--', '<\\!--');
  if (/<\/(script|style)/i.test(safe)) throw new Error('a script or style sheet holds the end of its own element');
  return safe;
}

const packed = (text: string): string => gzipSync(text, { level: 9 }).toString('base64');
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Builds the page in one file: scripts, styles and workers are embedded, a snapshot is added later. `print` as in
 * `deskAddress`.
 */
export async function buildOfflinePage(root: string, print: string): Promise<void> {
  const [page, reader, desk, style, icon] = await Promise.all([
    bundled(root, 'components', 'offline', 'main.tsx'),
    bundled(root, 'lib', 'client', 'set', 'chunk-worker.ts'),
    bundled(root, ...DESK),
    styles(root),
    readFile(path.join(root, 'public', 'icon.svg'), 'base64'),
  ]);
  const script = inElement(page);
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const text = `<!doctype html>
<html lang="en" data-theme="system" data-base="#">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<title>${MARKS.title}</title>
<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,${icon}">
<style>${themeStyle()}</style>
<style>${inElement(style)}</style>
</head>
<body>
<div id="page"><p>${MARKS.about}</p><noscript><p>The page needs JavaScript.</p></noscript></div>
<script type="application/gzip" id="reader">${packed(reader)}</script>
<script type="application/gzip" id="desk">${packed(desk)}</script>
<script type="application/gzip" id="snapshot">${MARKS.snapshot}</script>
<script>${script}</script>
</body>
</html>
`;
  await writeFile(offlinePage(root), text);
  // For files opened in a browser, whose HTML export is created there from this page.
  const open = deskAddress(print).replace('/_next/', '').replace(/js$/, 'html');
  await writeFile(path.join(root, '.next', open), text);
}
