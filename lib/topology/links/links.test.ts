import { describe, expect, it } from 'vitest';
import type { EniFact, NodeFact, PodFact } from '../../model/facts';
import type { Observation } from '../../model/observation';
import {
  awsNode,
  engineOf,
  eni,
  entry,
  get,
  nad,
  node,
  ownEni,
  pod,
  selection,
  subnet,
  upsert,
} from '../../../e2e/testing/facts';

const PRIMARY = ownEni('eni-0', {
  primaryIp: '10.0.0.4',
  secondaryIps: ['10.0.0.5', '10.0.0.6'],
  mac: '06:00:00:00:00:00',
});
const LAN = (more: Partial<EniFact> = {}): EniFact =>
  eni('eni-1', {
    deviceIndex: 1,
    subnet: 'subnet-2',
    primaryIp: '10.1.0.4',
    secondaryIps: ['10.1.0.5'],
    mac: '06:00:00:00:00:01',
    tags: { 'node.k8s.amazonaws.com/no_manage': 'true' },
    ...more,
  });
const SECOND_LAN = eni('eni-2', {
  deviceIndex: 2,
  subnet: 'subnet-2',
  primaryIp: '10.1.0.8',
  mac: '06:00:00:00:00:02',
});

const SUBNETS = [upsert('subnet', subnet()), upsert('subnet', subnet('subnet-2', { cidr: '10.1.0.0/24' }))];

const base = (more: Partial<NodeFact> = {}): readonly Observation[] => [
  upsert('node', node('n1', more)),
  upsert('pod', awsNode()),
  upsert('eni', PRIMARY),
  ...SUBNETS,
];

const IPVLAN = { cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1' };

const net1 = (
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

const MAC1 = { mac: '06:00:00:00:00:01' };

type Case = readonly [
  what: string,
  extra: readonly Observation[],
  config: unknown,
  reported: Parameters<typeof entry>[1],
  wanted: object,
];

const CASES: readonly Case[] = [
  [
    '1: the MAC of an ENI',
    [upsert('eni', LAN())],
    IPVLAN,
    { ...MAC1, ips: ['10.1.0.5'] },
    {
      eni: 'eni-1',
      card: 0,
      hostNic: 'nic:n1/eth1',
      link: { rule: 'mac', certainty: 'observed', candidates: [] },
      addresses: [{ backed: 'eni' }],
    },
  ],
  [
    '1: with an address that no ENI owns',
    [upsert('eni', LAN())],
    IPVLAN,
    { ...MAC1, ips: ['10.1.0.77'] },
    { eni: 'eni-1', link: { rule: 'mac' }, addresses: [{ backed: 'none', eni: null }] },
  ],
  [
    '1 against 2: the MAC decides, the contradiction shows',
    [upsert('eni', LAN()), upsert('eni', SECOND_LAN)],
    IPVLAN,
    { mac: '06:00:00:00:00:02', ips: ['10.1.0.5'] },
    { eni: 'eni-2', link: { rule: 'mac', certainty: 'observed', candidates: ['eni-2', 'eni-1'] } },
  ],
  [
    '2: an address of an ENI',
    [upsert('eni', LAN())],
    IPVLAN,
    { ips: ['10.1.0.5'] },
    { eni: 'eni-1', link: { rule: 'secondary-ip', certainty: 'observed' } },
  ],
  [
    '2: the primary address of an ENI',
    [upsert('eni', LAN())],
    { ...IPVLAN, type: 'host-device', device: 'eth1' },
    { ips: ['10.1.0.4'] },
    { eni: 'eni-1', link: { rule: 'vpc-ip', certainty: 'observed' } },
  ],
  [
    '2: in a prefix',
    [upsert('eni', LAN({ ipv4Prefixes: ['10.1.0.16/28'] }))],
    IPVLAN,
    { ips: ['10.1.0.20'] },
    { eni: 'eni-1', link: { rule: 'ipv4-prefix' } },
  ],
  [
    '4: not where another node holds the address: the subnet only suggests',
    [
      upsert('eni', LAN()),
      upsert('node', node('n2', { instanceId: 'i-2' })),
      upsert('eni', ownEni('eni-9', { instanceId: 'i-2', secondaryIps: ['10.1.0.77'] })),
    ],
    { ...IPVLAN, master: 'lan0' },
    { ips: ['10.1.0.77'] },
    { eni: null, card: null, link: { rule: 'none', candidates: ['eni-9'] }, addresses: [{ backed: 'other-node' }] },
  ],
  [
    '1: a MAC stands, even where another node holds the address',
    [
      upsert('eni', LAN()),
      upsert('node', node('n2', { instanceId: 'i-2' })),
      upsert('eni', ownEni('eni-9', { instanceId: 'i-2', secondaryIps: ['10.1.0.77'] })),
    ],
    IPVLAN,
    { ips: ['10.1.0.77'], mac: '06:00:00:00:00:01' },
    { eni: 'eni-1', link: { rule: 'mac', certainty: 'observed' }, addresses: [{ backed: 'other-node' }] },
  ],
  [
    '4: the only further ENI in the subnet',
    [upsert('eni', LAN())],
    { ...IPVLAN, master: 'lan0' },
    { ips: ['10.1.0.77'] },
    { eni: 'eni-1', link: { rule: 'subnet', certainty: 'inferred' } },
  ],
  [
    '4: two in one subnet: both are named',
    [upsert('eni', LAN()), upsert('eni', SECOND_LAN)],
    { ...IPVLAN, master: 'lan0' },
    { ips: ['10.1.0.77'] },
    { eni: null, card: null, link: { rule: 'none', certainty: 'unknown', candidates: ['eni-1', 'eni-2'] } },
  ],
  [
    '4: the primary is no candidate',
    [],
    { ...IPVLAN, master: 'lan0' },
    { ips: ['10.0.0.77'] },
    { eni: null, link: { rule: 'none' } },
  ],
  [
    '5: no master',
    [],
    { cniVersion: '0.3.1', type: 'macvlan' },
    { mac: '5a:00:00:00:00:09', ips: ['192.168.0.3'] },
    {
      eni: 'eni-0',
      link: { rule: 'default-route-nic', certainty: 'inferred' },
      addresses: [{ backed: 'not-applicable' }],
    },
  ],
  [
    '5: hwaddr',
    [upsert('eni', LAN())],
    { cniVersion: '0.3.1', type: 'host-device', hwaddr: '06:00:00:00:00:01' },
    {},
    { eni: 'eni-1', link: { rule: 'hwaddr', certainty: 'observed' } },
  ],
  [
    '6: eth1 on Amazon Linux 2',
    [upsert('eni', LAN())],
    IPVLAN,
    { ips: ['172.16.0.1'] },
    { eni: 'eni-1', link: { rule: 'name-heuristic', certainty: 'inferred' } },
  ],
  [
    '6: no such device',
    [],
    IPVLAN,
    { ips: ['172.16.0.1'] },
    { eni: null, link: { rule: 'none', certainty: 'unknown' } },
  ],
  [
    'macvlan makes its own MAC: one that is an ENI’s by chance proves nothing',
    [upsert('eni', LAN())],
    { cniVersion: '0.3.1', type: 'macvlan', master: 'lan0' },
    { ...MAC1, ips: ['172.16.0.1'] },
    { eni: null, link: { rule: 'none' } },
  ],
  [
    'a bridge is never resolved, though its range is the VPC’s',
    [upsert('eni', LAN())],
    { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0' },
    { ...MAC1, ips: ['10.1.0.5'] },
    {
      eni: null,
      card: null,
      link: { rule: 'none', certainty: 'unknown' },
      addresses: [{ backed: 'not-applicable' }],
    },
  ],
  [
    'a link inside the container is no host NIC',
    [upsert('eni', LAN())],
    { ...IPVLAN, linkInContainer: true },
    { ips: ['172.16.0.1'] },
    { eni: null, hostNic: null, link: { rule: 'none' } },
  ],
  [
    'an unknown plugin: certain evidence still counts',
    [upsert('eni', LAN())],
    { cniVersion: '0.3.1', type: 'acme' },
    { ips: ['10.1.0.5'] },
    { eni: 'eni-1', link: { rule: 'secondary-ip' } },
  ],
  [
    'a missing network: certain evidence still counts',
    [upsert('eni', LAN())],
    undefined,
    MAC1,
    { eni: 'eni-1', link: { rule: 'mac' } },
  ],
  [
    'aws-cni as a further network is found by its address',
    [],
    { cniVersion: '0.4.0', type: 'aws-cni' },
    { ips: ['10.0.0.6'] },
    { eni: 'eni-0', link: { rule: 'secondary-ip' } },
  ],
];

describe('an interface of a NAD', () => {
  it.each(CASES)('%s', (_what, extra, config, reported, wanted) => {
    expect(net1([...base(), ...extra], config, reported).face).toMatchObject(wanted);
  });
});
