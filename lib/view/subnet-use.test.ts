import { expect, test } from 'vitest';
import type { SubnetRecord } from '../model/records';
import { subnetUse } from './subnet-use';

const subnet = (change: Partial<SubnetRecord>): SubnetRecord =>
  ({
    cidr: '10.6.0.0/24',
    availableAddresses: 163,
    heldByCluster: 60,
    reservedAddresses: 0,
    ...change,
  }) as SubnetRecord;

test.each<[Partial<SubnetRecord>, string | null]>([
  [{}, '251 = 163 free + 60 held by this cluster + 28 by others'],
  [{ heldByCluster: null }, '251 = 163 free + 88 held'],
  [
    { availableAddresses: 100, reservedAddresses: 63 },
    '251 = 100 free + 63 reserved and unused + 60 held by this cluster + 28 by others',
  ],
  [{ availableAddresses: null }, '251 in total; free not known'],
  [
    { cidr: '10.6.0.0/18', availableAddresses: 15_996, heldByCluster: 373 },
    '16,379 = 15,996 free + 373 held by this cluster + 10 by others',
  ],
  [{ cidr: null }, null],
  [{ cidr: 'fd00::/64' }, null],
])('%o', (change, words) => {
  expect(subnetUse(subnet(change)).words).toBe(words);
});

test('a full subnet is full', () => {
  expect(subnetUse(subnet({ availableAddresses: 0 })).share).toBe(1);
});

test.each<[Partial<SubnetRecord>, number | null]>([
  [{}, 28],
  [{ heldByCluster: 88 }, 0],
  // ENIs read later than the free addresses.
  [{ heldByCluster: 90 }, 0],
  [{ heldByCluster: null }, null],
  [{ availableAddresses: null }, null],
  [{ cidr: null }, null],
])('%o: used by others', (change, others) => {
  expect(subnetUse(subnet(change)).others).toBe(others);
});
