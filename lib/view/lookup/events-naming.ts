/** Events about a workload, and about a pod or node without a record: it no longer exists, or was not read. */
import { idParts } from '../../model/ids';
import { byCodeUnit } from '../../model/order';
import type { Replica } from '../../records/replica';
import { queriedName } from './query-text';

const MAX_EVENTS = 3;

/** The newest Events about these subjects as `Reason: message`. `about`: what comes before each. */
function newest(
  { records }: Replica,
  isNamed: (subject: string) => boolean,
  about: (subject: string) => string,
): readonly string[] {
  return [...records.signals.values()]
    .filter(({ subject, lastAt }) => lastAt !== null && isNamed(subject))
    .sort((a, b) => byCodeUnit(b.lastAt ?? '', a.lastAt ?? '') || byCodeUnit(a.id, b.id))
    .slice(0, MAX_EVENTS)
    .map(({ kind, subject, text }) => `${about(subject)}${kind}: ${text}`);
}

/** The Events about a pod or node, named with or without its namespace. */
export function eventsNaming(replica: Replica, name: string): readonly string[] {
  const ids = new Set([`pod:${name}`, `node:${name}`]);
  return newest(
    replica,
    (subject) =>
      ids.has(subject) || (!name.includes('/') && subject.startsWith('pod:') && subject.endsWith(`/${name}`)),
    () => '',
  );
}

/** The note on a name without a record. */
export const fromEventsAlone = (events: readonly string[]): string => `known from Events alone: ${events.join('; ')}`;

/** What a ReplicaSet appends to its Deployment's name. */
const REVISION = /-[a-z0-9]+$/;

/** Whether the workload has the name, with or without namespace or kind, or belongs to the Deployment of that name. */
function isWorkload(id: string, name: string): boolean {
  if (!id.startsWith('work:')) return false;
  const [namespace = '', kind = '', own = ''] = idParts(id);
  const names = kind === 'ReplicaSet' ? [own, own.replace(REVISION, '')] : [own];
  return names.some((one) => [one, `${namespace}/${one}`, `${kind.toLowerCase()}/${one}`].includes(name));
}

/** The Events about workloads whose pods cannot be created. */
export const workloadEvents = (replica: Replica, name: string): readonly string[] =>
  newest(
    replica,
    (subject) => isWorkload(subject, name),
    (subject) => {
      const [namespace = '', kind = '', own = ''] = idParts(subject);
      return `${kind} ${namespace}/${own}: `;
    },
  );

/** The note on names that contain the one looked up. Events may show that a workload has exactly this name. */
export const alikeNote = (replica: Replica, text: string): string =>
  `${workloadEvents(replica, queriedName(text)).length > 0 ? '' : 'no exact match; '}these names contain it`;

/**
 * The note on a name, with what no hit shows: that a workload of this name cannot create its pods. `hits`: the number of
 * hits and groups.
 */
export function withWorkloads(replica: Replica, name: string, note: string | null, hits: number): string | null {
  const events = workloadEvents(replica, name);
  if (events.length === 0) return note;
  if (note === null && hits === 0) return fromEventsAlone(events);
  return [...(note === null ? [] : [note]), ...events].join('; ');
}
