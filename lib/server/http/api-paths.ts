/** The paths below `/api`, for requests that ask for none of them: programs get an error in JSON, people a page. */
import { refuse } from './answers';

export const API_PATHS: ReadonlySet<string> = new Set(
  ['ended-sessions', 'explain', 'export', 'lookup', 'openapi.json', 'stream', 'topology'].map((name) => `/api/${name}`),
);

/** The answer to a path below `/api` that does not exist; null for any other path. */
export const unknownPath = (path: string): Response | null =>
  (path === '/api' || path.startsWith('/api/')) && !API_PATHS.has(path)
    ? refuse(404, `there is no ${path.slice(0, 80)}: /api/openapi.json lists the paths`)
    : null;
