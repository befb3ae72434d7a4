/** Which of Next's pages answers a path. */
import { decodedParts, recordOfPath } from '../../view/record-path';

/** Request header with the id of the record whose page is requested, percent-encoded. Clients cannot set it. */
export const RECORD_HEADER = 'x-ifscope-record';

/** The files of `public`. */
export const PUBLIC_FILES: readonly string[] = [
  'apple-touch-icon.png',
  'favicon.ico',
  'icon-192.png',
  'icon-512.png',
  'icon.svg',
  'robots.txt',
  'site.webmanifest',
];

const OTHERS: ReadonlySet<string> = new Set(['_next', 'api', 'healthz', 'mcp', 'metrics', 'readyz', ...PUBLIC_FILES]);

/** Page of Next and record id (null: the map) for a path without the base path; null for a path that has no page. */
export function pageOf(path: string): { readonly page: '/' | '/not-found'; readonly record: string | null } | null {
  const [kind = '', ...parts] = path.slice(1).split('/');
  if (OTHERS.has(kind)) return null;
  const record = recordOfPath(kind, decodedParts(parts));
  return { page: record === null && path !== '/' ? '/not-found' : '/', record };
}
