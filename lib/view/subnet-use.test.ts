import { expect, test } from 'vitest';
import type { SubnetRecord } from '../model/records';
import { anEni } from '../../e2e/testing/records';
import { addressesHeld, subnetUse } from './subnet-use';

const subnet = (change: Partial<SubnetRecord>): SubnetRecord =>
  ({ cidr: '10.6.0.0/24', availableAddresses: 163, heldByCluster: 60, ...change }) as SubnetRecord;

test.each<[Partial<SubnetRecord>, string | null]>([
  [{}, '251 = 163 free + 60 used by this cluster + 28 by others'],
  [{ heldByCluster: null }, '251 = 163 free + 88 used'],
  [{ availableAddresses: null }, '251 in total; free not known'],
  [
    { cidr: '10.6.0.0/18', availableAddresses: 15_996, heldByCluster: 373 },
    '16,379 = 15,996 free + 373 used by this cluster + 10 by others',
  ],
  [{ cidr: null }, null],
  [{ cidr: 'fd00::/64' }, null],
])('%o', (change, words) => {
  expect(subnetUse(subnet(change)).words).toBe(words);
});

test('a full subnet is full', () => {
  expect(subnetUse(subnet({ availableAddresses: 0 })).share).toBe(1);
});

test('an ENI holds its prefixes whole, its primary address, and what lies in no prefix', () => {
  const held = anEni('n1', 'eni-1', {
    prefixes: [
      { cidr: '10.6.0.16/28', size: 16, assigned: 2 },
      { cidr: 'fd00::/80', size: null, assigned: null },
    ],
    addresses: [
      { ip: '10.6.0.4', state: 'primary', interface: null },
      { ip: '10.6.0.17', state: 'assigned', interface: null },
      { ip: '10.6.0.40', state: 'warm', interface: null },
    ],
  });
  expect(addressesHeld(held)).toBe(18);
});
