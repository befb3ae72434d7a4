/** What Events say about a pod or node that has no record: it is gone, or was not read. */
import type { Replica } from '../../records/replica';

const MAX_EVENTS = 3;

/** The newest of them as `Reason: message`, for a name with or without its namespace. */
export function eventsNaming({ records }: Replica, name: string): readonly string[] {
  const ids = new Set([`pod:${name}`, `node:${name}`]);
  const isNamed = (subject: string): boolean =>
    ids.has(subject) || (!name.includes('/') && subject.startsWith('pod:') && subject.endsWith(`/${name}`));
  return [...records.signals.values()]
    .filter(({ subject, lastAt }) => lastAt !== null && isNamed(subject))
    .sort((a, b) => (b.lastAt ?? '').localeCompare(a.lastAt ?? '') || a.id.localeCompare(b.id))
    .slice(0, MAX_EVENTS)
    .map(({ kind, text }) => `${kind}: ${text}`);
}
