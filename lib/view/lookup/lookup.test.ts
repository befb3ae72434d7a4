import { describe, expect, it } from 'vitest';
import {
  eni,
  eth0,
  face,
  foreignEni,
  hostNic,
  ipPool,
  network,
  node,
  otherEni,
  pod,
  signal,
  subnet,
  world,
} from '../../../e2e/testing/findings';
import { workloadId } from '../../model/ids';
import { lookup } from './lookup';
import { MAX_HITS } from './answer';

const A = 'eni-0000000000000000a';
const F = 'eni-0000000000000000f';
const P = 'eni-0000000000000000c';

const replica = world([
  node(),
  node({ name: 'metal-1', instanceId: null, internalIps: ['192.168.7.1'] }),
  eni(A, {
    addresses: [
      { ip: '10.0.0.4', state: 'primary', interface: null },
      { ip: '10.0.0.21', state: 'assigned', interface: 'if:core/p1/eth0' },
      { ip: '10.0.0.22', state: 'warm', interface: null },
      { ip: '10.0.0.23', state: 'cooling', interface: null },
      { ip: '10.0.0.24', state: 'assigned', interface: null },
      { ip: '10.0.0.25', state: 'excluded', interface: null },
    ],
  }),
  foreignEni({
    addresses: [
      { ip: '10.6.0.4', state: 'primary', interface: null },
      { ip: '10.6.0.14', state: 'assigned', interface: 'if:core/p1/net1' },
      { ip: '10.6.0.15', state: 'unclaimed', interface: null },
    ],
  }),
  eni(P, {
    role: 'secondary',
    deviceIndex: 2,
    addresses: [{ ip: '10.0.1.17', state: 'assigned', interface: 'if:core/p2/eth0' }],
    prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 1 }],
    mac: '02:00:00:00:00:0c',
  }),
  eni('eni-0000000000000000d', {
    node: null,
    status: 'available',
    deviceIndex: null,
    card: null,
    role: 'secondary',
    mac: null,
  }),
  eni('eni-0000000000000000b', {
    role: 'branch',
    trunk: A,
    vlan: 3,
    card: null,
    deviceIndex: null,
    mac: '02:00:00:00:00:0b',
    addresses: [{ ip: '10.0.2.9', state: 'unknown', interface: null }],
  }),
  pod('p1'),
  pod('p2', { ips: ['10.0.1.17'] }),
  pod('h1', { hostNetwork: true, ips: ['10.0.0.4'] }),
  eth0({ mac: '02:00:00:00:00:99' }),
  eth0({ podName: 'p2', ips: ['10.0.1.17'], eni: P }),
  face('net1', {
    mac: '02:00:00:00:00:0f',
    link: { rule: 'secondary-ip', certainty: 'inferred', evidence: '', candidates: [] },
  }),
  network(),
  subnet('subnet-a', { cidr: '10.0.0.0/20', reservations: [{ cidr: '10.0.8.0/28', type: 'prefix' }] }),
  subnet('subnet-m', { cidr: '10.6.0.0/24', ipv6Cidr: 'fd00:6::/64' }),
  subnet('subnet-s', {
    cidr: '10.9.0.0/24',
    others: [
      otherEni('eni-00000000000000001', {
        interfaceType: 'nat_gateway',
        description: 'Interface for NAT Gateway nat-0aa',
        mac: '02:00:00:00:09:01',
        ips: ['10.9.0.9'],
      }),
      otherEni('eni-00000000000000002', { requester: 'amazon-redshift', ips: ['10.9.0.10', 'fd00:9::1'] }),
    ],
  }),
  ipPool({ allocations: [{ ip: '10.6.0.77', pod: 'pod:core/old', interface: 'net1', live: false, reserved: null }] }),
  hostNic('ens1f0', { mac: '0c:42:a1:00:00:01' }),
]);

const texts = (query: string): string[] => lookup(replica, query).hits.map((hit) => hit.text);

const NAT =
  'an ENI of a NAT gateway · eni-00000000000000001 (“Interface for NAT Gateway nat-0aa”) · in subnet-s (10.9.0.0/24, eu-west-1a)';

const PATHS: readonly (readonly [what: string, query: string, path: string])[] = [
  ['of a service’s ENI', '10.9.0.9', `10.9.0.9 · address of ${NAT}`],
  ['of a service’s ENI, by its id', 'eni-00000000000000001', NAT],
  ['of a service’s ENI, by its MAC', '02:00:00:00:09:01', `02:00:00:00:09:01 · ${NAT}`],
  ['of a service’s ENI, by what its description names', 'nat-0aa', NAT],
  [
    'of the ENI of a service known only by its requester',
    'fd00:9::1',
    'fd00:9::1 · address of an ENI of the service amazon-redshift · eni-00000000000000002 · in subnet-s (10.9.0.0/24, eu-west-1a)',
  ],
  ['of a pod', '10.0.0.21', `10.0.0.21 · eth0 · pod core/p1 · ${A} (primary) · device 0 · card 0 · node n1`],
  [
    'of an extra interface, its link inferred',
    '10.6.0.14',
    `10.6.0.14 · net1 · pod core/p1 · network core/ipvlan-a · ~${F} (inferred: secondary-ip) · not managed by the VPC CNI (no-manage-tag) · device 1 · card 0 · node n1`,
  ],
  ['of a node', '10.0.0.4', `10.0.0.4 · primary address of ${A} (primary) · device 0 · card 0 · node n1`],
  ['that is warm', '10.0.0.22', `10.0.0.22 · warm slot on ${A} (primary) · device 0 · card 0 · node n1`],
  ['that is cooling', '10.0.0.23', `10.0.0.23 · cooling slot on ${A} (primary) · device 0 · card 0 · node n1`],
  [
    'assigned to an unknown pod',
    '10.0.0.24',
    `10.0.0.24 · assigned to an unknown pod on ${A} (primary) · device 0 · card 0 · node n1`,
  ],
  ['that is excluded', '10.0.0.25', `10.0.0.25 · excluded address on ${A} (primary) · device 0 · card 0 · node n1`],
  [
    'that nothing assigns',
    '10.6.0.15',
    `10.6.0.15 · unclaimed address on ${F} · not managed by the VPC CNI (no-manage-tag) · device 1 · card 0 · node n1`,
  ],
  [
    'of a branch ENI',
    '10.0.2.9',
    `10.0.2.9 · address of unknown state on eni-0000000000000000b (branch) · branch of trunk ${A} · VLAN 3 · node n1`,
  ],
  [
    'of a pod in a prefix',
    '10.0.1.17',
    `10.0.1.17 · inside prefix 10.0.1.16/28 · eth0 · pod core/p2 · ${P} · device 2 · card 0 · node n1`,
  ],
  [
    'that is free in a prefix',
    '10.0.1.20',
    `10.0.1.20 · free inside prefix 10.0.1.16/28 of ${P} · device 2 · card 0 · node n1`,
  ],
  [
    'in a pool, of a deleted pod',
    '10.6.0.77',
    '10.6.0.77 · allocated in address pool kube-system/10.6.0.0-24 · to pod core/old, which no longer exists · net1',
  ],
  ['of a node without ENIs', '192.168.7.1', '192.168.7.1 · internal address of · node metal-1 · m5.large · eu-west-1a'],
  [
    'of AWS itself',
    '10.0.0.1',
    '10.0.0.1 · in subnet-a (10.0.0.0/20, eu-west-1a) · reserved by AWS for the VPC’s router',
  ],
  [
    'in a reservation',
    '10.0.8.3',
    '10.0.8.3 · in subnet-a (10.0.0.0/20, eu-west-1a) · inside the reservation 10.0.8.0/28 (prefix), no known holder',
  ],
  ['that is free in its subnet', '10.0.9.9', '10.0.9.9 · in subnet-a (10.0.0.0/20, eu-west-1a) · no known holder'],
  [
    'of a pod, written as a socket',
    '::FFFF:10.0.0.21',
    `10.0.0.21 · eth0 · pod core/p1 · ${A} (primary) · device 0 · card 0 · node n1`,
  ],
  [
    'of a pod, mapped and in hexadecimal',
    '::ffff:a00:15',
    `10.0.0.21 · eth0 · pod core/p1 · ${A} (primary) · device 0 · card 0 · node n1`,
  ],
  [
    'of version 6, in another spelling',
    'FD00:6:0::99',
    'fd00:6::99 · in subnet-m (fd00:6::/64, eu-west-1a) · no known holder',
  ],
];

it('an address outside every subnet may be in the VPC, unless the VPC’s blocks are known', () => {
  const note = (vpcCidrs: readonly string[] | null, ip: string): string | null =>
    lookup({ ...replica, cluster: { ...replica.cluster, vpcCidrs } }, ip).note;
  expect(note(null, '172.31.0.9')).toBe(
    'in no known subnet and in no network’s range; the VPC’s own blocks are not read',
  );
  const blocks = ['10.6.0.0/16', '100.64.0.0/16'];
  expect(note(blocks, '172.31.0.9')).toBe('not in this VPC (10.6.0.0/16, 100.64.0.0/16) and in no network’s range');
  expect(note(blocks, '100.64.9.1')).toBe(
    'in the block 100.64.0.0/16 of this VPC, in no known subnet; no known holder',
  );
});

it.each([
  ['169.254.169.253', 'DNS resolver of the VPC'],
  ['169.254.170.23', 'EKS Pod Identity Agent'],
  ['169.254.172.9', 'lets pods reach IPv4'],
  ['169.254.1.1', 'link-local'],
  ['fd00:ec2::254', 'service of EC2'],
])('%s is known to be %s', (ip, words) => {
  expect(lookup(replica, ip).note).toContain(words);
});

describe('an address', () => {
  it.each(PATHS)('%s', (_, query, text) => expect(texts(query)[0]).toBe(text));

  it.each([
    '10.0.0.22/32',
    '10.0.0.22:8080',
    '::ffff:10.0.0.22/128',
    '[::ffff:10.0.0.22]:443',
    '[::ffff:10.0.0.22]',
    '\t10.0.0.22\n',
  ])('written as %s is the address', (query) => {
    expect(lookup(replica, query)).toMatchObject({ asked: 'address', hits: [{ kind: 'warm', id: A }] });
  });

  it.each(['fd00:6::99/128', '[FD00:6::99]:443', 'fd00:6::99%eth0'])('in IPv6, written as %s', (query) => {
    expect(lookup(replica, query)).toMatchObject({ asked: 'address', hits: [{ kind: 'subnet', id: 'subnet-m' }] });
  });

  it.each([
    ['169.254.169.254', /metadata service/],
    ['169.254.3.4/32', /link-local/],
    ['fe80::1', /link-local/],
    ['fe80::1%eth0', /link-local/],
    ['127.0.0.1', /loopback/],
    ['::1', /loopback/],
    ['::', /unspecified/],
    ['239.1.2.3', /multicast/],
    ['ff02::1', /multicast/],
  ])('%s has no holder and is in no VPC', (query, said) => {
    const { hits, note } = lookup(replica, query);
    expect(hits).toEqual([]);
    expect(note).toMatch(/^not in this VPC: /);
    expect(note).toMatch(said);
  });

  it('in a network’s range and in a subnet is found in both', () => {
    expect(texts('10.6.0.200')).toEqual([
      '10.6.0.200 · in subnet-m (10.6.0.0/24, eu-west-1a) · no known holder',
      '10.6.0.200 · in the range 10.6.0.0/24 of network core/ipvlan-a · no known holder',
    ]);
  });

  it('claimed by an interface and by another ENI is reported with both', () => {
    const both = world([
      node(),
      eni(A, { addresses: [{ ip: '10.0.0.21', state: 'assigned', interface: null }] }),
      eni('eni-0000000000000000e', {
        node: 'node:n2',
        addresses: [{ ip: '10.0.0.21', state: 'warm', interface: null }],
      }),
      pod('p1'),
      eth0(),
    ]);
    expect(lookup(both, '10.0.0.21').hits.map((hit) => [hit.kind, hit.id])).toEqual([
      ['interface', 'if:core/p1/eth0'],
      ['warm', 'eni-0000000000000000e'],
    ]);
  });

  it('is never called free without naming the source that might know its holder', () => {
    const blind = world([subnet()], { 'ec2/network-interfaces': 'denied' });
    expect(lookup(blind, '10.0.9.9').unsure).toEqual(['ec2/network-interfaces is denied']);
    expect(lookup(world([]), '10.0.9.9').note).toContain('no subnet is known');
  });
});

describe('anything else', () => {
  it.each([
    ['a prefix', '10.0.1.16/28', 'prefix', P],
    ['a prefix written with host bits', '10.0.1.20/28', 'prefix', P],
    ['a range over a prefix', '10.0.1.0/24', 'prefix', P],
    ['a subnet’s range', '10.6.0.0/24', 'subnet', 'subnet-m'],
    ['an ENI’s MAC in capitals', '02-00-00-00-00-0C', 'eni', P],
    ['an ENI’s MAC in switch notation', '0200.0000.000C', 'eni', P],
    ['a MAC of several interfaces: its ENI first', '02:00:00:00:00:0f', 'eni', F],
    ['a host NIC’s MAC', '0c:42:a1:00:00:01', 'host-nic', 'nic:n1/ens1f0'],
    ['an ENI', A, 'eni', A],
    ['an unattached ENI', 'eni-0000000000000000d', 'eni', 'eni-0000000000000000d'],
    ['an instance', 'i-0a0000000000000a1', 'node', 'node:n1'],
    ['a node', 'n1', 'node', 'node:n1'],
    ['a pod', 'core/p1', 'pod', 'pod:core/p1'],
    ['a pod by its bare name', 'p1', 'pod', 'pod:core/p1'],
    ['a pod by its record id', 'pod:core/p1', 'pod', 'pod:core/p1'],
    ['a pod in kubectl notation', 'pod/p1', 'pod', 'pod:core/p1'],
    ['a node in kubectl notation', 'node/n1', 'node', 'node:n1'],
    ['an interface by its names', 'core/p1/net1', 'interface', 'if:core/p1/net1'],
    ['a pod by its uid', 'uid-p1', 'pod', 'pod:core/p1'],
    ['a network', 'core/ipvlan-a', 'network', 'net:core/ipvlan-a'],
    ['a subnet', 'subnet-a', 'subnet', 'subnet-a'],
    ['an interface', 'if:core/p1/net1', 'interface', 'if:core/p1/net1'],
    ['part of a name', 'metal', 'node', 'node:metal-1'],
  ])('%s', (_, query, kind, id) => expect(lookup(replica, ` ${query} `).hits[0]).toMatchObject({ kind, id }));

  it('a pod is listed with the path of each of its interfaces', () => {
    expect(lookup(replica, 'core/p1').hits.map((hit) => hit.id)).toEqual([
      'pod:core/p1',
      'if:core/p1/eth0',
      'if:core/p1/net1',
    ]);
  });

  it('a pod lists the SecurityGroupPolicies that select it, and those that may', () => {
    const policy = (name: string, dependsOn: string | null) =>
      ({ name, securityGroups: ['sg-1'], certainty: dependsOn === null ? 'inferred' : 'unknown', dependsOn }) as const;
    const securityGroupPolicies = [policy('web', null), policy('by-account', 'labels of service account ledger')];
    const guarded = world([pod('p1', { securityGroupPolicies })]);
    expect(lookup(guarded, 'core/p1').hits[0]?.text).toBe(
      'pod core/p1 · Running · node n1 · SecurityGroupPolicy web (sg-1) · SecurityGroupPolicy possibly by-account (sg-1): depends on the labels of service account ledger (not read)',
    );
  });

  it.each([
    ['eni-0fffffffffffffff0', /no ENI with that id/],
    ['i-0ffffffffffffffff', /no node of this cluster is that instance/],
    ['02:ff:ff:ff:ff:ff', /no known ENI, pod interface or host NIC/],
    ['nothing-like-this', /no pod, node, ENI, network or subnet/],
  ])('%s is not found, and the answer says so', (query, note) =>
    expect(lookup(replica, query)).toMatchObject({ hits: [], note: expect.stringMatching(note) as string }),
  );

  it('empty text has no hits and no note', () => {
    expect(lookup(replica, '  ')).toMatchObject({ hits: [], note: null });
  });

  it('truncates a long list of hits, and reports its total', () => {
    const many = world(Array.from({ length: 80 }, (_, index) => pod(`web-${index}`)));
    const answer = lookup(many, 'web-');
    expect([answer.hits.length, answer.total]).toEqual([MAX_HITS, 80]);
    expect(answer.hits.slice(0, 3).map((hit) => hit.id)).toEqual([
      'pod:core/web-0',
      'pod:core/web-1',
      'pod:core/web-2',
    ]);
  });

  it('hostile text is not interpreted', () => {
    for (const query of [
      '<script>alert(1)</script>',
      '%',
      '../../etc/passwd',
      '\u0000',
      'a'.repeat(10_000),
      '__proto__',
    ])
      expect(lookup(replica, query).hits).toEqual([]);
  });
});

describe('an address that EC2 does not list', () => {
  it('is found if only ipamd has it', () => {
    const believed = { known: true, addresses: 9, assigned: 1, unheld: [], unheldBy: [], taken: [], missing: [] };
    const answers = world([node(), eni(A, { ipamd: { ...believed, extra: ['10.0.0.40', '10.0.0.48/28'] } })]);
    for (const ip of ['10.0.0.40', '10.0.0.50'])
      expect(lookup(answers, ip).hits[0]).toMatchObject({
        kind: 'only-in-ipamd',
        text: expect.stringContaining('only in ipamd’s own list') as string,
      });
    expect(lookup(answers, '10.0.0.41').hits[0]?.kind).not.toBe('only-in-ipamd');
  });
});

it.each([
  ['10.0.1.16/28', ['10.0.1.16/28', '10.0.0.0/20 (contains 10.0.1.16/28)']],
  ['10.0.1.24/29', ['10.0.1.16/28 (contains 10.0.1.24/29)', '10.0.0.0/20 (contains 10.0.1.24/29)']],
  ['10.0.0.0/16', ['10.0.0.0/20', '10.0.1.16/28']],
])('the hits for the range %s', (asked, ranges) => {
  const { hits } = lookup(replica, asked);
  expect(hits.filter(({ id }) => !id.startsWith('pool:')).map(({ path: [first] }) => first?.text)).toEqual(ranges);
});

it('does not report a name that occurs only in Events as unknown', () => {
  const told = world([signal('pod:shop/late', 'FailedCreatePodSandBox', 'no address')]);
  for (const name of ['shop/late', 'late', 'pod/late'])
    expect(lookup(told, name)).toMatchObject({
      hits: [],
      note: 'known from Events alone: FailedCreatePodSandBox: no address',
    });
  expect(lookup(told, 'ate').note).toMatch(/^no pod, node/);
});

it('finds a workload by name if its pods cannot be created', () => {
  const told = world([
    signal(workloadId('shop', 'ReplicaSet', 'late-5d8f'), 'FailedCreate', 'exceeded quota'),
    pod('late-1', { namespace: 'shop', id: 'pod:shop/late-1' }),
  ]);
  for (const name of ['shop/late-5d8f', 'late-5d8f', 'late', 'shop/late', 'replicaset/late-5d8f'])
    expect(lookup(told, name).note).toMatch(/ReplicaSet shop\/late-5d8f: FailedCreate: exceeded quota$/);
  expect(lookup(told, 'late-5d8').note).not.toMatch(/quota/);
  // `late` is in the name of a pod; nothing else is called like the ReplicaSet.
  const event = 'ReplicaSet shop/late-5d8f: FailedCreate: exceeded quota';
  expect(lookup(told, 'late').note).toBe(`these names contain it; ${event}`);
  expect(lookup(told, 'late-5d8f')).toMatchObject({ hits: [], note: `known from Events alone: ${event}` });
});
