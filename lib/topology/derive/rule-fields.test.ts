/** Fields of records that only rules read: who covers a pod's networks, when Multus came, what aws-node counted. */
import { describe, expect, it } from 'vitest';
import type { PolicyFact } from '../../model/facts';
import {
  AT,
  allLive,
  awsNode,
  batch,
  daemonSet,
  engineOf,
  get,
  iso,
  metrics,
  node,
  pod,
  remove,
  upsert,
} from '../testing/facts';

const policy = (name: string, more: Partial<PolicyFact> = {}): PolicyFact => ({
  namespace: 'default',
  name,
  uid: name,
  createdAt: null,
  deleting: false,
  podSelector: { matchLabels: { app: 'a' }, matchExpressions: [] },
  policyFor: null,
  ...more,
});

describe('networks that MultiNetworkPolicies cover (multus.md §1.1, policy-for)', () => {
  const of = (...facts: readonly PolicyFact[]) => {
    const engine = engineOf([
      upsert('node', node('n1')),
      upsert('pod', pod('p1', { labels: { app: 'a' } })),
      ...facts.map((one) =>
        one.policyFor === null ? upsert('networkPolicy', one) : upsert('multiNetworkPolicy', one),
      ),
    ]);
    const { policies, coveredNetworks } = get(engine, 'pods', 'pod:default/p1');
    return [policies, coveredNetworks];
  };

  it.each([
    ['none selects the pod', [], [[], []]],
    ['a NetworkPolicy covers eth0 only', [policy('a')], [['NetworkPolicy/a'], []]],
    [
      'two cover what both name, each once',
      [policy('a', { policyFor: ['default/x', 'other/y'] }), policy('b', { policyFor: ['other/y'] })],
      [
        ['MultiNetworkPolicy/a', 'MultiNetworkPolicy/b'],
        ['net:default/x', 'net:other/y'],
      ],
    ],
    ['an empty policy-for covers nothing', [policy('a', { policyFor: [] })], [['MultiNetworkPolicy/a'], []]],
    [
      'one that does not select the pod covers nothing of it',
      [
        policy('a', {
          policyFor: ['default/x'],
          podSelector: { matchLabels: { app: 'b' }, matchExpressions: [] },
        }),
      ],
      [[], []],
    ],
    ['one of another namespace does not either', [policy('a', { namespace: 'n', policyFor: ['default/x'] })], [[], []]],
  ])('%s', (_what, facts, wanted) => expect(of(...facts)).toEqual(wanted));

  it('follows the policy when it goes', () => {
    const one = policy('a', { policyFor: ['default/x'] });
    const engine = engineOf([
      upsert('node', node('n1')),
      upsert('pod', pod('p1', { labels: { app: 'a' } })),
      upsert('multiNetworkPolicy', one),
    ]);
    expect(get(engine, 'pods', 'pod:default/p1').coveredNetworks).toEqual(['net:default/x']);
    engine.apply(batch([remove('multiNetworkPolicy', one)]));
    expect(get(engine, 'pods', 'pod:default/p1').coveredNetworks).toEqual([]);
  });
});

describe('when Multus came to the cluster (multus.md §6, false-alarm traps)', () => {
  const multus = { version: 'v4.1.4' };
  const installedAt = (...sets: Parameters<typeof daemonSet>[1][]) =>
    get(
      engineOf([
        upsert('node', node('n1')),
        upsert('pod', pod('kube-multus-1', { hostNetwork: true, multus, startedAt: iso(AT - 1_000) })),
        ...sets.map((one, index) => upsert('daemonSet', daemonSet(`d${index}`, one))),
      ]),
      'nodes',
      'node:n1',
    ).multus?.installedAt;

  it.each([
    ['DaemonSets are not read', [], null],
    ['it is its DaemonSet’s creation', [{ multus, createdAt: iso(AT - 9_000) }], iso(AT - 9_000)],
    [
      'of two it is the older one',
      [
        { multus, createdAt: iso(AT - 5_000) },
        { multus, createdAt: iso(AT - 9_000) },
      ],
      iso(AT - 9_000),
    ],
    ['another DaemonSet’s is none', [{ createdAt: iso(AT - 9_000) }], null],
  ])('%s', (_what, sets, wanted) => expect(installedAt(...sets)).toBe(wanted));

  it('a node without Multus says nothing of it', () => {
    const engine = engineOf([
      upsert('node', node('n1')),
      upsert('daemonSet', daemonSet('d', { multus, createdAt: iso(AT) })),
    ]);
    expect(get(engine, 'nodes', 'node:n1').multus).toBeNull();
  });
});

describe('what aws-node counted (vpc-cni.md §4.3)', () => {
  const counted = (more: Parameters<typeof metrics>[1]) => {
    const engine = engineOf([
      upsert('node', node('n1')),
      upsert('pod', awsNode()),
      upsert('awsNodeMetrics', metrics('n1', more)),
      ...allLive(),
    ]);
    const { metrics: read } = get(engine, 'nodes', 'node:n1');
    return [read?.forceRemovedAddresses, read?.refusedCalls];
  };

  it.each([
    ['series that are not there are not zero', {}, [null, null]],
    ['addresses dropped under pods', { values: { awscni_force_removed_ips: 4 } }, [4, null]],
    ['calls that failed for something else', { apiErrors: { 'CreateNetworkInterface/Throttling': 3 } }, [null, 0]],
    [
      'calls refused for want of rights, of all APIs',
      { apiErrors: { 'CreateNetworkInterface/UnauthorizedOperation': 3, 'CreateTags/AccessDenied': 2 } },
      [null, 5],
    ],
  ])('%s', (_what, more, wanted) => expect(counted(more)).toEqual(wanted));
});
