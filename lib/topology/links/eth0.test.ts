import { describe, expect, it } from 'vitest';
import type { NodeFact, PodFact } from '../../model/facts';
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
  node,
  ownEni,
  pod,
  status,
  subnet,
  upsert,
} from '../../../e2e/testing/facts';

const PRIMARY = ownEni('eni-0', {
  primaryIp: '10.0.0.4',
  secondaryIps: ['10.0.0.5', '10.0.0.6'],
  mac: '06:00:00:00:00:00',
});

const SUBNETS = [upsert('subnet', subnet()), upsert('subnet', subnet('subnet-2', { cidr: '10.1.0.0/24' }))];

const base = (more: Partial<NodeFact> = {}): readonly Observation[] => [
  upsert('node', node('n1', more)),
  upsert('pod', awsNode()),
  upsert('eni', PRIMARY),
  ...SUBNETS,
];

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
    'a branch ENI that EC2 does not list',
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
    'claimed by two: the one on the node takes precedence',
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

describe('eth0', () => {
  it.each(CASES)('%s', (_what, extra, more, wanted) => {
    expect(link([...base(), ...extra], more)).toMatchObject(wanted);
  });

  it('on Windows is linked to the primary ENI by its annotation', () => {
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

  it('on Fargate is linked by its address, and the ENI is the node’s', () => {
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

  it('on Auto Mode depends on EC2 only', () => {
    const auto = [
      upsert('node', node('n1', { computeType: 'auto' })),
      upsert('eni', eni('eni-a', { ipv4Prefixes: ['10.0.0.16/28'] })),
    ];
    expect(link(auto, { ips: ['10.0.0.17'] })).toMatchObject({ eni: 'eni-a', link: { rule: 'ipv4-prefix' } });
    expect(link(auto, { ips: ['10.0.0.99'] }).addresses[0]?.backed).toBe('none');
  });

  it.each(['hybrid', 'other'] as const)('on %s nodes is not linked to an ENI', (computeType) => {
    const elsewhere = upsert('eni', eni('eni-9', { instanceId: 'i-9', secondaryIps: ['10.0.0.5'] }));
    const found = link([upsert('node', node('n1', { computeType, instanceId: null })), elsewhere], {
      ips: ['10.0.0.5'],
    });
    expect(found).toMatchObject({ eni: null, addresses: [{ backed: 'not-applicable' }] });
  });

  it('of another CNI on EC2 is on an ENI only if EC2 lists it there', () => {
    const calico = [upsert('node', node()), upsert('eni', PRIMARY)];
    expect(link(calico, { ips: ['192.168.3.4'] }).addresses[0]?.backed).toBe('not-applicable');
    expect(link(calico, { ips: ['10.0.0.5'] })).toMatchObject({ eni: 'eni-0', addresses: [{ backed: 'eni' }] });
  });
});

it('of Cilium’s ENI mode must be on an ENI', () => {
  const made = eni('eni-c', { deviceIndex: 1, secondaryIps: ['10.0.0.7'], description: 'Cilium-CNI (i-1)' });
  const cilium = [upsert('node', node()), upsert('eni', PRIMARY), upsert('eni', made)];
  expect(link(cilium, { ips: ['10.0.0.7'] })).toMatchObject({ eni: 'eni-c', addresses: [{ backed: 'eni' }] });
  expect(link(cilium, { ips: ['10.0.9.39'] }).addresses[0]?.backed).toBe('none');
});

describe('eth0', () => {
  it('is not judged while EC2 does not answer, or was read before the pod was seen', () => {
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

    it('identifies the ENI, as inferred, until EC2 has reported the address', () => {
      expect(eth0(reporting('10.0.0.200', '2'), status('ec2/network-interfaces', 'stale'))).toMatchObject({
        eni: 'eni-s',
        mac: null,
        link: { rule: 'ipamd', certainty: 'inferred', candidates: ['eni-s'] },
        addresses: [{ backed: 'unknown' }],
      });
      expect(eth0(reporting('10.0.0.200', '254'), status('ec2/network-interfaces', 'stale')).eni).toBe('eni-0');
      expect(eth0(reporting('10.0.0.200', '9'), status('ec2/network-interfaces', 'stale')).eni).toBeNull();
    });

    it('does not contradict EC2: an address on no ENI stays on none', () => {
      expect(eth0(reporting('10.0.0.200', '2'))).toMatchObject({ eni: null, link: { rule: 'none' } });
    });

    it('is weaker evidence than the address, and reported where they disagree', () => {
      expect(eth0(reporting('10.0.0.20', '2')).link).toMatchObject({ rule: 'secondary-ip', candidates: [] });
      const { eni: id, link: said } = eth0(reporting('10.0.0.20', '254'));
      expect([id, said.rule, said.certainty, said.candidates]).toEqual(['eni-s', 'secondary-ip', 'observed', []]);
      expect(said.evidence).toContain('Against it: the VPC CNI reports route table 254');
    });
  });

  it("is linked by ipamd's own list if EC2 does not answer", () => {
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
