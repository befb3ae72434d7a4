/** An Event of a capture, in the two shapes that a cluster serves. */
import type { Json } from './types';

/** `aggregated`: the kubelet puts `(combined from similar events): ` before what it has said too often. */
export type Shape = 'v1' | 'v1-aggregated' | 'events.k8s.io/v1' | 'events.k8s.io/v1-series';

const FIRST = '2026-09-01T11:40:00Z';
const LAST = '2026-09-01T11:59:30Z';

export interface About {
  readonly kind: 'Pod';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export function eventObject(shape: Shape, about: About, reason: string, message: string, from: string): Json {
  const metadata = {
    namespace: about.namespace,
    name: `${about.name}.${reason}`.toLowerCase(),
    uid: `ev-${about.uid}`,
  };
  const base = { kind: 'Event', metadata: { ...metadata, creationTimestamp: FIRST }, reason, type: 'Warning' };
  if (shape === 'v1' || shape === 'v1-aggregated')
    return {
      ...base,
      apiVersion: 'v1',
      involvedObject: { ...about },
      message: shape === 'v1' ? message : `(combined from similar events): ${message}`,
      count: 9,
      firstTimestamp: FIRST,
      lastTimestamp: LAST,
      eventTime: null,
      source: { component: from },
      reportingComponent: '',
    };
  return {
    ...base,
    apiVersion: 'events.k8s.io/v1',
    regarding: { ...about },
    note: message,
    reportingController: from,
    ...(shape === 'events.k8s.io/v1'
      ? { deprecatedCount: 9, deprecatedFirstTimestamp: FIRST, deprecatedLastTimestamp: LAST, eventTime: null }
      : {
          eventTime: `${FIRST.slice(0, -1)}.000000Z`,
          series: { count: 9, lastObservedTime: `${LAST.slice(0, -1)}.000000Z` },
        }),
  };
}
