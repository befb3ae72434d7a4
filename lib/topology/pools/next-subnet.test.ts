/** How subnets limit what ipamd does next (vpc-cni §2.4), on whole nodes. */
import { describe, expect, it } from 'vitest';
import type { Pool } from '../../model/records';
import { AT, awsNode, batch, eni, get, iso, ownEni, subnet, upsert } from '../../../e2e/testing/facts';
import {
  ips,
  engineWith,
  nextOf,
  PRIMARY,
  PREFIX,
  BIG,
  ONE_PREFIX,
  pods,
  type Setup,
  HALF,
} from '../../../e2e/testing/next-step';

const free = (availableAddresses: number | null, id = 'subnet-1', more = {}) =>
  upsert('subnet', subnet(id, { availableAddresses, ...more }));
type Case = readonly [what: string, setup: Setup, wanted: Partial<NonNullable<Pool['next']>>];
const SHORT: Setup = { env: { WARM_IP_TARGET: '5' }, enis: [{ ...PRIMARY, secondaryIps: ips(10, 4) }], pods: 4 };
const SECOND_DRY: Setup = {
  enis: [PRIMARY, { ...HALF, subnet: 'subnet-2', secondaryIps: [] }],
  pods: 9,
  more: [free(9), free(0, 'subnet-2')],
};
const CARD1 = { 'kubernetes.io/role/cni': '1' };
const ONE_SHORT: Setup = { env: { WARM_IP_TARGET: '1' }, enis: [PRIMARY], pods: 9 };
const CASES: readonly Case[] = [
  [
    'has as many addresses as are missing',
    { ...SHORT, more: [free(5)] },
    { action: 'add-addresses', count: 5, blockedBy: null },
  ],
  [
    'has fewer: the call fails, and one address is requested',
    { ...SHORT, more: [free(4)] },
    { action: 'add-addresses', count: 1, blockedBy: null },
  ],
  [
    'has no free address',
    { ...SHORT, more: [free(0)] },
    { action: 'add-addresses', count: 5, blockedBy: 'subnet-1 has no free address left' },
  ],
  [
    'has an unknown number of free addresses',
    { ...SHORT, more: [free(null)] },
    { action: 'add-addresses', count: 5, blockedBy: null },
  ],
  [
    'of the ENI is exhausted, but a new ENI may be created in another',
    { ...SHORT, more: [free(0), free(9, 'subnet-2', { tags: CARD1 })] },
    { action: 'attach-eni', count: 1, blockedBy: null },
  ],
  [
    'of the second ENI is exhausted, but a new ENI may be created in that of the first',
    { ...SECOND_DRY, env: { WARM_IP_TARGET: '5' } },
    { action: 'attach-eni', blockedBy: null },
  ],
  [
    'of the second ENI is exhausted: without subnet discovery, ipamd stops there',
    { ...SECOND_DRY, env: { WARM_IP_TARGET: '5', ENABLE_SUBNET_DISCOVERY: 'false' } },
    { action: 'add-addresses', blockedBy: 'subnet-2 has no free address left' },
  ],
  [
    'of the second ENI is exhausted: before v1.18.3, ipamd stops there even with subnet discovery',
    { ...SECOND_DRY, agent: awsNode({ WARM_IP_TARGET: '5' }, 'n1', 'v1.18.2') },
    { action: 'add-addresses', blockedBy: 'subnet-2 has no free address left' },
  ],
  [
    'of the second ENI is exhausted: since v1.18.3, ipamd continues',
    { ...SECOND_DRY, agent: awsNode({ WARM_IP_TARGET: '5' }, 'n1', 'v1.18.3') },
    { action: 'attach-eni', blockedBy: null },
  ],
  [
    'of the ENI is exhausted, and another is in another zone',
    { ...SHORT, more: [free(0), free(9, 'subnet-2', { tags: CARD1, zone: 'eu-west-1b' })] },
    { action: 'add-addresses', blockedBy: 'subnet-1 has no free address left' },
  ],
  [
    'of the second ENI is used when that of the first is exhausted',
    {
      ...SHORT,
      enis: [...SHORT.enis, { ...HALF, subnet: 'subnet-2', secondaryIps: [] }],
      more: [free(0), free(9, 'subnet-2')],
    },
    { action: 'add-addresses', count: 5, blockedBy: null },
  ],
  [
    'has one free address: too few for a new ENI, which uses one itself',
    { ...ONE_SHORT, more: [free(1)] },
    { action: 'attach-eni', blockedBy: 'no subnet has two free addresses for a new ENI (subnet-1)' },
  ],
  [
    'has two free addresses: enough for a new ENI under a target of one address',
    { ...ONE_SHORT, more: [free(2)] },
    { action: 'attach-eni', blockedBy: null },
  ],
  [
    'is one of several usable ones, all of which are named',
    { ...ONE_SHORT, more: [free(1), free(0, 'subnet-2', { tags: CARD1 })] },
    { action: 'attach-eni', blockedBy: 'no subnet has two free addresses for a new ENI (subnet-1, subnet-2)' },
  ],
  [
    'has nine free addresses: too few for a whole ENI of nine, requested in one call',
    { enis: [PRIMARY], pods: 9, more: [free(9)] },
    {
      action: 'attach-eni',
      blockedBy:
        'no subnet has 10 free addresses for a new ENI, which EC2 creates with all of them or not at all (subnet-1)',
    },
  ],
  [
    'has ten free addresses: enough for a whole ENI',
    { enis: [PRIMARY], pods: 9, more: [free(10)] },
    { action: 'attach-eni', blockedBy: null },
  ],
  [
    'of the primary ENI is excluded by its tag',
    { enis: [PRIMARY], pods: 0, more: [free(200, 'subnet-1', { tags: { 'kubernetes.io/role/cni': '0' } })] },
    { action: 'attach-eni', blockedBy: 'the tags of the subnets allow none for new ENIs' },
  ],
  [
    'of an ENIConfig that does not exist',
    {
      env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' },
      enis: [{ ...PRIMARY, secondaryIps: [] }],
      pods: 0,
      more: [{ op: 'status', source: { id: 'kubernetes/eniconfigs', state: 'live', asOf: iso(AT), reason: null } }],
    },
    { action: 'attach-eni', blockedBy: 'there is no ENIConfig default' },
  ],
  [
    'with prefixes: has sixteen free addresses, but no whole block',
    {
      env: PREFIX,
      node: BIG,
      enis: [ONE_PREFIX],
      pods: 0,
      more: [
        ...pods(16, 1),
        // A /26 has two whole blocks: the first one contains the gateway, the last one the broadcast address.
        free(30, 'subnet-1', { cidr: '10.0.0.0/26' }),
        upsert('eni', eni('eni-z', { instanceId: null, status: 'in-use', primaryIp: '10.0.0.40' })),
      ],
    },
    { action: 'add-prefixes', blockedBy: 'subnet-1 has no free /28 block left' },
  ],
  [
    'with prefixes: has a free block',
    {
      env: PREFIX,
      node: BIG,
      enis: [ONE_PREFIX],
      more: [...pods(16, 1), free(30, 'subnet-1', { cidr: '10.0.0.0/26' })],
    },
    { action: 'add-prefixes', count: 1, blockedBy: null },
  ],
  [
    'with prefixes: has an explicitly reserved block, which is not free',
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
    'with prefixes: has fewer than sixteen free addresses',
    { env: PREFIX, node: BIG, enis: [ONE_PREFIX], more: [...pods(16, 1), free(15)] },
    { action: 'add-prefixes', blockedBy: 'subnet-1 has no free /28 block left' },
  ],
  [
    'with prefixes: has one block where two are needed',
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
];

describe('the subnet', () => {
  it.each(CASES)('%s', (_what, setup, wanted) => {
    expect(nextOf(setup)).toMatchObject(wanted);
  });

  it('triggers an update only if it is decisive', () => {
    const engine = engineWith(SHORT);
    const blockedBy = () => get(engine, 'nodes', 'node:n1').pools[0]?.next?.blockedBy;
    expect(engine.apply(batch([free(190)]))?.tables.nodes).toBeUndefined();
    engine.apply(batch([free(0)]));
    expect(blockedBy()).toBe('subnet-1 has no free address left');
    // A subnet without an ENI of the node.
    engine.apply(batch([free(50, 'subnet-2', { tags: CARD1 })]));
    expect(get(engine, 'nodes', 'node:n1').pools[0]?.next).toMatchObject({ action: 'attach-eni', blockedBy: null });
    engine.apply(batch([free(1, 'subnet-2', { tags: CARD1 })]));
    expect(blockedBy()).toBe('subnet-1 has no free address left');
  });
});
