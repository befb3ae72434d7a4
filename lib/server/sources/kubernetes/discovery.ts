/**
 * The API groups, versions and resources that the server serves. All absent kinds share one small request every few
 * seconds, which detects new CRDs, and those of one served group version another.
 */
import type { Timers } from '../timers';
import { createWatchdog } from '../watchdog';
import type { Policy } from './policy';
import type { Transport } from './transport';

/** Looks up what the server serves. */
export interface Discovery {
  /** Versions of a group; empty when the server does not serve the group; null when the request failed. */
  versions(group: string): Promise<ReadonlySet<string> | null>;
  /** Plural names of the resources of a served version of a group; null when the request failed. */
  resources(group: string, version: string): Promise<ReadonlySet<string> | null>;
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

/** Parses an `APIResourceList`; null for other content. */
function readResources(body: string): ReadonlySet<string> | null {
  try {
    const { resources } = JSON.parse(body) as { readonly resources?: unknown };
    if (!Array.isArray(resources)) return null;
    const names = (resources as readonly ({ readonly name?: unknown } | null)[]).map((each) => each?.name);
    return new Set(names.filter((name) => typeof name === 'string'));
  } catch {
    return null;
  }
}

interface Asked<T> {
  readonly at: number;
  readonly answer: Promise<T | null>;
}

/** One answer is shared by all callers for `policy.discoveryMs`. */
export function createDiscovery(
  transport: Transport,
  timers: Timers,
  policy: Policy,
  now: () => number,
  signal: AbortSignal,
): Discovery {
  let groupsAsked: Asked<Groups> | null = null;
  const resourcesAsked = new Map<string, Asked<ReadonlySet<string>>>();
  const isRecent = ({ at }: Asked<unknown>): boolean => now() - at < policy.discoveryMs;

  const ask = async <T>(path: string, read: (body: string) => T | null): Promise<T | null> => {
    const dog = createWatchdog(timers, signal);
    dog.expect(policy.headersMs, 'discovery');
    try {
      const answer = await transport.request(path, {}, { signal: dog.signal });
      const body = await answer.text(MOST_BYTES);
      return answer.status === 200 ? read(body) : null;
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
      if (groupsAsked === null || !isRecent(groupsAsked)) groupsAsked = { at: now(), answer: ask('/apis', readGroups) };
      const groups = await groupsAsked.answer;
      return groups === null ? null : (groups.get(group) ?? new Set());
    },
    resources(group, version) {
      const path = `/apis/${group}/${version}`;
      const known = resourcesAsked.get(path);
      if (known !== undefined && isRecent(known)) return known.answer;
      const answer = ask(path, readResources);
      resourcesAsked.set(path, { at: now(), answer });
      return answer;
    },
  };
}
