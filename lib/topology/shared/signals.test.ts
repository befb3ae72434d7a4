/** Signals: Events, counters that increased, misplaced annotations. */
import { describe, expect, it } from 'vitest';
import type { EventFact, WorkloadFact } from '../../model/facts';
import { AT, batch, engineOf, iso, metrics, node, pod, remove, upsert } from '../../../e2e/testing/facts';

const object = (namespace: string, name: string) => ({
  namespace,
  name,
  uid: `u-${name}`,
  createdAt: null,
  deleting: false,
});

const event = (name: string, more: Partial<EventFact> = {}): EventFact => ({
  ...object('default', name),
  reason: 'FailedCreatePodSandBox',
  involved: { kind: 'Pod', namespace: 'default', name: 'a', uid: 'uid-default-a' },
  message: name,
  count: 2,
  firstAt: iso(AT - 2000),
  lastAt: iso(AT),
  ...more,
});

describe('signals', () => {
  it('aggregate events by subject and reason', () => {
    const engine = engineOf([
      upsert('pod', pod('a')),
      upsert('event', event('e1')),
      upsert('event', event('e2', { count: 3, firstAt: iso(AT - 9000), lastAt: iso(AT + 1000) })),
      upsert('event', event('e3', { involved: { kind: 'Pod', namespace: 'default', name: 'a', uid: 'older' } })),
      upsert('event', event('e4', { involved: { kind: 'ConfigMap', namespace: 'default', name: 'a', uid: '' } })),
    ]);
    expect([...engine.replica.records.signals.values()]).toEqual([
      {
        id: 'sig:pod:default/a/FailedCreatePodSandBox',
        subject: 'pod:default/a',
        kind: 'FailedCreatePodSandBox',
        count: 5,
        firstAt: iso(AT - 9000),
        lastAt: iso(AT + 1000),
        text: 'e2',
      },
    ]);
    engine.apply(batch([remove('event', event('e1')), remove('event', event('e2'))]));
    expect(engine.replica.records.signals.size).toBe(0);
  });

  it('exist only while their subject exists', () => {
    const engine = engineOf([upsert('event', event('e1'))]);
    expect(engine.replica.records.signals.size).toBe(0);
    engine.apply(batch([upsert('pod', pod('a'))]));
    expect(engine.replica.records.signals.size).toBe(1);
    engine.apply(batch([remove('pod', pod('a'))]));
    expect(engine.replica.records.signals.size).toBe(0);
  });
});

describe('signals', () => {
  it('report counters that rose between two readings, not their earlier values', () => {
    const read = (at: number, refused: number, throttled: number) =>
      upsert(
        'awsNodeMetrics',
        metrics('n1', {
          readAt: iso(at),
          values: { awscni_no_available_ip_addresses: refused },
          apiErrors: { 'AttachNetworkInterface/RequestLimitExceeded': throttled },
        }),
      );
    const engine = engineOf([upsert('node', node()), read(AT, 7, 0)]);
    const kinds = () =>
      [...engine.replica.records.signals.values()].map(({ kind, count, text }) => [kind, count, text]);
    expect(kinds()).toEqual([]);
    engine.apply(batch([read(AT + 60_000, 9, 3)]));
    expect(kinds().sort()).toEqual([
      [
        'metric:awscni_aws_api_error_count/AttachNetworkInterface/RequestLimitExceeded',
        3,
        expect.stringContaining('from 0 to 3'),
      ],
      ['metric:awscni_no_available_ip_addresses', 2, expect.stringContaining('from 7 to 9')],
    ]);
    // A restart resets counters: that is no increase, and the earlier increase expires.
    engine.apply(batch([read(AT + 120_000, 1, 3)]));
    expect(kinds()).toHaveLength(2);
    engine.apply(batch([read(AT + 1_200_000, 1, 3)]));
    expect(kinds()).toEqual([]);
  });

  it('are on each pod of a workload that has its annotation in the wrong place', () => {
    const workload = (more: Partial<WorkloadFact> = {}) =>
      upsert('workload', {
        ...object('default', 'web'),
        kind: 'Deployment',
        misplaced: [{ key: 'k8s.v1.cni.cncf.io/networks', value: 'lan' }],
        networks: [],
        isRefused: false,
        refusal: null,
        mistyped: [],
        ...more,
      });
    const own = pod('a', { owner: { kind: 'ReplicaSet', name: 'web-6b7f9c8d5' } });
    const engine = engineOf([
      upsert('pod', own),
      upsert('pod', pod('b', { owner: { kind: 'ReplicaSet', name: 'web-api-6b7f9c8d5' } })),
      workload(),
    ]);
    expect([...engine.replica.records.signals.values()]).toMatchObject([
      {
        subject: 'pod:default/a',
        kind: 'annotation-on-workload',
        text: 'Deployment default/web carries k8s.v1.cni.cncf.io/networks: lan',
      },
    ]);
    engine.apply(batch([upsert('pod', { ...own, name: 'c', uid: 'c' })]));
    expect(engine.replica.records.signals.size).toBe(2);
    engine.apply(batch([workload({ misplaced: [] })]));
    expect(engine.replica.records.signals.size).toBe(0);
  });

  it.each([
    ['Job', { kind: 'Job', name: 'web' }, true],
    ['Job', { kind: 'Job', name: 'web-2' }, false],
    ['CronJob', { kind: 'Job', name: 'web-29310245' }, true],
    ['CronJob', { kind: 'Job', name: 'web-api-29310245' }, false],
    ['CronJob', { kind: 'Job', name: 'web' }, false],
    ['CronJob', { kind: 'ReplicaSet', name: 'web-29310245' }, false],
    ['StatefulSet', { kind: 'StatefulSet', name: 'web' }, true],
  ])('belong to a pod of a %s with the owner %j: %s', (kind, owner, isOwn) => {
    const engine = engineOf([
      upsert('pod', pod('a', { owner })),
      upsert('workload', {
        ...object('default', 'web'),
        kind,
        misplaced: [{ key: 'k8s.v1.cni.cncf.io/networks', value: 'lan' }],
        networks: [],
        isRefused: false,
        refusal: null,
        mistyped: [],
      }),
    ]);
    expect(engine.replica.records.signals.size).toBe(isOwn ? 1 : 0);
  });
});
