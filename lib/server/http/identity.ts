/** The visitor who sent a request, if the server identifies visitors. */
import type { Visitor } from '../rights/rights';
import { sealed, unsealed } from './in-process';

/** Null: visitors are not identified, or the request has the token; it sees everything. */
export type Viewer = Visitor | null;

/** Request header that carries the viewer from `proxy.ts` to the routes. */
export const VIEWER_HEADER = 'x-ifscope-viewer';

/** The header's value, which only this process can create. */
export const viewerHeader = (viewer: Viewer): string => sealed({ viewer });

/** The viewer of a request; undefined if `proxy.ts` did not admit it. */
export function viewerOf(headers: Headers): Viewer | undefined {
  const said = unsealed(headers.get(VIEWER_HEADER)) as { readonly viewer: Viewer } | undefined;
  return said?.viewer;
}

/** Prefix of Kubernetes' own names, which no proxy or identity provider may claim. */
const RESERVED = 'system:';

/** The visitor as the API server identifies the user; null for an empty or reserved user name. */
export function visitorOf(user: string, groups: readonly string[], session: Visitor['session'] = null): Viewer {
  const name = user.trim();
  if (name === '' || name.startsWith(RESERVED)) return null;
  const given = groups.map((group) => group.trim()).filter((group) => group !== '' && !group.startsWith(RESERVED));
  return { user: name, groups: [...new Set([...given, 'system:authenticated'])], session };
}
