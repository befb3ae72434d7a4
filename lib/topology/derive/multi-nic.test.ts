/** Pods with an interface on every managed card, of which no Kubernetes API records but the first (vpc-cni.md §3). */
import { describe, expect, it } from 'vitest';
import type { AwsNodeMetricsFact, PodFact } from '../../model/facts';
import type { Observation } from '../../model/observation';
import { AT, awsNode, daemonSet, engineOf, get, iso, metrics, node, ownEni, pod, upsert } from '../testing/facts';

const trainer = (more: Partial<PodFact> = {}): PodFact =>
  pod('trainer', { ips: ['10.0.0.10'], nicConfig: 'multi-nic-attachment', startedAt: iso(AT - 60_000), ...more });

const CARDS = [
  upsert('node', node('n1', { instanceType: 'c6in.32xlarge', maxPods: 100 })),
  upsert('pod', awsNode({ ENABLE_MULTI_NIC: 'true' })),
  upsert('eni', ownEni('eni-0', { primaryIp: '10.0.0.1', secondaryIps: ['10.0.0.10', '10.0.0.11'] })),
  upsert(
    'eni',
    ownEni('eni-1', { networkCardIndex: 1, primaryIp: '10.0.0.2', secondaryIps: ['10.0.0.20', '10.0.0.21'] }),
  ),
];

const interfaces = (observations: readonly Observation[]): string[] =>
  [...engineOf([...CARDS, ...observations]).replica.records.interfaces.keys()].sort();

const ETH0 = 'if:default/trainer/eth0';
const SECOND = 'if:default/trainer/mNicIf1';

describe('the further interfaces', () => {
  it.each<[what: string, observations: Observation[], wanted: string[]]>([
    ['exist where aws-cni sees the annotation', [upsert('pod', trainer())], [ETH0, SECOND]],
    [
      'exist although Multus runs elsewhere in the cluster',
      [upsert('pod', trainer()), upsert('daemonSet', daemonSet('kube-multus', { multus: { version: 'v4.1.4' } }))],
      [ETH0, SECOND],
    ],
    [
      'do not where Multus runs: it drops the annotation',
      [
        upsert('pod', trainer()),
        upsert('pod', pod('kube-multus-1', { hostNetwork: true, multus: { version: 'v4.1.4' } })),
      ],
      [ETH0],
    ],
    [
      'do not where Multus wrote the status',
      [upsert('pod', trainer({ statusAnnotation: { state: 'valid', error: null } }))],
      [ETH0],
    ],
    ['do not for a pod with a branch ENI', [upsert('pod', trainer({ podEni: [] }))], [ETH0]],
    ['do not without the annotation', [upsert('pod', trainer({ nicConfig: null }))], [ETH0]],
  ])('%s', (_what, observations, wanted) => {
    expect(interfaces(observations)).toEqual(wanted);
  });
});

describe('the addresses of a card on which a pod holds one that nobody recorded', () => {
  const read = (more: Partial<AwsNodeMetricsFact>): AwsNodeMetricsFact =>
    metrics('n1', {
      assignedPerEni: { 'eni-0': 1, 'eni-1': 1 },
      assignedPerCidr: { '10.0.0.20/32': 1, '10.0.0.21/32': 0 },
      ...more,
    });
  it.each<[what: string, fact: AwsNodeMetricsFact | null, states: string[]]>([
    ['are unknown without ipamd', null, ['unknown', 'unknown']],
    ['are what ipamd counts', read({}), ['assigned', 'warm']],
    [
      'are unknown when ipamd was read before the pod began',
      read({ readAt: iso(AT - 90_000) }),
      ['unknown', 'unknown'],
    ],
    [
      'are unknown when ipamd counts another number',
      read({ assignedPerEni: { 'eni-0': 1, 'eni-1': 0 } }),
      ['unknown', 'unknown'],
    ],
  ])('%s', (_what, fact, states) => {
    const told = fact === null ? [] : [upsert('awsNodeMetrics', fact)];
    const engine = engineOf([...CARDS, upsert('pod', trainer()), ...told]);
    expect(
      get(engine, 'enis', 'eni-1')
        .addresses.filter(({ state }) => state !== 'primary')
        .map(({ state }) => state),
    ).toEqual(states);
    // Each such pod holds one address, wherever it is.
    expect(get(engine, 'nodes', 'node:n1').pools[1]).toMatchObject({ card: 1, total: 2, assigned: 1, available: 1 });
  });
});
