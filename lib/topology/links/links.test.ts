import { describe, expect, it } from 'vitest';
import type { Observation } from '../../model/observation';
import type { entry } from '../../../e2e/testing/facts';
import { node, ownEni, upsert } from '../../../e2e/testing/facts';
import { LAN, SECOND_LAN, IPVLAN, net1, MAC1, base } from '../../../e2e/testing/lan-node';

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
    '1 before 2: the MAC decides, and the contradiction is reported',
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
    '4: not if another node holds the address, since the subnet only suggests',
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
    '1: a MAC counts even if another node holds the address',
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
    '4: the only additional ENI in the subnet',
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
    '4: the primary ENI is no candidate',
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
    '6: a missing device',
    [],
    IPVLAN,
    { ips: ['172.16.0.1'] },
    { eni: null, link: { rule: 'none', certainty: 'unknown' } },
  ],
  [
    'macvlan generates its own MAC: equality with an ENI’s is a coincidence',
    [upsert('eni', LAN())],
    { cniVersion: '0.3.1', type: 'macvlan', master: 'lan0' },
    { ...MAC1, ips: ['172.16.0.1'] },
    { eni: null, link: { rule: 'none' } },
  ],
  [
    'a bridge is never resolved, even if its range is the VPC’s',
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
    'a link inside the container is not a host NIC',
    [upsert('eni', LAN())],
    { ...IPVLAN, linkInContainer: true },
    { ips: ['172.16.0.1'] },
    { eni: null, hostNic: null, link: { rule: 'none' } },
  ],
  [
    'an unknown plugin: direct evidence still counts',
    [upsert('eni', LAN())],
    { cniVersion: '0.3.1', type: 'acme' },
    { ips: ['10.1.0.5'] },
    { eni: 'eni-1', link: { rule: 'secondary-ip' } },
  ],
  [
    'a missing network: direct evidence still counts',
    [upsert('eni', LAN())],
    undefined,
    MAC1,
    { eni: 'eni-1', link: { rule: 'mac' } },
  ],
  [
    'aws-cni as an additional network is linked by its address',
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
