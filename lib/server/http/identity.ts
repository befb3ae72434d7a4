/** Who asks, where the server tells visitors apart. */
import type { Visitor } from '../rights/rights';
import { sealed, unsealed } from './in-process';

/** Null: whoever got in sees everything. */
export type Viewer = Visitor | null;

export const VIEWER_HEADER = 'x-ifscope-viewer';

export const viewerHeader = (viewer: Viewer): string => sealed({ viewer });

/** Undefined for a request that was not let in by `proxy.ts`. */
export function viewerOf(headers: Headers): Viewer | undefined {
  const said = unsealed(headers.get(VIEWER_HEADER)) as { readonly viewer: Viewer } | undefined;
  return said?.viewer;
}

/** Names that begin so are Kubernetes' own: no proxy and no identity provider hands them out. */
const RESERVED = 'system:';

/** As the API server would see the user; null for a name that is none. `until` as in `Visitor`. */
export function visitorOf(user: string, groups: readonly string[], until: number | null = null): Viewer {
  const name = user.trim();
  if (name === '' || name.startsWith(RESERVED)) return null;
  const given = groups.map((group) => group.trim()).filter((group) => group !== '' && !group.startsWith(RESERVED));
  return { user: name, groups: [...new Set([...given, 'system:authenticated'])], until };
}
