/** What ipamd does next, and what prevents it (vpc-cni §2.4), on whole nodes. */
import { describe, expect, it } from 'vitest';
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
  subnet,
  upsert,
} from '../../../e2e/testing/facts';
import {
  ips,
  pods,
  engineWith,
  nextOf,
  PRIMARY,
  SECOND,
  UNMANAGED,
  HALF,
  BIG,
  CORDON,
  ONE_PREFIX,
  PREFIX,
  type Setup,
} from '../../../e2e/testing/next-step';

type Case = readonly [what: string, setup: Setup, wanted: Partial<NonNullable<Pool['next']>>];
const GROWING: readonly Case[] = [
  [
    'a full ENI, with a slot for another',
    { enis: [PRIMARY], pods: 9 },
    { action: 'attach-eni', count: 1, blockedBy: null },
  ],
  [
    'WARM_ENI_TARGET fills the ENI as far as possible',
    { enis: [PRIMARY, HALF], pods: 9 },
    { action: 'add-addresses', count: 7 },
  ],
  [
    'WARM_IP_TARGET adds only what is missing',
    { env: { WARM_IP_TARGET: '2' }, enis: [{ ...PRIMARY, secondaryIps: ips(10, 4) }], pods: 4 },
    { action: 'add-addresses', count: 2 },
  ],
  [
    'missing addresses, limited by the room on the ENI',
    { env: { WARM_IP_TARGET: '9' }, enis: [{ ...PRIMARY, secondaryIps: ips(10, 7) }], pods: 4 },
    { action: 'add-addresses', count: 2 },
  ],
  [
    'prefixes: one if addresses are short although a whole prefix is free',
    {
      env: { ...PREFIX, WARM_PREFIX_TARGET: '2' },
      node: BIG,
      enis: [ownEni('eni-0', { ipv4Prefixes: ['10.0.0.0/28', '10.0.0.32/28'] })],
      pods: 3,
    },
    { action: 'add-prefixes', count: 1 },
  ],
  [
    'prefixes: WARM_PREFIX_TARGET minus the free ones',
    { env: { ...PREFIX, WARM_PREFIX_TARGET: '3' }, node: BIG, enis: [ONE_PREFIX] },
    { action: 'add-prefixes', count: 2 },
  ],
  [
    'prefixes: what is missing to WARM_IP_TARGET, rounded up',
    { env: { ...PREFIX, WARM_IP_TARGET: '17' }, node: BIG, enis: [ONE_PREFIX] },
    { action: 'add-prefixes', count: 1 },
  ],
  [
    'leftover single addresses occupy slots of prefixes',
    {
      env: { ...PREFIX, WARM_PREFIX_TARGET: '3' },
      node: BIG,
      enis: [{ ...ONE_PREFIX, secondaryIps: ips(40, 7) }],
    },
    { action: 'add-prefixes', count: 1 },
  ],
  [
    'a trunk gets no addresses',
    {
      enis: [PRIMARY, eni('eni-t', { interfaceType: 'trunk', deviceIndex: 2 })],
      pods: 9,
    },
    { action: 'attach-eni' },
  ],
  [
    'before 1.16.4 a trunk gets addresses like any other ENI',
    {
      agent: awsNode({}, 'n1', 'v1.16.3'),
      enis: [PRIMARY, eni('eni-t', { interfaceType: 'trunk', deviceIndex: 2 })],
      pods: 9,
    },
    { action: 'add-addresses', count: 9 },
  ],
  [
    'the primary ENI gets no addresses under custom networking',
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
    'the slot reserved for a trunk is not used',
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
];

describe('growing', () => {
  it.each(GROWING)('%s', (_what, setup, wanted) => {
    expect(nextOf(setup)).toMatchObject(wanted);
  });

  it('is unknown for an unknown instance type', () => {
    expect(
      nextOf({ env: { WARM_IP_TARGET: '3' }, node: { instanceType: 'new.large' }, enis: [PRIMARY], pods: 9 }),
    ).toBeNull();
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

  it('with a DaemonSet but no aws-node pod on the node', () => {
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
    'for two minutes after %s, but still releases',
    (error) => {
      const read = (count: number, at: number) =>
        upsert(
          'awsNodeMetrics',
          metrics('n1', { readAt: iso(at), apiErrors: { [`AssignPrivateIpAddresses/${error}`]: count } }),
        );
      const engine = engineWith({ ...GROWS, more: [read(1, AT)] });
      const next = () => get(engine, 'nodes', 'node:n1').pools[0]?.next;
      // The first reading does not show when the errors occurred.
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

  it('but retries at once after another error', () => {
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
