import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otherEni } from '../../e2e/testing/findings';
import { anEni, aSubnet } from '../../e2e/testing/records';
import { numberToIpv4, ipv4ToNumber } from '../model/ip';
import type { EniFact } from '../model/facts';
import type { EniRecord, SubnetRecord } from '../model/records';
import type { AddressState } from '../model/vocabulary';
import { SubnetBlocks } from '../topology/facts/blocks';
import {
  heldByEni,
  holdersOf,
  openWords,
  placeWords,
  stateAt,
  subnetMap,
  takenIn,
  type SubnetAddresses,
} from './subnet-map';

const subnetOf = (change: Partial<SubnetRecord> = {}): SubnetRecord =>
  aSubnet('subnet-1', { cidr: '10.0.0.0/26', heldByCluster: 0, ...change });

const address = (ip: string, state: AddressState, holder: string | null = null) => ({ ip, state, interface: holder });

const eniWith = (id: string, change: Partial<EniRecord>): EniRecord =>
  anEni('a', id, { subnet: 'subnet-1', prefixes: [], addresses: [], ...change });

function mapOf(subnet: SubnetRecord, enis: readonly EniRecord[]): SubnetAddresses {
  const map = subnetMap(subnet, takenIn(enis, subnet));
  if (map === null) throw new Error('no range');
  return map;
}

const MIXED = [
  eniWith('eni-1', {
    addresses: [
      address('10.0.0.5', 'primary'),
      address('10.0.0.6', 'assigned', 'if:core/upf-0/eth0'),
      address('10.0.0.7', 'warm'),
      address('10.0.0.8', 'cooling'),
      address('10.0.0.20', 'assigned', 'if:core/upf-1/eth0'),
    ],
    prefixes: [{ cidr: '10.0.0.16/28', size: 16, assigned: 1 }],
  }),
  eniWith('eni-2', { node: null, addresses: [address('10.0.0.40', 'unknown')] }),
  anEni('a', 'eni-3', { subnet: 'subnet-2', addresses: [address('10.0.0.50', 'assigned')] }),
];

describe('the addresses of a subnet', () => {
  it('are listed one by one', () => {
    const map = mapOf(subnetOf({ reservations: [{ cidr: '10.0.0.56/29', type: 'explicit' }] }), MIXED);
    const at = (ip: string) => stateAt(map, ipv4ToNumber(ip) - ipv4ToNumber('10.0.0.0'));
    expect(
      ['0', '3', '4', '5', '6', '7', '8', '16', '20', '31', '32', '40', '50', '56', '62', '63'].map((last) => [
        last,
        at(`10.0.0.${last}`),
      ]),
    ).toEqual([
      ['0', 'aws'],
      ['3', 'aws'],
      ['4', 'open'],
      ['5', 'primary'],
      ['6', 'assigned'],
      ['7', 'warm'],
      ['8', 'cooling'],
      ['16', 'prefix'],
      ['20', 'assigned'],
      ['31', 'prefix'],
      ['32', 'open'],
      ['40', 'unknown'],
      ['50', 'open'],
      ['56', 'reserved'],
      ['62', 'reserved'],
      ['63', 'aws'],
    ]);
    const { counts } = map;
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(64);
    expect(counts).toMatchObject({ aws: 5, prefix: 15, assigned: 2, reserved: 7 });
  });

  it.each([
    ['without an IPv4 range', { cidr: null }],
    ['with IPv6 alone', { cidr: null, ipv6Cidr: 'fd00::/64' }],
    ['with an invalid range', { cidr: 'nonsense' }],
  ])('of a subnet %s have no map', (_, change) => {
    expect(subnetMap(subnetOf(change), [])).toBeNull();
  });

  it('are described by address, state and holder', () => {
    const map = mapOf(subnetOf(), MIXED);
    expect(placeWords(map, 6, 1)).toBe('10.0.0.6 · assigned to a pod · eth0 of core/upf-0');
    expect(placeWords(map, 7, 1)).toMatch(/^10\.0\.0\.7 · warm · eni-1$/);
    expect(placeWords(map, 33, 1)).toBe('10.0.0.33 · held by no ENI of this cluster');
    expect(placeWords(map, 16, 16)).toBe('10.0.0.16/28 · 1 assigned to a pod · 15 in a prefix of an ENI, unused');
    expect(placeWords(map, 32, 16)).toBe('10.0.0.32/28 · 1 on an ENI, state not known · 15 held by none');
  });

  it('held by ENIs outside this cluster are attributed to them, and their blocks are not open', () => {
    const others = [
      otherEni('eni-nat', { interfaceType: 'nat_gateway', ips: ['10.0.0.35', 'fd00::1', '10.9.9.9'] }),
      otherEni('eni-own', { ips: ['10.0.0.5'] }),
    ];
    const map = mapOf(subnetOf({ others }), MIXED);
    expect(stateAt(map, 35)).toBe('other');
    expect(placeWords(map, 35, 1)).toBe('10.0.0.35 · on an ENI of a NAT gateway · eni-nat');
    // An address of an ENI of this cluster is attributed to that ENI.
    expect(stateAt(map, 5)).toBe('primary');
    expect(map.counts.other).toBe(1);
    expect(map.openBlocks).toEqual([]);
    expect(mapOf(subnetOf(), MIXED).openBlocks).toEqual([]);
    expect(mapOf(subnetOf({ others }), []).openBlocks).toEqual([16]);
    expect(placeWords(map, 32, 16)).toBe(
      '10.0.0.32/28 · 1 on an ENI, state not known · 1 on an ENI outside this cluster · 14 held by none',
    );
  });

  it.each([
    ['unknown', null, 'how many of them are free is not known'],
    ['all', 54, 'all of them are free'],
    ['taken after an ENI was deleted', 60, 'all of them are free'],
    ['some', 40, '40 are free and 14 are others’, which EC2 does not distinguish'],
  ])('are never called free if open: EC2’s count is %s', (_, availableAddresses, words) => {
    const subnet = subnetOf({ availableAddresses });
    const map = mapOf(subnet, [
      eniWith('eni-1', { addresses: [4, 5, 20, 21, 22].map((last) => address(`10.0.0.${last}`, 'warm')) }),
    ]);
    expect(openWords(subnet, map)).toBe(
      `54 held by no ENI of this cluster: ${words}. They contain 1 whole /28 block; 38 (70 %) are in no whole block.`,
    );
  });
});

describe('addresses that are hidden from the visitor', () => {
  const HIDDEN = [
    eniWith('eni-1', {
      addresses: [
        address('10.0.0.5', 'primary'),
        address('10.0.0.6', 'assigned', 'if:core/upf-0/eth0'),
        address('hidden-1', 'assigned'),
        address('hidden-2', 'warm'),
        address('hidden:1', 'warm'),
        address('hidden-1@10.0.0.16/28', 'assigned'),
      ],
      prefixes: [{ cidr: '10.0.0.16/28', size: 16, assigned: 1 }],
    }),
  ];

  it('have no position, and nothing is called free where they may be', () => {
    const map = mapOf(subnetOf({ availableAddresses: 30 }), HIDDEN);
    expect(map.counts).toMatchObject({ primary: 1, assigned: 1, prefix: 16, open: 41 });
    expect(openWords(subnetOf({ availableAddresses: 30 }), map)).toBe(
      'Which addresses are free is not shown to you: ENIs of this cluster hold 2 more addresses, which may be any of the 41 without a known holder. EC2 reports 30 free addresses in this subnet.',
    );
    expect(openWords(subnetOf(), map)).not.toContain('EC2');
    expect(placeWords(map, 32, 1, true)).toBe('10.0.0.32 · not shown to you, or held by no ENI of this cluster');
  });

  it('count for their ENI and node', () => {
    const map = mapOf(subnetOf(), HIDDEN);
    expect([...heldByEni(map)]).toEqual([['eni-1', 20]]);
    expect(holdersOf(map)).toEqual([{ node: 'node:a', held: 20, enis: 1, byPods: 1, namespaces: [['core', 1]] }]);
  });
});

describe('the holders of a subnet', () => {
  it('are listed by ENI: whole prefixes, the primary address, and addresses outside prefixes', () => {
    expect([...heldByEni(mapOf(subnetOf(), MIXED))]).toEqual([
      ['eni-1', 20],
      ['eni-2', 1],
    ]);
  });

  it('are listed by node, with the pods that have the addresses', () => {
    expect(holdersOf(mapOf(subnetOf(), MIXED))).toEqual([
      { node: 'node:a', held: 20, enis: 1, byPods: 2, namespaces: [['core', 2]] },
      { node: null, held: 1, enis: 1, byPods: 0, namespaces: [] },
    ]);
  });
});

describe('the blocks of a subnet', () => {
  it('[property] that are open are as many as the warm pools count', () => {
    const place = fc.integer({ min: 4, max: 1022 });
    fc.assert(
      fc.property(
        fc.array(place, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 62 }), { maxLength: 6 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 63 }), fc.constantFrom('explicit', 'prefix')), { maxLength: 4 }),
        (single, blocks, kept) => {
          const base = ipv4ToNumber('10.1.4.0');
          const ips = [...new Set(single)].map((at) => numberToIpv4(base + at));
          const ranges = [...new Set(blocks)].map((at) => `${numberToIpv4(base + at * 16)}/28`);
          const reservations = kept.map(([at, type]) => ({ cidr: `${numberToIpv4(base + at * 16)}/28`, type }));
          const subnet = subnetOf({ cidr: '10.1.4.0/22', reservations });
          const map = mapOf(subnet, [
            eniWith('eni-1', {
              addresses: ips.map((ip) => address(ip, 'warm')),
              prefixes: ranges.map((cidr) => ({ cidr, size: 16, assigned: 0 })),
            }),
          ]);
          const counted = new SubnetBlocks(() => undefined);
          const fact = { subnet: 'subnet-1', primaryIp: null, secondaryIps: ips, ipv4Prefixes: ranges };
          counted.replace(undefined, fact as unknown as EniFact);
          expect(map.openBlocks.length).toBe(counted.free('subnet-1', '10.1.4.0/22', reservations)?.all);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});
