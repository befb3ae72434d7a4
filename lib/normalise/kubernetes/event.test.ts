import { describe, expect, it } from 'vitest';
import { EVENT_REASONS, normaliseEvent } from './event';

describe('events', () => {
  const event = (more: object): unknown => ({
    metadata: { name: 'e1', namespace: 'ns', creationTimestamp: '2026-09-01T11:00:00Z' },
    reason: 'FailedCreatePodSandBox',
    involvedObject: { kind: 'Pod', namespace: 'ns', name: 'web', uid: 'u' },
    message: 'failed to assign an IP address to container',
    ...more,
  });
  const read = normaliseEvent({ reason: 'FailedCreatePodSandBox' });

  it('core/v1', () => {
    const object = event({ count: 7, firstTimestamp: '2026-09-01T11:00:00Z', lastTimestamp: '2026-09-01T11:05:00Z' });
    expect(read(object)?.fact).toMatchObject({
      reason: 'FailedCreatePodSandBox',
      involved: { kind: 'Pod', namespace: 'ns', name: 'web', uid: 'u' },
      count: 7,
      firstAt: '2026-09-01T11:00:00Z',
      lastAt: '2026-09-01T11:05:00Z',
    });
  });

  it('events.k8s.io/v1', () => {
    const object = {
      metadata: { name: 'e2', namespace: 'ns' },
      reason: 'FailedCreatePodSandBox',
      regarding: { kind: 'Pod', namespace: 'ns', name: 'web' },
      note: 'no address',
      eventTime: '2026-09-01T11:00:00.000001Z',
      series: { count: 3, lastObservedTime: '2026-09-01T11:09:00.000001Z' },
    };
    expect(read(object)?.fact).toMatchObject({
      message: 'no address',
      count: 3,
      firstAt: '2026-09-01T11:00:00.000001Z',
      lastAt: '2026-09-01T11:09:00.000001Z',
    });
  });

  it('counts at least one occurrence, no later than its creation', () => {
    expect(read(event({ count: 0 }))?.fact).toMatchObject({ count: 1, firstAt: '2026-09-01T11:00:00Z' });
  });

  it('drops other reasons, and the same reason with another meaning', () => {
    expect(read(event({ reason: 'Pulled' }))).toBeNull();
    const networking = normaliseEvent(
      EVENT_REASONS.find(({ reason }) => reason === 'NetworkingReady') ?? { reason: '' },
    );
    expect(networking(event({ reason: 'NetworkingReady', source: { component: 'theirs' } }))).toBeNull();
    expect(
      networking(event({ reason: 'NetworkingReady', reportingComponent: 'eks-node-monitoring-agent' })),
    ).not.toBeNull();
    const unsupported = normaliseEvent({ reason: 'Unsupported', keep: (_, component) => component === 'mine' });
    expect(unsupported(event({ reason: 'Unsupported', source: { component: 'theirs' } }))).toBeNull();
    expect(unsupported(event({ reason: 'Unsupported', source: { component: 'mine' } }))).not.toBeNull();
  });
});
