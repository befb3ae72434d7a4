/** Headroom where no ipamd runs: Windows (vpc-cni §5.5), Fargate and Auto Mode (§5.2, §5.4), and other IPAMs. */
import { describe, expect, it } from 'vitest';
import type { EniFact, NodeFact } from '../../model/facts';
import { daemonSet, engineOf, get, node, ownEni, pod, subnet, upsert } from '../../../e2e/testing/facts';

interface Setup {
  readonly node?: Partial<NodeFact>;
  readonly eni?: Partial<EniFact>;
  readonly held?: number;
  readonly free?: number;
}

const ips = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `10.0.0.${index + 10}`);

function headroom({ node: more = {}, eni = {}, held = 0, free = 200 }: Setup) {
  const engine = engineOf([
    upsert('node', node('n1', { maxPods: 110, ...more })),
    upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.4', ...eni })),
    upsert('subnet', subnet('subnet-1', { cidr: '10.0.0.0/20', availableAddresses: free })),
    ...ips(held).map((ip, index) => upsert('pod', pod(`p${index}`, { ips: [ip], windowsIp: ip }))),
  ]);
  return get(engine, 'nodes', 'node:n1').headroom;
}

const WINDOWS = { os: 'windows' };
const OFFERS = { capacity: { 'vpc.amazonaws.com/PrivateIPv4Address': 9 } };

describe('a DaemonSet of aws-node that selects some nodes, as where Cilium runs on the others', () => {
  it.each([
    [true, [], { pods: null, limitedBy: 'unknown' }],
    [false, [0], { pods: 27, limitedBy: 'slots' }],
  ])('selective: %s', (selective, cards, wanted) => {
    const engine = engineOf([
      upsert('node', node('n1', { maxPods: 110 })),
      upsert('daemonSet', daemonSet('aws-node', { selective, awsNode: { version: 'v1.23.1', env: {} } })),
      upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.4', secondaryIps: ips(9) })),
      upsert('pod', pod('kube-proxy', { hostNetwork: true, ips: ['10.0.0.4'] })),
    ]);
    const record = get(engine, 'nodes', 'node:n1');
    expect(record.pools.map(({ card }) => card)).toEqual(cards);
    expect(record.headroom).toEqual(wanted);
  });
});

describe('headroom without ipamd', () => {
  it.each<[string, Setup, object]>([
    // An m5.large has ten addresses per ENI: nine for pods, and no second ENI.
    ['Windows: one ENI', { node: WINDOWS, eni: { secondaryIps: ips(5) }, held: 3 }, { pods: 6, limitedBy: 'slots' }],
    ['Windows: the node’s capacity', { node: { ...WINDOWS, ...OFFERS }, held: 2 }, { pods: 7, limitedBy: 'slots' }],
    [
      'Windows with prefixes: sixteen addresses per slot',
      { node: { ...WINDOWS, maxPods: 250 }, eni: { ipv4Prefixes: ['10.0.0.16/28'] }, held: 1 },
      { pods: 143, limitedBy: 'slots' },
    ],
    ['Windows: max pods', { node: { ...WINDOWS, maxPods: 4 }, held: 3 }, { pods: 1, limitedBy: 'max-pods' }],
    [
      'Windows: the subnet has nothing left beyond the available addresses',
      { node: WINDOWS, eni: { secondaryIps: ips(5) }, held: 3, free: 1 },
      { pods: 3, limitedBy: 'subnet' },
    ],
    ['Windows: full', { node: WINDOWS, eni: { secondaryIps: ips(9) }, held: 9 }, { pods: 0, limitedBy: 'slots' }],
    [
      'Windows of an unknown type',
      { node: { ...WINDOWS, instanceType: 'nobody.knows' } },
      { pods: null, limitedBy: 'unknown' },
    ],
    ['another IPAM, such as Cilium’s ENI mode', {}, { pods: null, limitedBy: 'unknown' }],
    [
      'another IPAM, and the kubelet’s limit is reached',
      { node: { maxPods: 2 }, held: 2 },
      { pods: 0, limitedBy: 'max-pods' },
    ],
    ['Auto Mode', { node: { computeType: 'auto', maxPods: 27 }, held: 2 }, { pods: 25, limitedBy: 'max-pods' }],
    ['a hybrid node', { node: { computeType: 'hybrid' } }, { pods: null, limitedBy: 'unknown' }],
  ])('%s', (_, setup, wanted) => {
    expect(headroom(setup)).toEqual(wanted);
  });
});
