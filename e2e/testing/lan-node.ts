/** A node with two ENIs and a pod with `net1` on the second, shared by the tests of links. */
import type { EniFact, NodeFact, PodFact } from '../../lib/model/facts';
import type { Observation } from '../../lib/model/observation';
import { awsNode, engineOf, eni, entry, get, nad, node, ownEni, pod, selection, subnet, upsert } from './facts';

export const PRIMARY = ownEni('eni-0', {
  primaryIp: '10.0.0.4',
  secondaryIps: ['10.0.0.5', '10.0.0.6'],
  mac: '06:00:00:00:00:00',
});
export const LAN = (more: Partial<EniFact> = {}): EniFact =>
  eni('eni-1', {
    deviceIndex: 1,
    subnet: 'subnet-2',
    primaryIp: '10.1.0.4',
    secondaryIps: ['10.1.0.5'],
    mac: '06:00:00:00:00:01',
    tags: { 'node.k8s.amazonaws.com/no_manage': 'true' },
    ...more,
  });
export const SECOND_LAN = eni('eni-2', {
  deviceIndex: 2,
  subnet: 'subnet-2',
  primaryIp: '10.1.0.8',
  mac: '06:00:00:00:00:02',
});

export const SUBNETS = [upsert('subnet', subnet()), upsert('subnet', subnet('subnet-2', { cidr: '10.1.0.0/24' }))];

export const base = (more: Partial<NodeFact> = {}): readonly Observation[] => [
  upsert('node', node('n1', more)),
  upsert('pod', awsNode()),
  upsert('eni', PRIMARY),
  ...SUBNETS,
];

export const IPVLAN = { cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1' };

export const net1 = (
  observations: readonly Observation[],
  config: unknown,
  reported: Parameters<typeof entry>[1],
  more: Partial<PodFact> = {},
) => {
  const engine = engineOf([
    ...observations,
    ...(config === undefined ? [] : [upsert('nad', nad('lan', config))]),
    upsert(
      'pod',
      pod('a', {
        ips: ['10.0.0.5'],
        requested: [selection('lan')],
        reported: [
          entry('aws-cni', { default: true }),
          entry('default/lan', { index: 1, interface: 'net1', ...reported }),
        ],
        ...more,
      }),
    ),
  ]);
  return {
    face: get(engine, 'interfaces', 'if:default/a/net1'),
    attachment: get(engine, 'attachments', 'att:n1/default/lan'),
  };
};

export const MAC1 = { mac: '06:00:00:00:00:01' };
