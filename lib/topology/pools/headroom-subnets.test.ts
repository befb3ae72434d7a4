/**
 * Headroom if several subnets provide a node's addresses: an ENI takes addresses from its own, and a new one is created
 * where discovery allows it (vpc-cni §1.1, §7).
 */
import { describe, expect, it } from 'vitest';
import type { EniFact, NodeFact } from '../../model/facts';
import type { Observation } from '../../model/observation';
import { awsNode, engineOf, get, node, ownEni, pod, subnet, upsert } from '../../../e2e/testing/facts';

const ips = (from: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `10.0.0.${String(from + index)}`);
const CNI = { 'kubernetes.io/role/cni': '1' };

interface Setup {
  /** Addresses on the primary ENI, all held by pods. */
  readonly held: number;
  readonly own: number;
  readonly others?: readonly Parameters<typeof subnet>[1][];
  readonly second?: Partial<EniFact>;
  readonly node?: Partial<NodeFact>;
  readonly env?: Readonly<Record<string, string>>;
  readonly more?: readonly Observation[];
}

const headroom = ({ held, own, others = [], second, node: of = {}, env = {}, more = [] }: Setup) =>
  get(
    engineOf([
      upsert('node', node('n1', { maxPods: 110, ...of })),
      upsert('pod', awsNode(env)),
      upsert('subnet', subnet('subnet-1', { availableAddresses: own })),
      ...others.map((other, index) => upsert('subnet', subnet(`subnet-${String(index + 2)}`, other))),
      upsert('eni', ownEni('eni-0', { primaryIp: '10.0.0.4', secondaryIps: ips(10, held) })),
      ...(second === undefined
        ? []
        : [upsert('eni', ownEni('eni-1', { deviceIndex: 1, primaryIp: '10.0.0.5', ...second }))]),
      ...ips(10, held).map((ip) => upsert('pod', pod(`p-${ip}`, { ips: [ip] }))),
      ...more,
    ]),
    'nodes',
    'node:n1',
  ).headroom;

const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' };
const reservation = (cidr: string, type: string): Observation =>
  upsert('subnetReservation', { id: `scr-${cidr}`, subnet: 'subnet-1', cidr, type });

// The primary ENI has one prefix, 10.0.0.240/28, and room for eight; the first block has the ENI and AWS' own addresses.
describe('headroom in a /24 with CIDR reservations', () => {
  const of = (own: number, ...more: readonly Observation[]) => {
    const range = upsert('subnet', subnet('subnet-1', { cidr: '10.0.0.0/24', availableAddresses: own }));
    const engine = engineOf([
      upsert('node', node('n1', { maxPods: 250 })),
      upsert('pod', awsNode(PREFIX)),
      range,
      upsert('eni', ownEni('eni-0', { primaryIp: '10.0.0.4', ipv4Prefixes: ['10.0.0.240/28'] })),
      ...more,
    ]);
    return { headroom: get(engine, 'nodes', 'node:n1').headroom, subnet: get(engine, 'subnets', 'subnet-1') };
  };

  it.each<[string, number, readonly Observation[], number]>([
    ['none: the free addresses in EC2 limit the blocks', 40, [], 16 + 32],
    ['for prefixes: not included in EC2’s free addresses', 0, [reservation('10.0.0.128/25', 'prefix')], 16 + 7 * 16],
    ['for prefixes, smaller than a block: provides no prefix', 0, [reservation('10.0.0.128/29', 'prefix')], 16],
    [
      'explicit: provides no prefix',
      200,
      [reservation('10.0.0.32/27', 'explicit'), reservation('10.0.0.64/26', 'explicit')],
      16 + 8 * 16,
    ],
    [
      'explicit: only what is outside of it is available',
      200,
      [reservation('10.0.0.64/26', 'explicit'), reservation('10.0.0.128/26', 'explicit')],
      16 + 6 * 16,
    ],
  ])('%s', (_what, own, reservations, pods) => {
    expect(of(own, ...reservations).headroom).toEqual({ pods, limitedBy: 'subnet' });
  });

  it('the subnet’s record contains what the reservations hold back', () => {
    expect(of(0, reservation('10.0.0.128/25', 'prefix')).subnet).toMatchObject({
      freePrefixes: 7,
      reservedPrefixes: 7,
      // Of 128, a prefix has 16, which includes the address that AWS keeps.
      reservedAddresses: 112,
    });
    expect(of(100, reservation('10.0.0.0/29', 'explicit')).subnet).toMatchObject({
      reservedPrefixes: 0,
      // Of eight, AWS keeps four, and one is the ENI's.
      reservedAddresses: 3,
    });
  });
});

// An m5.large has three ENIs of nine addresses each.
describe('headroom by subnet', () => {
  it.each<[string, Setup, object]>([
    ['addresses everywhere', { held: 3, own: 500 }, { pods: 24, limitedBy: 'slots' }],
    [
      'the primary ENI’s is exhausted: it cannot grow, two new ENIs can',
      { held: 3, own: 0, others: [{ availableAddresses: 500, tags: CNI }] },
      { pods: 18, limitedBy: 'subnet' },
    ],
    [
      'the other subnet has too little for an ENI of nine, which is created with all addresses or not at all',
      { held: 3, own: 0, others: [{ availableAddresses: 9, tags: CNI }] },
      { pods: 0, limitedBy: 'subnet' },
    ],
    [
      'the other subnet has just enough for an ENI of nine',
      { held: 3, own: 0, others: [{ availableAddresses: 10, tags: CNI }] },
      { pods: 9, limitedBy: 'subnet' },
    ],
    [
      'an address target creates a new ENI with the missing addresses, and then fills it individually',
      { held: 9, own: 5, env: { WARM_IP_TARGET: '3' } },
      { pods: 4, limitedBy: 'subnet' },
    ],
    [
      'the missing addresses are more than the subnet has',
      { held: 9, own: 5, env: { WARM_IP_TARGET: '5' } },
      { pods: 0, limitedBy: 'subnet' },
    ],
    [
      'MINIMUM_IP_TARGET adds a second ENI for the rest',
      { held: 9, own: 13, env: { WARM_IP_TARGET: '1', MINIMUM_IP_TARGET: '22' } },
      { pods: 9, limitedBy: 'subnet' },
    ],
    [
      'before v1.16.0, a new ENI gets as many addresses as there are after its creation',
      { held: 9, own: 5, more: [upsert('pod', awsNode({}, 'n1', 'v1.15.5'))] },
      { pods: 4, limitedBy: 'subnet' },
    ],
    [
      'the other subnet is not tagged',
      { held: 3, own: 0, others: [{ availableAddresses: 500 }] },
      { pods: 0, limitedBy: 'subnet' },
    ],
    [
      'the other subnet is in another zone',
      { held: 3, own: 0, others: [{ availableAddresses: 500, tags: CNI, zone: 'eu-west-1b' }] },
      { pods: 0, limitedBy: 'subnet' },
    ],
    [
      'the other subnet is exhausted, the primary ENI’s is not',
      { held: 3, own: 8, others: [{ availableAddresses: 0, tags: CNI }] },
      // Six fill the primary ENI; two are too few for a new ENI.
      { pods: 6, limitedBy: 'subnet' },
    ],
    [
      'the second ENI is in an exhausted subnet, the primary ENI is not',
      {
        held: 9,
        own: 12,
        others: [{ availableAddresses: 0, tags: CNI }],
        second: { subnet: 'subnet-2', secondaryIps: [] },
      },
      { pods: 9, limitedBy: 'subnet' },
    ],
    [
      'new ENIs use the subnet with the most free addresses',
      {
        held: 9,
        own: 0,
        others: [
          { availableAddresses: 6, tags: CNI },
          { availableAddresses: 20, tags: CNI },
        ],
      },
      { pods: 18, limitedBy: 'slots' },
    ],
  ])('%s', (_what, setup, wanted) => {
    expect(headroom(setup)).toEqual(wanted);
  });
});
