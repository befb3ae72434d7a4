/**
 * Kubernetes Events: one object per subject and reason with an increasing count, as the event recorder writes them. They
 * expire after an hour.
 */
import { rfc3339 } from './clock';
import { uid } from './identity';
import { objectsOf, type ClusterState, type KubeObject } from './state';

/** Key of the collection of Events. */
export const EVENTS = 'core/events';
const LIFETIME_MS = 3_600_000;

/** An Event to raise. */
export interface NewEvent {
  readonly subject: { readonly kind: string; readonly namespace: string; readonly name: string; readonly uid: string };
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
  readonly host?: string;
  readonly count?: number;
  /** Seconds between the first and the last occurrence. */
  readonly over?: number;
}

/** Raises an Event; repeating it increases the count. */
export function raiseEvent(state: ClusterState, event: NewEvent): void {
  const events = objectsOf(state, EVENTS);
  const namespace = event.subject.namespace === '' ? 'default' : event.subject.namespace;
  const name = `${event.subject.name}.${fingerprint(`${event.subject.uid}/${event.reason}`)}`;
  const now = rfc3339(state.now());
  const previous = events.get(`${namespace}/${name}`) as
    (KubeObject & { count: number; firstTimestamp: string }) | undefined;
  const count = (previous?.count ?? 0) + (event.count ?? 1);
  const firstTimestamp = previous?.firstTimestamp ?? rfc3339(state.now() - (event.over ?? 0) * 1000);
  events.put({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace, uid: previous?.metadata.uid ?? uid(state.random), creationTimestamp: firstTimestamp },
    involvedObject: { apiVersion: 'v1', ...event.subject },
    reason: event.reason,
    message: event.message,
    type: event.type,
    count,
    firstTimestamp,
    lastTimestamp: now,
    source: { component: event.component, ...(event.host === undefined ? {} : { host: event.host }) },
    reportingComponent: event.component,
    reportingInstance: event.host ?? '',
  });
  if (previous === undefined)
    state.tasks.schedule(state.now() + LIFETIME_MS, () => {
      events.delete(`${namespace}/${name}`);
    });
}

/** FNV-1a, 64 bits in two halves: names like the recorder's, without using the random source. */
function fingerprint(text: string): string {
  let low = 0x811c9dc5;
  let high = 0xcbf29ce4;
  for (const char of text) {
    low = Math.imul(low ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    high = Math.imul(high ^ low, 0x01000193) >>> 0;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
