/**
 * The API groups and versions that the server serves. All absent kinds share one small request every few seconds, which
 * detects new CRDs.
 */
import type { Timers } from '../timers';
import { createWatchdog } from '../watchdog';
import type { Policy } from './policy';
import type { Transport } from './transport';

/** Looks up which versions of API groups are served. */
export interface Discovery {
  /** Versions of a group; empty when the server does not serve the group; null when the request failed. */
  versions(group: string): Promise<ReadonlySet<string> | null>;
}

type Groups = ReadonlyMap<string, ReadonlySet<string>>;

interface GroupList {
  readonly groups?: readonly ({ readonly name?: unknown; readonly versions?: unknown } | null)[];
}

const MOST_BYTES = 8 << 20;

/** Parses an `APIGroupList` (the answer of `/apis`); null for other content. */
export function readGroups(body: string): Groups | null {
  try {
    const { groups } = JSON.parse(body) as GroupList;
    if (!Array.isArray(groups)) return null;
    const found = new Map<string, ReadonlySet<string>>();
    for (const group of groups as readonly { name?: unknown; versions?: unknown }[]) {
      if (typeof group.name !== 'string' || !Array.isArray(group.versions)) continue;
      const versions = (group.versions as readonly { version?: unknown }[]).map(({ version }) => version);
      found.set(group.name, new Set(versions.filter((version) => typeof version === 'string')));
    }
    return found;
  } catch {
    return null;
  }
}

/** One answer is shared by all callers for `policy.discoveryMs`. */
export function createDiscovery(
  transport: Transport,
  timers: Timers,
  policy: Policy,
  now: () => number,
  signal: AbortSignal,
): Discovery {
  let asked: { readonly at: number; readonly groups: Promise<Groups | null> } | null = null;

  const ask = async (): Promise<Groups | null> => {
    const dog = createWatchdog(timers, signal);
    dog.expect(policy.headersMs, 'discovery');
    try {
      const answer = await transport.request('/apis', {}, { signal: dog.signal });
      const body = await answer.text(MOST_BYTES);
      return answer.status === 200 ? readGroups(body) : null;
    } catch {
      // The list that follows encounters the same error and reports it.
      return null;
    } finally {
      dog.stop();
    }
  };
  return {
    async versions(group) {
      // The core group always exists and is not listed under /apis.
      if (group === '') return null;
      if (asked === null || now() - asked.at >= policy.discoveryMs) asked = { at: now(), groups: ask() };
      const groups = await asked.groups;
      return groups === null ? null : (groups.get(group) ?? new Set());
    },
  };
}
