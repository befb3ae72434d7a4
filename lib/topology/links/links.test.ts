import { describe, expect, it } from 'vitest';
import type { EniFact, HostLink, NodeFact, PodFact } from '../../model/facts';
import type { Observation } from '../../model/observation';
import {
  AT,
  awsNode,
  batch,
  engineOf,
  eni,
  entry,
  get,
  ipamdAddress,
  ipamdEni,
  ipamdEnis,
  nad,
  node,
  ownEni,
  pod,
  selection,
  status,
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

describe('eth0', () => {
  const link = (observations: readonly Observation[], more: Partial<PodFact>) =>
    get(engineOf([...observations, upsert('pod', pod('a', more))]), 'interfaces', 'if:default/a/eth0');

  const CASES: readonly (readonly [
    what: string,
    extra: readonly Observation[],
    pod: Partial<PodFact>,
    wanted: object,
  ])[] = [
    [
      'a secondary address',
      [],
      { ips: ['10.0.0.5'] },
      {
        eni: 'eni-0',
        card: 0,
        link: { rule: 'secondary-ip', certainty: 'observed', candidates: [] },
        addresses: [{ ip: '10.0.0.5', family: 4, backed: 'eni', eni: 'eni-0' }],
      },
    ],
    [
      'a /28',
      [upsert('eni', ownEni('eni-p', { deviceIndex: 1, ipv4Prefixes: ['10.0.0.32/28'] }))],
      { ips: ['10.0.0.47'] },
      { eni: 'eni-p', link: { rule: 'ipv4-prefix' } },
    ],
    [
      'beside a /28',
      [upsert('eni', ownEni('eni-p', { deviceIndex: 1, ipv4Prefixes: ['10.0.0.32/28'] }))],
      { ips: ['10.0.0.48'] },
      { eni: null, link: { rule: 'none' } },
    ],
    [
      'a /80',
      [upsert('eni', ownEni('eni-6', { deviceIndex: 1, ipv6Prefixes: ['2001:db8:1:2:3::/80'] }))],
      { ips: ['2001:db8:1:2:3::9'] },
      { eni: 'eni-6', link: { rule: 'ipv6-prefix' } },
    ],
    [
      'an IPv6 address',
      [upsert('eni', ownEni('eni-6', { deviceIndex: 1, ipv6Addresses: ['2001:db8::9'] }))],
      { ips: ['2001:db8::9'] },
      { eni: 'eni-6', link: { rule: 'ipv6-address' } },
    ],
    [
      'a branch',
      [
        upsert('eni', eni('eni-t', { interfaceType: 'trunk', deviceIndex: 2 })),
        upsert(
          'eni',
          eni('eni-b', {
            instanceId: null,
            interfaceType: 'branch',
            primaryIp: '10.0.0.99',
            tags: { 'vpcresources.k8s.aws/trunk-eni-id': 'eni-t' },
          }),
        ),
      ],
      { ips: ['10.0.0.99'], podEni: [{ eniId: 'eni-b', mac: null, privateIp: '10.0.0.99', ipv6: null, vlanId: 7 }] },
      {
        eni: 'eni-b',
        card: null,
        link: { rule: 'pod-eni', certainty: 'observed' },
        addresses: [{ backed: 'eni', eni: 'eni-b' }],
      },
    ],
    [
      'a branch that EC2 does not list',
      [],
      { ips: ['10.0.0.99'], podEni: [{ eniId: 'eni-b', mac: null, privateIp: '10.0.0.99', ipv6: null, vlanId: 7 }] },
      { eni: 'eni-b', link: { rule: 'pod-eni' }, addresses: [{ backed: 'none', eni: null }] },
    ],
    [
      "on another node's ENI",
      [
        upsert('node', node('n2', { instanceId: 'i-2' })),
        upsert('eni', ownEni('eni-9', { instanceId: 'i-2', secondaryIps: ['10.0.0.77'] })),
      ],
      { ips: ['10.0.0.77'] },
      {
        eni: null,
        card: null,
        link: { rule: 'none', certainty: 'unknown', candidates: ['eni-9'] },
        addresses: [{ backed: 'other-node', eni: null }],
      },
    ],
    [
      'claimed by two: the one on the node wins',
      [
        upsert('node', node('n2', { instanceId: 'i-2' })),
        upsert('eni', ownEni('eni-9', { instanceId: 'i-2', secondaryIps: ['10.0.0.5'] })),
      ],
      { ips: ['10.0.0.5'] },
      { eni: 'eni-0', link: { rule: 'secondary-ip', certainty: 'inferred', candidates: ['eni-0', 'eni-9'] } },
    ],
    [
      'the same address in another VPC is another address',
      [upsert('eni', ownEni('eni-9', { instanceId: 'i-9', vpc: 'vpc-2', secondaryIps: ['10.0.0.5'] }))],
      { ips: ['10.0.0.5'] },
      { eni: 'eni-0', link: { certainty: 'observed' } },
    ],
    [
      'on no ENI',
      [],
      { ips: ['10.0.0.200'] },
      { eni: null, link: { rule: 'none', certainty: 'unknown' }, addresses: [{ backed: 'none' }] },
    ],
    [
      "aws-cni's egress address is on no ENI by design",
      [],
      { ips: ['169.254.172.3'] },
      { addresses: [{ backed: 'not-applicable' }] },
    ],
    ['no address yet', [], { phase: 'Pending' }, { eni: null, ips: [], state: 'requested' }],
  ];

  it.each(CASES)('%s', (_what, extra, more, wanted) => {
    expect(link([...base(), ...extra], more)).toMatchObject(wanted);
  });

  it('on Windows follows the annotation to the primary ENI', () => {
    const windows = [upsert('node', node('n1', { os: 'windows' })), upsert('eni', PRIMARY)];
    const more = { ips: ['10.0.0.6'], windowsIp: '10.0.0.6' };
    expect(link(windows, more)).toMatchObject({
      eni: 'eni-0',
      link: { rule: 'windows-annotation', certainty: 'observed' },
    });
    const unlisted = { ips: ['10.0.0.60'], windowsIp: '10.0.0.60' };
    expect(link(windows, unlisted)).toMatchObject({
      eni: 'eni-0',
      link: { certainty: 'inferred' },
      addresses: [{ backed: 'none' }],
    });
  });

  it('on Fargate is found by its address, and the ENI is the node’s', () => {
    const engine = engineOf([
      upsert('node', node('f1', { computeType: 'fargate', instanceId: null, providerId: null })),
      upsert('eni', eni('eni-f', { instanceId: 'i-of-aws', primaryIp: '10.0.0.50', interfaceType: 'interface' })),
      upsert('pod', pod('a', { node: 'f1', ips: ['10.0.0.50'] })),
    ]);
    expect(get(engine, 'interfaces', 'if:default/a/eth0')).toMatchObject({
      eni: 'eni-f',
      link: { rule: 'vpc-ip', certainty: 'observed' },
    });
    expect(get(engine, 'enis', 'eni-f')).toMatchObject({
      node: 'node:f1',
      management: { state: 'outside', rule: 'no-ipamd' },
      addresses: [{ state: 'assigned', interface: 'if:default/a/eth0' }],
    });
  });

  it('on Auto Mode goes by EC2 alone', () => {
    const auto = [
      upsert('node', node('n1', { computeType: 'auto' })),
      upsert('eni', eni('eni-a', { ipv4Prefixes: ['10.0.0.16/28'] })),
    ];
    expect(link(auto, { ips: ['10.0.0.17'] })).toMatchObject({ eni: 'eni-a', link: { rule: 'ipv4-prefix' } });
    expect(link(auto, { ips: ['10.0.0.99'] }).addresses[0]?.backed).toBe('none');
  });

  it.each(['hybrid', 'other'] as const)('on %s nodes has nothing to do with ENIs', (computeType) => {
    const elsewhere = upsert('eni', eni('eni-9', { instanceId: 'i-9', secondaryIps: ['10.0.0.5'] }));
    const found = link([upsert('node', node('n1', { computeType, instanceId: null })), elsewhere], {
      ips: ['10.0.0.5'],
    });
    expect(found).toMatchObject({ eni: null, addresses: [{ backed: 'not-applicable' }] });
  });

  it('of another CNI on EC2 is on an ENI only where EC2 says so', () => {
    const calico = [upsert('node', node()), upsert('eni', PRIMARY)];
    expect(link(calico, { ips: ['192.168.3.4'] }).addresses[0]?.backed).toBe('not-applicable');
    expect(link(calico, { ips: ['10.0.0.5'] })).toMatchObject({ eni: 'eni-0', addresses: [{ backed: 'eni' }] });
  });

  it('is not judged while EC2 does not answer, or was asked before the pod was seen', () => {
    for (const state of ['denied', 'absent', 'stale', 'failing', 'starting'] as const) {
      const engine = engineOf([
        ...base(),
        upsert('pod', pod('a', { ips: ['10.0.0.200'] })),
        status('ec2/network-interfaces', state),
      ]);
      expect(get(engine, 'interfaces', 'if:default/a/eth0').addresses[0]?.backed).toBe('unknown');
    }
    const engine = engineOf(base());
    engine.apply(batch([upsert('pod', pod('a', { ips: ['10.0.0.200'] }))], AT + 5000));
    const backed = () => get(engine, 'interfaces', 'if:default/a/eth0').addresses[0]?.backed;
    expect(backed()).toBe('unknown');
    engine.apply(batch([status('ec2/network-interfaces', 'live', AT + 4999)], AT + 6000));
    expect(backed()).toBe('unknown');
    engine.apply(batch([status('ec2/network-interfaces', 'live', AT + 5000)], AT + 6000));
    expect(backed()).toBe('none');
  });

  describe('the route table that the VPC CNI reports in place of a MAC (multus §1.6)', () => {
    const second = upsert('eni', ownEni('eni-s', { deviceIndex: 1, secondaryIps: ['10.0.0.20'] }));
    const reporting = (ip: string, rawMac: string) =>
      upsert(
        'pod',
        pod('a', { ips: [ip], reported: [entry('aws-cni', { interface: 'eth0', ips: [ip], rawMac, default: true })] }),
      );
    const eth0 = (...observations: readonly Observation[]) =>
      get(engineOf([...base(), second, ...observations]), 'interfaces', 'if:default/a/eth0');

    it('names the ENI, inferred, while EC2 has not said whose address it is', () => {
      expect(eth0(reporting('10.0.0.200', '2'), status('ec2/network-interfaces', 'stale'))).toMatchObject({
        eni: 'eni-s',
        mac: null,
        link: { rule: 'ipamd', certainty: 'inferred', candidates: ['eni-s'] },
        addresses: [{ backed: 'unknown' }],
      });
      expect(eth0(reporting('10.0.0.200', '254'), status('ec2/network-interfaces', 'stale')).eni).toBe('eni-0');
      expect(eth0(reporting('10.0.0.200', '9'), status('ec2/network-interfaces', 'stale')).eni).toBeNull();
    });

    it('says nothing against EC2: an address on no ENI stays on none', () => {
      expect(eth0(reporting('10.0.0.200', '2'))).toMatchObject({ eni: null, link: { rule: 'none' } });
    });

    it('is weaker than the address, and named where it disagrees', () => {
      expect(eth0(reporting('10.0.0.20', '2')).link).toMatchObject({ rule: 'secondary-ip', candidates: [] });
      const { eni: id, link: said } = eth0(reporting('10.0.0.20', '254'));
      expect([id, said.rule, said.certainty, said.candidates]).toEqual(['eni-s', 'secondary-ip', 'observed', []]);
      expect(said.evidence).toContain('Against it: the VPC CNI reports route table 254');
    });
  });

  it("is taken from ipamd's own list where EC2 does not answer", () => {
    const held = ipamdAddress('10.0.0.5', { assigned: true, podNamespace: 'default', podName: 'a' });
    const own = ipamdEni('eni-0', [held]);
    const blind = [upsert('node', node()), upsert('pod', awsNode()), status('ec2/network-interfaces', 'denied', null)];
    expect(link([...blind, upsert('ipamdEnis', ipamdEnis('n1', [own]))], { ips: ['10.0.0.5'] })).toMatchObject({
      eni: 'eni-0',
      link: { rule: 'ipamd', certainty: 'observed' },
      addresses: [{ backed: 'unknown' }],
    });
  });
});

describe('an interface of a NAD', () => {
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

  it.each(CASES)('%s', (_what, extra, config, reported, wanted) => {
    expect(net1([...base(), ...extra], config, reported).face).toMatchObject(wanted);
  });

  const LINK: HostLink = {
    name: 'ens7',
    altNames: ['lan0'],
    mac: '06:00:00:00:00:01',
    pciAddress: '0000:00:07.0',
    up: true,
    totalVfs: 4,
    vfs: [{ pciAddress: '0000:00:08.1', name: null, mac: null }],
    eni: null,
    kind: 'ether',
  };
  const inventory = (more: Partial<HostLink> = {}) =>
    upsert('sriovNodeState', {
      namespace: 'sriov',
      name: 'n1',
      uid: 's',
      createdAt: null,
      deleting: false,
      source: 'SriovNetworkNodeState',
      node: 'n1',
      asOf: null,
      links: [{ ...LINK, ...more }],
    });

  it.each([
    ['by its name', { ...IPVLAN, master: 'ens7' }, {}, 'host-inventory'],
    ['by another of its names', { ...IPVLAN, master: 'lan0' }, {}, 'host-inventory'],
    ['by PCI address', { cniVersion: '0.3.1', type: 'host-device', pciBusID: '0000:00:07.0' }, {}, 'host-inventory'],
    [
      'by the virtual function that the pod got',
      { cniVersion: '0.3.1', type: 'sriov' },
      { device: { type: 'pci', pciAddress: '0000:00:08.1', pfPciAddress: null } },
      'device-info',
    ],
  ])('3: an inventory knows the link %s', (_what, config, reported, rule) => {
    const { face } = net1(
      [...base({ osImage: 'Amazon Linux 2023.8' }), upsert('eni', LAN()), inventory()],
      config,
      reported,
    );
    expect(face).toMatchObject({ eni: 'eni-1', hostNic: 'nic:n1/ens7', link: { rule, certainty: 'observed' } });
    expect(face.link.evidence).not.toContain('ens7 as ens7');
  });

  it('3: on bare metal the host link itself is the end', () => {
    const metal = [upsert('node', node('n1', { computeType: 'other', instanceId: null }))];
    const vf = { device: { type: 'pci', pciAddress: '0000:00:08.1', pfPciAddress: null } };
    const { face, attachment } = net1(
      [...metal, inventory()],
      { cniVersion: '0.3.1', type: 'sriov' },
      { ...vf, ips: ['10.9.0.1'] },
    );
    expect(face).toMatchObject({
      eni: null,
      hostNic: 'nic:n1/ens7',
      link: { rule: 'device-info', certainty: 'observed' },
      addresses: [{ backed: 'not-applicable' }],
    });
    expect(attachment).toMatchObject({ eni: null, hostNic: 'nic:n1/ens7' });
    const named = net1(metal, { ...IPVLAN, master: 'eno2' }, {});
    expect(named.face).toMatchObject({
      hostNic: 'nic:n1/eno2',
      link: { rule: 'name-heuristic', certainty: 'inferred' },
    });
  });

  it('6: slot names are candidates only, and eth names say nothing where links are named after slots', () => {
    const al2023 = [...base({ osImage: 'Amazon Linux 2023.8' }), upsert('eni', LAN())];
    expect(net1(al2023, { ...IPVLAN, master: 'ens6' }, {}).face).toMatchObject({
      eni: null,
      link: { rule: 'none', certainty: 'unknown', candidates: ['eni-1'] },
    });
    expect(net1(al2023, IPVLAN, {}).face).toMatchObject({ eni: null, link: { candidates: [] } });
  });

  it.each([
    ['Amazon Linux 2', 'eth1', 'eni-n', 'name-heuristic inferred', []],
    // A slot's name is a candidate only.
    ['Amazon Linux 2023.5', 'ens6', null, 'none unknown', ['eni-n']],
    ['Amazon Linux 2', 'eth5', null, 'none unknown', []],
  ] as const)(
    '4.6: a NodeENI names the ENI while EC2 does not answer: %s, %s',
    (osImage, master, id, rule, candidates) => {
      const engine = engineOf([
        upsert('node', node('n1', { osImage })),
        upsert('pod', awsNode()),
        upsert('nad', nad('lan', { ...IPVLAN, master })),
        upsert('nodeEni', {
          namespace: '',
          name: 'multus',
          uid: 'u',
          createdAt: null,
          deleting: false,
          attachments: [{ node: 'n1', instanceId: null, eni: 'eni-n', deviceIndex: 1, subnet: 'subnet-2' }],
        }),
        upsert(
          'pod',
          pod('a', {
            requested: [selection('lan')],
            reported: [entry('default/lan', { interface: 'net1', ips: ['10.1.0.5'] })],
          }),
        ),
        status('ec2/network-interfaces', 'denied', null),
      ]);
      const face = get(engine, 'interfaces', 'if:default/a/net1');
      // Nothing but its id is known: neither card nor record.
      expect(face).toMatchObject({ eni: id, card: null, link: { candidates } });
      expect(`${face.link.rule} ${face.link.certainty}`).toBe(rule);
      expect(get(engine, 'attachments', 'att:n1/default/lan').eni).toBe(id);
      expect(engine.replica.records.enis.size).toBe(0);
      expect(get(engine, 'nodes', 'node:n1').eniSlots.used).toBeNull();
    },
  );

  it('9: the same network hangs on different ENIs on different nodes', () => {
    const engine = engineOf([
      ...base(),
      upsert('eni', LAN()),
      upsert('node', node('n2', { instanceId: 'i-2', osImage: 'Bottlerocket OS 1.44.0' })),
      upsert('pod', awsNode({}, 'n2')),
      upsert('eni', eni('eni-8', { instanceId: 'i-2', deviceIndex: 1 })),
      upsert('nad', nad('lan', IPVLAN)),
      upsert('pod', pod('a', { ips: ['10.0.0.5'], requested: [selection('lan')] })),
      upsert('pod', pod('b', { node: 'n2', requested: [selection('lan')] })),
    ]);
    expect(get(engine, 'attachments', 'att:n1/default/lan')).toMatchObject({ eni: 'eni-1', rule: 'name-heuristic' });
    expect(get(engine, 'attachments', 'att:n2/default/lan')).toMatchObject({ eni: 'eni-8', certainty: 'inferred' });
  });

  it('follows the master that the pod itself names (multus §1.3)', () => {
    const { face } = net1(
      [...base(), upsert('eni', LAN()), upsert('eni', SECOND_LAN)],
      IPVLAN,
      {},
      {
        requested: [selection('lan', { masters: ['eth2'] })],
      },
    );
    expect(face).toMatchObject({ eni: 'eni-2', link: { rule: 'name-heuristic' } });
  });

  it('where interfaces of a node disagree the attachment names both', () => {
    const engine = engineOf([
      ...base(),
      upsert('eni', LAN()),
      upsert('eni', SECOND_LAN),
      upsert('nad', nad('lan', { cniVersion: '0.3.1', type: 'sriov' }, { resourceName: 'acme.io/vf' })),
      ...['06:00:00:00:00:01', '06:00:00:00:00:02'].map((mac, i) =>
        upsert(
          'pod',
          pod(`p${i}`, { requested: [selection('lan')], reported: [entry('default/lan', { interface: 'net1', mac })] }),
        ),
      ),
    ]);
    expect(get(engine, 'attachments', 'att:n1/default/lan')).toMatchObject({
      eni: null,
      rule: 'none',
      candidates: ['eni-1', 'eni-2'],
    });
  });
});
