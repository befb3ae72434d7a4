/**
 * The paths below `/api`. A request for any other such path gets an error in JSON if it is from a program, a page if it
 * is from a person.
 */
import { refuse } from './answers';

export const API_PATHS: ReadonlySet<string> = new Set(
  ['ended-sessions', 'explain', 'export', 'lookup', 'openapi.json', 'stream', 'topology'].map((name) => `/api/${name}`),
);

/** The answer to a path below `/api` that does not exist; null for any other path. */
export const unknownPath = (path: string): Response | null =>
  (path === '/api' || path.startsWith('/api/')) && !API_PATHS.has(path)
    ? refuse(404, `there is no ${path.slice(0, 80)}: /api/openapi.json lists the paths`)
    : null;
