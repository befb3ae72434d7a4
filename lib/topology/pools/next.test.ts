/** What ipamd does next, and what keeps it from doing so (vpc-cni §2.4), on whole nodes. */
import { describe, expect, it } from 'vitest';
import type { EniFact, NodeFact, PodFact } from '../../model/facts';
import type { Observation } from '../../model/observation';
import type { Pool } from '../../model/records';
import {
  AT,
  awsNode,
  batch,
  daemonSet,
  engineOf,
  eni,
  get,
  iso,
  metrics,
  node,
  ownEni,
  pod,
  subnet,
  upsert,
} from '../../../e2e/testing/facts';

const ips = (from: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `10.0.0.${from + i}`);
const pods = (from: number, count: number): readonly Observation[] =>
  ips(from, count).map((ip) => upsert('pod', pod(`p-${ip}`, { ips: [ip] })));

interface Setup {
  readonly env?: Readonly<Record<string, string>>;
  readonly agent?: Partial<PodFact>;
  readonly node?: Partial<NodeFact>;
  readonly enis: readonly EniFact[];
  readonly pods?: number;
  readonly card?: number;
  readonly more?: readonly Observation[];
}

const engineWith = ({ env = {}, agent = {}, node: of = {}, enis, pods: count = 0, more = [] }: Setup) =>
  engineOf([
    upsert('node', node('n1', of)),
    upsert('pod', { ...awsNode(env), ...agent }),
    upsert('subnet', subnet()),
    ...enis.map((one) => upsert('eni', one)),
    ...pods(10, count),
    ...more,
  ]);

const nextOf = (setup: Setup): Pool['next'] =>
  get(engineWith(setup), 'nodes', 'node:n1').pools.find(({ card }) => card === (setup.card ?? 0))?.next ?? null;

const PRIMARY = ownEni('eni-0', { primaryIp: '10.0.0.4', secondaryIps: ips(10, 9) });
const SECOND = ownEni('eni-1', { deviceIndex: 1, primaryIp: '10.0.0.5', secondaryIps: ips(20, 9) });
const UNMANAGED = eni('eni-u', { deviceIndex: 2, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
const HALF = { ...SECOND, secondaryIps: ips(20, 2) };
const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' };
const BIG = { maxPods: 110 };
const CORDON = { taints: [{ key: 'node.kubernetes.io/unschedulable', value: null, effect: 'NoSchedule' }] };
/** Addresses 0–15 hold subnet and primary, 16–31 two prefixes' worth of pods. */
const ONE_PREFIX = ownEni('eni-0', { primaryIp: '10.0.0.4', ipv4Prefixes: ['10.0.0.16/28'] });
const free = (availableAddresses: number | null, id = 'subnet-1', more = {}) =>
  upsert('subnet', subnet(id, { availableAddresses, ...more }));

type Case = readonly [what: string, setup: Setup, wanted: Partial<NonNullable<Pool['next']>>];

describe('growing', () => {
  it.each<Case>([
    ['full ENI, a slot for another', { enis: [PRIMARY], pods: 9 }, { action: 'attach-eni', count: 1, blockedBy: null }],
    [
      'WARM_ENI_TARGET fills the ENI, as far as it has room',
      { enis: [PRIMARY, HALF], pods: 9 },
      { action: 'add-addresses', count: 7 },
    ],
    [
      'WARM_IP_TARGET adds only what is short',
      { env: { WARM_IP_TARGET: '2' }, enis: [{ ...PRIMARY, secondaryIps: ips(10, 4) }], pods: 4 },
      { action: 'add-addresses', count: 2 },
    ],
    [
      'what is short, bound by the room on the ENI',
      { env: { WARM_IP_TARGET: '9' }, enis: [{ ...PRIMARY, secondaryIps: ips(10, 7) }], pods: 4 },
      { action: 'add-addresses', count: 2 },
    ],
    [
      'prefixes: one when addresses are short though a whole prefix is free',
      {
        env: { ...PREFIX, WARM_PREFIX_TARGET: '2' },
        node: BIG,
        enis: [ownEni('eni-0', { ipv4Prefixes: ['10.0.0.0/28', '10.0.0.32/28'] })],
        pods: 3,
      },
      { action: 'add-prefixes', count: 1 },
    ],
    [
      'prefixes: WARM_PREFIX_TARGET less the free ones',
      { env: { ...PREFIX, WARM_PREFIX_TARGET: '3' }, node: BIG, enis: [ONE_PREFIX] },
      { action: 'add-prefixes', count: 2 },
    ],
    [
      'prefixes: what WARM_IP_TARGET is short of, rounded up',
      { env: { ...PREFIX, WARM_IP_TARGET: '17' }, node: BIG, enis: [ONE_PREFIX] },
      { action: 'add-prefixes', count: 1 },
    ],
    [
      'leftover single addresses take slots of prefixes',
      {
        env: { ...PREFIX, WARM_PREFIX_TARGET: '3' },
        node: BIG,
        enis: [{ ...ONE_PREFIX, secondaryIps: ips(40, 7) }],
      },
      { action: 'add-prefixes', count: 1 },
    ],
    [
      'a trunk gets nothing',
      {
        enis: [PRIMARY, eni('eni-t', { interfaceType: 'trunk', deviceIndex: 2 })],
        pods: 9,
      },
      { action: 'attach-eni' },
    ],
    [
      'the primary gets nothing under custom networking',
      {
        env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' },
        enis: [{ ...PRIMARY, secondaryIps: [] }],
      },
      { action: 'attach-eni' },
    ],
    [
      'every slot taken',
      { enis: [PRIMARY, UNMANAGED], env: { MAX_ENI: '2' }, pods: 9 },
      { action: 'none', count: 0, blockedBy: 'every slot is taken and no further ENI can be attached' },
    ],
    [
      'the slot that a trunk is waiting for is not taken',
      {
        enis: [PRIMARY, { ...SECOND, secondaryIps: ips(20, 9) }],
        env: { ENABLE_POD_ENI: 'true' },
        pods: 9,
        more: pods(20, 9),
      },
      { action: 'none', blockedBy: 'every slot is taken and no further ENI can be attached' },
    ],
    [
      'a card above 0 that needs one address gets a prefix in prefix mode',
      {
        env: { ...PREFIX, ENABLE_MULTI_NIC: 'true' },
        node: { instanceType: 'c6in.32xlarge', maxPods: 394 },
        enis: [ONE_PREFIX, ownEni('eni-c', { networkCardIndex: 1 })],
        card: 1,
      },
      { action: 'add-prefixes', count: 1 },
    ],
    [
      'a card above 0 without an ENI gets one',
      {
        env: { ENABLE_MULTI_NIC: 'true' },
        node: { instanceType: 'c6in.32xlarge', maxPods: 394 },
        enis: [PRIMARY],
        card: 1,
      },
      { action: 'attach-eni', count: 1, blockedBy: null },
    ],
  ])('%s', (_what, setup, wanted) => {
    expect(nextOf(setup)).toMatchObject(wanted);
  });

  it('is not told of an instance type that nobody knows', () => {
    expect(
      nextOf({ env: { WARM_IP_TARGET: '3' }, node: { instanceType: 'new.large' }, enis: [PRIMARY], pods: 9 }),
    ).toBeNull();
  });
});

describe('the subnet', () => {
  const SHORT: Setup = { env: { WARM_IP_TARGET: '5' }, enis: [{ ...PRIMARY, secondaryIps: ips(10, 4) }], pods: 4 };
  const CARD1 = { 'kubernetes.io/role/cni': '1' };
  it.each<Case>([
    ['has as many as are short', { ...SHORT, more: [free(5)] }, { action: 'add-addresses', count: 5, blockedBy: null }],
    [
      'has fewer: the call fails, and one is asked for',
      { ...SHORT, more: [free(4)] },
      { action: 'add-addresses', count: 1, blockedBy: null },
    ],
    [
      'has none',
      { ...SHORT, more: [free(0)] },
      { action: 'add-addresses', count: 5, blockedBy: 'subnet-1 has no free address left' },
    ],
    ['does not say', { ...SHORT, more: [free(null)] }, { action: 'add-addresses', count: 5, blockedBy: null }],
    [
      'of the ENI is empty, but a new ENI may be made in another',
      { ...SHORT, more: [free(0), free(9, 'subnet-2', { tags: CARD1 })] },
      { action: 'attach-eni', count: 1, blockedBy: null },
    ],
    [
      'of the ENI is empty, another is of another zone',
      { ...SHORT, more: [free(0), free(9, 'subnet-2', { tags: CARD1, zone: 'eu-west-1b' })] },
      { action: 'add-addresses', blockedBy: 'subnet-1 has no free address left' },
    ],
    [
      'of the second ENI is tried when that of the first is empty',
      {
        ...SHORT,
        enis: [...SHORT.enis, { ...HALF, subnet: 'subnet-2', secondaryIps: [] }],
        more: [free(0), free(9, 'subnet-2')],
      },
      { action: 'add-addresses', count: 5, blockedBy: null },
    ],
    [
      'an ENI takes an address for itself: one is not enough for a new one',
      { enis: [PRIMARY], pods: 9, more: [free(1)] },
      { action: 'attach-eni', blockedBy: 'no subnet has two free addresses for a new ENI (subnet-1)' },
    ],
    [
      'two are enough for a new ENI',
      { enis: [PRIMARY], pods: 9, more: [free(2)] },
      { action: 'attach-eni', blockedBy: null },
    ],
    [
      'all that may be used are named',
      { enis: [PRIMARY], pods: 9, more: [free(1), free(0, 'subnet-2', { tags: CARD1 })] },
      { action: 'attach-eni', blockedBy: 'no subnet has two free addresses for a new ENI (subnet-1, subnet-2)' },
    ],
    [
      'the primary’s is excluded by its tag',
      { enis: [PRIMARY], pods: 0, more: [free(200, 'subnet-1', { tags: { 'kubernetes.io/role/cni': '0' } })] },
      { action: 'attach-eni', blockedBy: 'the tags of its subnets leave none for new ENIs' },
    ],
    [
      'of an ENIConfig that does not exist',
      {
        env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' },
        enis: [PRIMARY],
        more: [{ op: 'status', source: { id: 'kubernetes/eniconfigs', state: 'live', asOf: iso(AT), reason: null } }],
      },
      { action: 'attach-eni', blockedBy: 'there is no ENIConfig default' },
    ],
    [
      'with prefixes: sixteen free addresses in no whole block are none',
      {
        env: PREFIX,
        node: BIG,
        enis: [ONE_PREFIX],
        pods: 0,
        more: [
          ...pods(16, 1),
          // Two blocks are left of a /26: the first has the gateway, the last the broadcast address.
          free(30, 'subnet-1', { cidr: '10.0.0.0/26' }),
          upsert('eni', eni('eni-z', { instanceId: null, status: 'in-use', primaryIp: '10.0.0.40' })),
        ],
      },
      { action: 'add-prefixes', blockedBy: 'subnet-1 has no free /28 block left' },
    ],
    [
      'with prefixes: a free block',
      {
        env: PREFIX,
        node: BIG,
        enis: [ONE_PREFIX],
        more: [...pods(16, 1), free(30, 'subnet-1', { cidr: '10.0.0.0/26' })],
      },
      { action: 'add-prefixes', count: 1, blockedBy: null },
    ],
    [
      'with prefixes: a block that is reserved explicitly is not free',
      {
        env: PREFIX,
        node: BIG,
        enis: [ONE_PREFIX],
        more: [
          ...pods(16, 1),
          free(30, 'subnet-1', { cidr: '10.0.0.0/26' }),
          upsert('subnetReservation', { id: 'scr-1', subnet: 'subnet-1', cidr: '10.0.0.32/28', type: 'explicit' }),
        ],
      },
      { action: 'add-prefixes', blockedBy: 'subnet-1 has no free /28 block left' },
    ],
    [
      'with prefixes: fewer than sixteen free addresses',
      { env: PREFIX, node: BIG, enis: [ONE_PREFIX], more: [...pods(16, 1), free(15)] },
      { action: 'add-prefixes', blockedBy: 'subnet-1 has no free /28 block left' },
    ],
    [
      'with prefixes: one block where two are wanted',
      {
        env: { ...PREFIX, WARM_PREFIX_TARGET: '3' },
        node: BIG,
        enis: [ONE_PREFIX],
        more: [free(31)],
      },
      { action: 'add-prefixes', count: 1, blockedBy: null },
    ],
    [
      'with prefixes: a new ENI needs an address and a block',
      {
        env: PREFIX,
        node: BIG,
        enis: [ownEni('eni-0', { secondaryIps: ips(40, 9) })],
        more: [free(16)],
      },
      { action: 'attach-eni', blockedBy: 'no subnet has an address and a free /28 block for a new ENI (subnet-1)' },
    ],
  ])('%s', (_what, setup, wanted) => {
    expect(nextOf(setup)).toMatchObject(wanted);
  });

  it('is followed where it decides, and only there', () => {
    const engine = engineWith(SHORT);
    const blockedBy = () => get(engine, 'nodes', 'node:n1').pools[0]?.next?.blockedBy;
    expect(engine.apply(batch([free(190)]))?.tables.nodes).toBeUndefined();
    engine.apply(batch([free(0)]));
    expect(blockedBy()).toBe('subnet-1 has no free address left');
    // A subnet in which the node has no ENI yet.
    engine.apply(batch([free(50, 'subnet-2', { tags: CARD1 })]));
    expect(get(engine, 'nodes', 'node:n1').pools[0]?.next).toMatchObject({ action: 'attach-eni', blockedBy: null });
    engine.apply(batch([free(1, 'subnet-2', { tags: CARD1 })]));
    expect(blockedBy()).toBe('subnet-1 has no free address left');
  });
});

describe('ipamd changes nothing', () => {
  const GROWS: Setup = { enis: [PRIMARY], pods: 9 };
  const FREES: Setup = { enis: [PRIMARY, SECOND] };
  const CASES: readonly (readonly [string, Partial<Setup>, string | null])[] = [
    ['on a cordoned node', { node: CORDON }, 'the node is cordoned'],
    ['by another taint', { node: { taints: [{ key: 'x', value: null, effect: 'NoSchedule' }] } }, null],
    [
      'by the taint with another effect',
      { node: { taints: [{ key: 'node.kubernetes.io/unschedulable', value: null, effect: 'NoExecute' }] } },
      null,
    ],
    [
      'on a cordoned node, but with AWS_MANAGE_ENIS_NON_SCHEDULABLE',
      { node: CORDON, env: { AWS_MANAGE_ENIS_NON_SCHEDULABLE: 'true' } },
      null,
    ],
    ['while aws-node is terminating', { agent: { deleting: true } }, 'aws-node is terminating'],
    [
      'with DISABLE_NETWORK_RESOURCE_PROVISIONING',
      { env: { DISABLE_NETWORK_RESOURCE_PROVISIONING: 'true' } },
      'DISABLE_NETWORK_RESOURCE_PROVISIONING keeps ipamd from changing ENIs',
    ],
    [
      'in IMDS-only mode',
      { env: { ENABLE_IMDS_ONLY_MODE: 'true' } },
      'ENABLE_IMDS_ONLY_MODE keeps ipamd from changing ENIs',
    ],
  ];
  it.each(CASES)('%s', (_what, setup, blockedBy) => {
    expect(nextOf({ ...GROWS, ...setup })).toMatchObject({ action: 'attach-eni', blockedBy });
    expect(nextOf({ ...FREES, ...setup })).toMatchObject({ action: 'detach-eni', blockedBy });
  });

  it('where only the DaemonSet is there, and no aws-node on the node', () => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('subnet', subnet()),
      upsert('eni', PRIMARY),
      upsert('daemonSet', daemonSet('aws-node', { awsNode: { version: 'v1.23.1', env: {} } })),
      ...pods(10, 9),
    ]);
    expect(get(engine, 'nodes', 'node:n1').pools[0]).toMatchObject({
      low: true,
      next: { action: 'attach-eni', blockedBy: 'no aws-node runs on the node' },
    });
  });

  it.each(['InsufficientCidrBlocks', 'InsufficientFreeAddressesInSubnet'])(
    'for two minutes after %s, and does not back off from freeing',
    (error) => {
      const read = (count: number, at: number) =>
        upsert(
          'awsNodeMetrics',
          metrics('n1', { readAt: iso(at), apiErrors: { [`AssignPrivateIpAddresses/${error}`]: count } }),
        );
      const engine = engineWith({ ...GROWS, more: [read(1, AT)] });
      const next = () => get(engine, 'nodes', 'node:n1').pools[0]?.next;
      // The first reading does not tell when the errors were.
      expect(next()).toMatchObject({ blockedBy: null });
      engine.apply(batch([read(2, AT + 30_000)], AT + 30_000));
      expect(next()).toMatchObject({ action: 'attach-eni', blockedBy: `ipamd waits two minutes after ${error}` });
      engine.tick(AT + 149_999);
      expect(next()?.blockedBy).not.toBeNull();
      expect(engine.nextTickAt).toBe(AT + 150_000);
      engine.tick(AT + 150_000);
      expect(next()).toMatchObject({ action: 'attach-eni', blockedBy: null });
    },
  );

  it('after another error: it tries again at once', () => {
    const read = (count: number, at: number) =>
      upsert(
        'awsNodeMetrics',
        metrics('n1', { readAt: iso(at), apiErrors: { 'AttachNetworkInterface/Throttling': count } }),
      );
    const engine = engineWith({ ...GROWS, more: [read(1, AT)] });
    engine.apply(batch([read(2, AT + 30_000)], AT + 30_000));
    expect(get(engine, 'nodes', 'node:n1').pools[0]?.next?.blockedBy).toBeNull();
  });
});

describe('giving back', () => {
  const two = (more: Partial<EniFact>) => [PRIMARY, { ...SECOND, ...more }];
  it.each<Case>([
    ['as it should be', { enis: [PRIMARY, SECOND], pods: 5 }, { action: 'none', count: 0, blockedBy: null }],
    [
      'addresses beyond WARM_IP_TARGET',
      { env: { WARM_IP_TARGET: '2' }, enis: [PRIMARY], pods: 1 },
      { action: 'release-addresses', count: 6 },
    ],
    [
      'whole free prefixes beyond WARM_PREFIX_TARGET',
      {
        env: PREFIX,
        node: BIG,
        enis: [ownEni('eni-0', { ipv4Prefixes: ['10.0.0.16/28', '10.0.0.32/28', '10.0.0.48/28'] })],
      },
      { action: 'release-prefixes', count: 2 },
    ],
    [
      'a wholly free prefix of a card above 0, although addresses are counted there',
      {
        env: { ...PREFIX, ENABLE_MULTI_NIC: 'true' },
        node: { instanceType: 'c6in.32xlarge', maxPods: 394 },
        enis: [ONE_PREFIX, ownEni('eni-c', { networkCardIndex: 1, ipv4Prefixes: ['10.0.0.64/28'] })],
        card: 1,
      },
      { action: 'release-prefixes', count: 1 },
    ],
    [
      'no prefix of a card above 0 that a pod has an address of',
      {
        env: { ...PREFIX, ENABLE_MULTI_NIC: 'true' },
        node: { instanceType: 'c6in.32xlarge', maxPods: 394 },
        enis: [ONE_PREFIX, ownEni('eni-c', { networkCardIndex: 1, ipv4Prefixes: ['10.0.0.64/28'] })],
        more: pods(64, 1),
        card: 1,
      },
      { action: 'none', count: 0 },
    ],
    [
      'an idle ENI: available reaches (WARM_ENI_TARGET + 1) × slots',
      { enis: two({}) },
      { action: 'detach-eni', count: 1, reason: 'eni-1 is idle, and WARM_ENI_TARGET=1 does not need it' },
    ],
    ['one address fewer: the ENI stays', { enis: two({ secondaryIps: ips(20, 8) }) }, { action: 'none' }],
    [
      'an ENI with a pod stays',
      { enis: two({}), more: pods(20, 1), env: { WARM_ENI_TARGET: '0' } },
      { action: 'none' },
    ],
    [
      'of several idle ENIs ipamd takes any: all are named',
      { enis: [...two({}), ownEni('eni-2', { deviceIndex: 2, secondaryIps: ips(30, 9) })] },
      { reason: 'eni-1 or eni-2 is idle, and WARM_ENI_TARGET=1 does not need it' },
    ],
    ['the primary is never freed', { enis: [PRIMARY], env: { WARM_ENI_TARGET: '0' } }, { action: 'none' }],
    ['an idle EFA is never freed', { enis: two({ interfaceType: 'efa' }) }, { action: 'none' }],
    [
      'a trunk is never freed',
      { enis: two({ interfaceType: 'trunk' }), env: { WARM_ENI_TARGET: '0' } },
      { action: 'none' },
    ],
    [
      'an unmanaged ENI is never freed',
      { enis: [PRIMARY, UNMANAGED], env: { WARM_ENI_TARGET: '0' } },
      { action: 'none' },
    ],
    [
      'an adopted ENI is freed like its own: who made it does not count',
      { enis: two({ tags: {}, description: 'multus' }) },
      { action: 'detach-eni' },
    ],
    ['59 s after it was attached it stays', { enis: two({ attachedAt: iso(AT - 59_000) }) }, { action: 'none' }],
    ['60 s after it was attached it goes', { enis: two({ attachedAt: iso(AT - 60_000) }) }, { action: 'detach-eni' }],
    [
      '59 s after aws-node was started it stays: the datastore is as young',
      { enis: two({}), agent: { startedAt: iso(AT - 59_000) } },
      { action: 'none' },
    ],
    [
      'WARM_IP_TARGET: not needed by what the other ENIs have',
      { env: { WARM_IP_TARGET: '9' }, enis: two({ secondaryIps: [] }) },
      { action: 'detach-eni' },
    ],
    [
      'MINIMUM_IP_TARGET: needed, since the others have too few in all',
      { env: { MINIMUM_IP_TARGET: '10' }, enis: two({ secondaryIps: ips(20, 1) }), pods: 5 },
      { action: 'none' },
    ],
    [
      'MINIMUM_IP_TARGET: the others have enough in all',
      { env: { MINIMUM_IP_TARGET: '9' }, enis: two({ secondaryIps: [] }), pods: 9 },
      { action: 'detach-eni' },
    ],
    [
      'WARM_PREFIX_TARGET: needed, since no other prefix is free',
      {
        env: PREFIX,
        node: BIG,
        enis: [ONE_PREFIX, ownEni('eni-1', { deviceIndex: 1, ipv4Prefixes: ['10.0.0.64/28'] })],
        more: pods(16, 1),
      },
      { action: 'none' },
    ],
    [
      'WARM_PREFIX_TARGET: an idle ENI that the others’ free prefixes make up for',
      {
        env: PREFIX,
        node: BIG,
        enis: [ONE_PREFIX, ownEni('eni-1', { deviceIndex: 1, ipv4Prefixes: [] })],
      },
      { action: 'detach-eni' },
    ],
    [
      'an ENI without prefixes whose leftover address a pod holds stays',
      {
        env: PREFIX,
        node: BIG,
        enis: [ONE_PREFIX, ownEni('eni-1', { deviceIndex: 1, secondaryIps: ['10.0.0.70'] })],
        more: pods(70, 1),
      },
      { action: 'none' },
    ],
    [
      'an idle ENI of a card above 0, when the card has enough without it',
      {
        env: { ENABLE_MULTI_NIC: 'true' },
        node: { instanceType: 'c6in.32xlarge', maxPods: 394 },
        enis: [
          PRIMARY,
          ownEni('eni-c', { networkCardIndex: 1, secondaryIps: ['10.0.0.70'] }),
          ownEni('eni-d', { networkCardIndex: 1, deviceIndex: 1, secondaryIps: [] }),
        ],
        card: 1,
      },
      { action: 'detach-eni', reason: 'eni-d is idle, and one free address on cards above 0 does not need it' },
    ],
  ])('%s', (_what, setup, wanted) => {
    expect(nextOf(setup)).toMatchObject(wanted);
  });

  it('is told again when an ENI is old enough', () => {
    const engine = engineWith({ enis: two({ attachedAt: iso(AT - 20_000) }) });
    expect(engine.nextTickAt).toBe(AT + 40_000);
    engine.tick(AT + 40_000);
    expect(get(engine, 'nodes', 'node:n1').pools[0]?.next?.action).toBe('detach-eni');
  });

  it('waits while an address cools on the ENI', () => {
    const user = pod('a', { ips: ['10.0.0.20'] });
    const engine = engineWith({ enis: two({}), more: [upsert('pod', user)] });
    engine.apply(batch([{ op: 'remove', kind: 'pod', scope: 'pod', key: 'default/a', uid: null }], AT + 1000));
    const action = () => get(engine, 'nodes', 'node:n1').pools[0]?.next?.action;
    expect(action()).toBe('none');
    engine.tick(AT + 31_000);
    expect(action()).toBe('detach-eni');
  });
});
