/** Stand-ins for addresses as keys of entries: they sort after all addresses and are not indexed. */
import { expect, it } from 'vitest';
import { anEni, recordMaps } from '../../e2e/testing/records';
import { hiddenAddress } from '../model/hidden-address';
import { applyEntries, compareKeys } from './keyed';
import { createReplica } from './replica';

const entry = (ip: string) => ({ ip, state: 'warm', interface: null }) as const;
const inOrder = [
  '10.0.0.4',
  '192.168.0.1',
  'fd00::1',
  ...[1, 2, 9, 10].map((number) => hiddenAddress(4, number)),
  hiddenAddress(4, 1, '10.0.0.16/28'),
];

it('hidden keys are sorted after the addresses, by number', () => {
  expect(inOrder.toReversed().sort(compareKeys)).toEqual(inOrder);
  const list = inOrder.map(entry);
  const removed = applyEntries(list, { put: [], drop: ['10.0.0.4', 'hidden-2'] }, 'ip');
  expect(applyEntries(removed, { put: [entry('hidden-2'), entry('10.0.0.4')], drop: [] }, 'ip')).toEqual(list);
});

it('hidden keys are not in the index of owners', () => {
  const replica = createReplica();
  replica.reset(recordMaps({ enis: [anEni(null, 'eni-1', { addresses: inOrder.map(entry) })] }), replica.cluster);
  expect([...replica.indexes.ownersByIp.keys()]).toEqual(['10.0.0.4', '192.168.0.1', 'fd00::1']);
});
