/** Events about a pod or node without a record: it no longer exists, or was not read. */
import { byCodeUnit } from '../../model/order';
import type { Replica } from '../../records/replica';

const MAX_EVENTS = 3;

/** The newest of them as `Reason: message`, for a name with or without its namespace. */
export function eventsNaming({ records }: Replica, name: string): readonly string[] {
  const ids = new Set([`pod:${name}`, `node:${name}`]);
  const isNamed = (subject: string): boolean =>
    ids.has(subject) || (!name.includes('/') && subject.startsWith('pod:') && subject.endsWith(`/${name}`));
  return [...records.signals.values()]
    .filter(({ subject, lastAt }) => lastAt !== null && isNamed(subject))
    .sort((a, b) => byCodeUnit(b.lastAt ?? '', a.lastAt ?? '') || byCodeUnit(a.id, b.id))
    .slice(0, MAX_EVENTS)
    .map(({ kind, text }) => `${kind}: ${text}`);
}
