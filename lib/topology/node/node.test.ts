import { describe, expect, it } from 'vitest';
import type { EniFact, NodeFact } from '../../model/facts';
import type { Observation } from '../../model/observation';
import {
  awsNode,
  batch,
  cniNode,
  engineOf,
  eni,
  get,
  INSTANCE,
  ipamdAddress,
  ipamdEni,
  ipamdEnis,
  metrics,
  node,
  ownEni,
  pod,
  remove,
  status,
  subnet,
  upsert,
} from '../../../e2e/testing/facts';

const ips = (from: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `10.0.0.${from + i}`);
const pods = (from: number, count: number): readonly Observation[] =>
  ips(from, count).map((ip) => upsert('pod', pod(`p-${ip}`, { ips: [ip] })));

const object = (name: string) => ({ namespace: '', name, uid: name, createdAt: null, deleting: false });

interface Setup {
  readonly env?: Readonly<Record<string, string>>;
  readonly node?: Partial<NodeFact>;
  readonly enis?: readonly EniFact[];
  readonly pods?: number;
  readonly more?: readonly Observation[];
}

const run = ({ env = {}, node: more = {}, enis = [], pods: count = 0, more: others = [] }: Setup) =>
  get(
    engineOf([
      upsert('node', node('n1', more)),
      upsert('pod', awsNode(env)),
      upsert('subnet', subnet()),
      ...enis.map((one) => upsert('eni', one)),
      ...pods(10, count),
      ...others,
    ]),
    'nodes',
    'node:n1',
  );

const PRIMARY = ownEni('eni-0', { primaryIp: '10.0.0.4', secondaryIps: ips(10, 9) });
const UNMANAGED = eni('eni-u', { deviceIndex: 2, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });

describe('pools', () => {
  it('count what ipamd counts: addresses on a trunk, but no primary, unmanaged, excluded, finished, hostNetwork or branch ones', () => {
    const record = run({
      enis: [PRIMARY, UNMANAGED, eni('eni-t', { interfaceType: 'trunk', deviceIndex: 3, secondaryIps: ['10.0.0.90'] })],
      pods: 3,
      more: [
        upsert('pod', pod('done', { ips: ['10.0.0.14'], phase: 'Succeeded' })),
        upsert('pod', pod('host', { ips: ['10.0.0.4'], hostNetwork: true })),
        upsert(
          'pod',
          pod('sg', {
            ips: ['10.0.0.99'],
            podEni: [{ eniId: 'eni-b', mac: null, privateIp: '10.0.0.99', ipv6: null, vlanId: 1 }],
          }),
        ),
      ],
    });
    expect(record.pools).toHaveLength(1);
    expect(record.pools[0]).toMatchObject({ total: 10, assigned: 3, available: 7, target: 9, low: true });
    expect(record).toMatchObject({ podCount: 6, hostNetworkPods: 2 });
  });

  it('do not exist in IPv6 mode and without ipamd', () => {
    expect(run({ env: { ENABLE_IPv6: 'true' }, enis: [PRIMARY] }).pools).toEqual([]);
    expect(run({ node: { computeType: 'auto' }, enis: [PRIMARY], more: [remove('pod', awsNode())] }).pools).toEqual([]);
  });

  it('are observed if aws-node’s own figures confirm them', () => {
    const told = (count: number) => upsert('awsNodeMetrics', metrics('n1', { assignedPerEni: { 'eni-0': count } }));
    expect(run({ enis: [PRIMARY], pods: 3, more: [told(3)] }).pools[0]?.certainty).toBe('observed');
    // One more than pods hold: ipamd counts it as assigned, whoever has it.
    expect(run({ enis: [PRIMARY], pods: 3, more: [told(4)] }).pools[0]).toMatchObject({
      certainty: 'observed',
      assigned: 4,
    });
    expect(run({ enis: [PRIMARY], pods: 3, more: [told(2)] }).pools[0]).toMatchObject({
      certainty: 'inferred',
      assigned: 3,
    });
  });

  it('without EC2 have aws-node’s own figures only', () => {
    const blind = [status('ec2/network-interfaces', 'denied', null)];
    expect(run({ more: blind }).pools[0]).toMatchObject({
      total: null,
      assigned: null,
      low: null,
      next: null,
      certainty: 'unknown',
    });
    const values = { awscni_total_ip_addresses: 18, awscni_assigned_ip_addresses: 7 };
    const told = upsert('awsNodeMetrics', metrics('n1', { values }));
    expect(run({ more: [...blind, told] }).pools[0]).toMatchObject({
      total: 18,
      assigned: 7,
      available: 11,
      certainty: 'inferred',
      // WARM_ENI_TARGET=1 requires nine addresses on this type.
      target: 9,
      low: false,
      next: null,
    });
  });

  it('without EC2 are what ipamd lists in the active mode, addresses of deleted pods included', () => {
    const blind = [status('ec2/network-interfaces', 'denied', null)];
    const gone = ipamdAddress('10.0.0.6', { assigned: true, podNamespace: 'shop', podName: 'gone' });
    const list = ipamdEnis('n1', [ipamdEni('eni-a', [gone, ipamdAddress('10.0.0.7')])]);
    expect(run({ more: [...blind, upsert('ipamdEnis', list)] }).pools[0]).toMatchObject({
      total: 2,
      assigned: 1,
      available: 1,
      low: true,
      next: null,
      certainty: 'observed',
    });
    const targets = { WARM_IP_TARGET: '0', MINIMUM_IP_TARGET: '2' };
    expect(run({ env: targets, more: [...blind, upsert('ipamdEnis', list)] }).pools[0]).toMatchObject({
      low: false,
      short: 0,
      target: 1,
    });
    const prefixMode = { ENABLE_PREFIX_DELEGATION: 'true' };
    expect(run({ env: prefixMode, more: [...blind, upsert('ipamdEnis', list)] }).pools[0]).toMatchObject({
      total: 0,
      available: 0,
      low: true,
    });
  });
});

describe('ENI slots', () => {
  it.each<[string, Setup, object]>([
    ['free', { enis: [PRIMARY] }, { limit: 3, used: 1, unmanaged: 0, reserved: 0, free: 2 }],
    [
      'unmanaged and EFA-only ENIs count',
      { enis: [PRIMARY, UNMANAGED, eni('eni-e', { deviceIndex: 1, interfaceType: 'efa-only' })] },
      { limit: 3, used: 3, unmanaged: 2, free: 0 },
    ],
    ['MAX_ENI', { env: { MAX_ENI: '2' }, enis: [PRIMARY] }, { limit: 2, free: 1 }],
    ['one is reserved for a trunk', { env: { ENABLE_POD_ENI: 'true' }, enis: [PRIMARY] }, { reserved: 1, free: 1 }],
    [
      'until the trunk exists',
      { env: { ENABLE_POD_ENI: 'true' }, enis: [PRIMARY, eni('eni-t', { interfaceType: 'trunk', deviceIndex: 2 })] },
      { used: 2, reserved: 0, free: 1 },
    ],
    [
      'not on types without trunks',
      { env: { ENABLE_POD_ENI: 'true' }, node: { instanceType: 't3.medium' }, enis: [PRIMARY] },
      { reserved: 0, free: 2 },
    ],
    [
      'unknown without EC2',
      { more: [status('ec2/network-interfaces', 'denied', null)] },
      { limit: 3, used: null, free: null },
    ],
    [
      'only managed cards are added up',
      { node: { instanceType: 'c6in.32xlarge' }, enis: [PRIMARY, eni('eni-c', { networkCardIndex: 1 })] },
      { limit: 8, used: 1 },
    ],
  ])('%s', (_what, setup, wanted) => {
    expect(run(setup).eniSlots).toMatchObject(wanted);
  });
});

describe('headroom', () => {
  it.each<[string, Setup, object]>([
    ['max pods is the limit', { node: { maxPods: 8 }, enis: [PRIMARY], pods: 3 }, { pods: 4, limitedBy: 'max-pods' }],
    [
      'slots: two ENIs of three, one unmanaged',
      { node: { maxPods: 110 }, enis: [PRIMARY, UNMANAGED], pods: 3 },
      { pods: 15, limitedBy: 'slots' },
    ],
    [
      'cards are added up under multi-NIC',
      { env: { ENABLE_MULTI_NIC: 'true' }, node: { instanceType: 'hpc7a.96xlarge', maxPods: 1000 }, enis: [PRIMARY] },
      { pods: 196, limitedBy: 'cards' },
    ],
    [
      'the subnet: the available addresses and what it still has, with one per new ENI for itself',
      { enis: [PRIMARY], pods: 3, more: [upsert('subnet', subnet('subnet-1', { availableAddresses: 11 }))] },
      { pods: 15, limitedBy: 'subnet' },
    ],
    [
      'custom networking: the primary ENI provides its addresses, and does not grow',
      {
        env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' },
        node: { maxPods: 110 },
        enis: [{ ...PRIMARY, secondaryIps: ips(10, 2) }],
      },
      { pods: 20, limitedBy: 'slots' },
    ],
    [
      'prefix mode, leftovers take slots',
      {
        env: { ENABLE_PREFIX_DELEGATION: 'true' },
        node: { maxPods: 1000 },
        enis: [{ ...PRIMARY, secondaryIps: ips(10, 2) }],
        more: [upsert('subnet', subnet('subnet-1', { cidr: '10.0.0.0/20', availableAddresses: 4000 }))],
      },
      { pods: 7 * 16 + 2 * 144, limitedBy: 'slots' },
    ],
    [
      'only max pods in IPv6 mode',
      {
        env: { ENABLE_IPv6: 'true' },
        node: { maxPods: 110 },
        enis: [{ ...PRIMARY, ipv6Prefixes: ['2a05:d018:6:1:aa::/80'] }],
      },
      { pods: 109, limitedBy: 'max-pods' },
    ],
    [
      'none in IPv6 mode without a /80',
      { env: { ENABLE_IPv6: 'true' }, node: { maxPods: 110 }, enis: [PRIMARY] },
      { pods: 0, limitedBy: 'slots' },
    ],
    [
      'unknown without EC2',
      { more: [status('ec2/network-interfaces', 'absent', null)] },
      { pods: null, limitedBy: 'unknown' },
    ],
    ['never below 0', { node: { maxPods: 2 }, enis: [PRIMARY], pods: 5 }, { pods: 0, limitedBy: 'max-pods' }],
  ])('%s', (_what, setup, wanted) => {
    expect(run(setup).headroom).toEqual(wanted);
  });

  it('follows the subnet only if the subnet is the limit', () => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', awsNode()),
      upsert('eni', PRIMARY),
      upsert('subnet', subnet('subnet-1', { availableAddresses: 200 })),
    ]);
    const free = (availableAddresses: number) =>
      engine.apply(batch([upsert('subnet', subnet('subnet-1', { availableAddresses }))]));
    expect(free(150)?.tables.nodes).toBeUndefined();
    expect(free(3)?.tables.nodes?.patch).toHaveLength(1);
    expect(get(engine, 'nodes', 'node:n1').headroom).toEqual({ pods: 9, limitedBy: 'subnet' });
    expect(free(200)?.tables.nodes?.patch).toHaveLength(1);
  });
});

describe('a node', () => {
  it('reads the CNI from its own aws-node, and limits from EC2 or the table', () => {
    const record = run({ env: { WARM_IP_TARGET: '5', MAX_ENI: '2' } });
    expect(record.cni).toMatchObject({
      version: 'v1.23.1',
      mode: 'secondary-ip',
      warmIpTarget: 5,
      maxEni: 2,
      cooldownSeconds: 30,
    });
    expect(record.ipamd).toEqual({ ready: true, version: 'v1.23.1' });
    expect(record.limits).toMatchObject({
      enisPerCard: 3,
      ipv4PerEni: 10,
      cards: 1,
      source: 'table',
      maxPodsByFormula: 29,
    });
  });

  it.each([
    ['as on EC2 nodes', {}, 29, 29],
    ['the node’s own value is kept separately', { maxPods: 110 }, 110, 29],
    ['Auto Mode uses the smaller of it and 110', { computeType: 'auto', instanceType: 'm5.4xlarge' }, 29, 110],
    ['Auto Mode on a small type', { computeType: 'auto' }, 29, 29],
    ['Windows has only one ENI, and a formula of its own', { os: 'windows' }, 29, null],
    ['none for an unknown type', { instanceType: 'x99.mega' }, 29, null],
    ['none for Fargate', { computeType: 'fargate', instanceId: null }, 29, null],
  ] as const)('max pods by the formula: %s', (_what, more, said, byFormula) => {
    const record = get(engineOf([upsert('node', node('n1', more))]), 'nodes', 'node:n1');
    expect([record.maxPods, record.limits?.maxPodsByFormula ?? null]).toEqual([said, byFormula]);
  });

  it('is a ghost while pods or a CNINode still refer to it, and is removed with the last of them', () => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', awsNode()),
      upsert('eni', PRIMARY),
      upsert('cniNode', cniNode('n1', { instanceId: INSTANCE })),
    ]);
    expect(get(engine, 'nodes', 'node:n1').gone).toBe(false);
    engine.apply(batch([remove('node', node())]));
    expect(get(engine, 'nodes', 'node:n1')).toMatchObject({ gone: true, ready: null, instanceId: INSTANCE });
    expect(get(engine, 'enis', 'eni-0').node).toBe('node:n1');
    engine.apply(batch([remove('pod', awsNode())]));
    expect(get(engine, 'nodes', 'node:n1').gone).toBe(true);
    engine.apply(batch([remove('cniNode', cniNode('n1', { instanceId: INSTANCE }))]));
    expect(engine.replica.records.nodes.size).toBe(0);
    expect(engine.replica.records.networkCards.size).toBe(0);
  });

  it('is no ghost while nodes cannot be read', () => {
    const engine = engineOf([
      status('kubernetes/nodes', 'denied', null),
      upsert('pod', pod('a', { ips: ['10.0.0.9'] })),
    ]);
    expect(get(engine, 'nodes', 'node:n1')).toMatchObject({ gone: false, ready: null });
  });
});

describe('a node', () => {
  it('finds its ENIConfig in the order of vpc-cni §7', () => {
    const custom = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' };
    const config = (name: string) =>
      upsert('eniConfig', {
        ...object(name),
        subnet: `subnet-${name}`,
        securityGroups: [],
        problems: [],
      });
    const found = (eniConfigHints: Readonly<Record<string, string>>, env = custom) =>
      run({ env, node: { eniConfigHints }, more: ['a', 'b', 'c', 'default'].map(config) }).eniConfig?.subnet;
    const label = { 'label:k8s.amazonaws.com/eniConfig': 'a' };
    const annotation = { 'annotation:k8s.amazonaws.com/eniConfig': 'b' };
    expect(found({})).toBe('subnet-default');
    expect(found(label)).toBe('subnet-a');
    expect(found({ ...label, ...annotation })).toBe('subnet-b');
    expect(found({ ...label, ...annotation, 'label:vpc.amazonaws.com/externalEniConfig': 'c' })).toBe('subnet-c');
    expect(run({}).eniConfig).toBeNull();
    const zone = { ...custom, ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone' };
    const missing = run({
      env: zone,
      node: { eniConfigHints: { 'label:topology.kubernetes.io/zone': 'x' } },
      more: [status('kubernetes/eniconfigs')],
    });
    expect(missing.eniConfig).toEqual({ name: 'x', found: false, subnet: null, securityGroups: [] });
    const unread = run({ env: zone, node: { eniConfigHints: { 'label:topology.kubernetes.io/zone': 'x' } } });
    expect(unread.eniConfig?.found).toBeNull();
  });

  it('reports errors of the ENIConfig that it uses, and of no other', () => {
    const config = (name: string, problems: readonly string[]) =>
      upsert('eniConfig', { ...object(name), subnet: 'subnet-1', securityGroups: null, problems });
    const bad = ['spec.securityGroups is not a list'];
    const uses = (name: string) =>
      run({
        env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' },
        node: { eniConfigHints: { 'label:k8s.amazonaws.com/eniConfig': name } },
        more: [config('a', bad), config('b', [])],
      }).eniConfigProblems;
    expect(uses('a')).toEqual(bad);
    expect(uses('b')).toEqual([]);
    expect(uses('c')).toEqual([]);
    expect(run({ more: [config('default', bad)] }).eniConfigProblems).toEqual([]);
  });

  const asksFor = (features: readonly string[], name = 'n1') =>
    upsert('cniNode', cniNode(name, { features: features.map((one) => ({ name: one, value: null })) }));

  it.each([
    ['the kind has not been read', [], { found: null, features: null }],
    ['reading the kind is forbidden', [status('kubernetes/cninodes', 'denied', null)], { found: null, features: null }],
    ['does not exist', [status('kubernetes/cninodes')], { found: false, features: null }],
    ['only another node has one', [status('kubernetes/cninodes'), asksFor([], 'n2')], { found: false, features: null }],
    ['requests nothing', [status('kubernetes/cninodes'), asksFor([])], { found: true, features: [] }],
    [
      'requests both',
      [asksFor(['SecurityGroupsForPods', 'CustomNetworking', 'SecurityGroupsForPods'])],
      { found: true, features: ['CustomNetworking', 'SecurityGroupsForPods'] },
    ],
  ])('CNINode: %s', (_what, more, wanted) => {
    expect(run({ more }).cniNode).toEqual(wanted);
  });

  it.each(['kubernetes/cninodes', 'kubernetes/eniconfigs'])('uses an answer of %s that arrives later', (id) => {
    const env = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' };
    const engine = engineOf([upsert('node', node('n1')), upsert('pod', awsNode(env))]);
    const found = () => {
      const { cniNode: own, eniConfig } = get(engine, 'nodes', 'node:n1');
      return id === 'kubernetes/cninodes' ? own.found : eniConfig?.found;
    };
    expect(found()).toBeNull();
    engine.apply(batch([status(id)]));
    expect(found()).toBe(false);
    engine.apply(batch([status(id, 'denied', null)]));
    expect(found()).toBeNull();
  });
});
