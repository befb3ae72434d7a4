import { describe, expect, test } from 'vitest';
import { CLUSTER_NETWORK } from '../../model/ids';
import type { EniAddress, EniRecord } from '../../model/records';
import { createCluster } from '../../../e2e/testing/layout';
import { changedSlots } from './changed-slots';

const base = createCluster().node('n').eni('n', { id: 'eni-1' }).build().records.enis.get('eni-1');
if (base === undefined) throw new Error('the fixture has an ENI');
const one: EniRecord = base;
const address = (ip: string, state: EniAddress['state'], holder: string | null = null): EniAddress => ({
  ip,
  state,
  interface: holder,
});
const eni = (addresses: readonly EniAddress[], prefixes: EniRecord['prefixes'] = []): EniRecord => ({
  ...one,
  addresses,
  prefixes,
});
const changed = (before: EniRecord, after: EniRecord) =>
  [...changedSlots(before, after, (id) => (id === 'if:a/b/net1' ? 'net:core/n6' : CLUSTER_NETWORK))].map(
    ([ip, item]) => [ip, item === null ? null : `${item.style} ${item.network}`],
  );
const block = [{ cidr: '10.0.4.16/28', size: 16, assigned: 1 }];

describe('the previous content of a slot', () => {
  test('an address taken by a pod was warm', () =>
    expect(changed(eni([address('10.0.1.5', 'warm')]), eni([address('10.0.1.5', 'assigned', 'if:a/b/eth0')]))).toEqual([
      ['10.0.1.5', 'warm cluster'],
    ]));
  test('an address released by a pod had its network’s colour', () =>
    expect(
      changed(eni([address('10.6.0.5', 'assigned', 'if:a/b/net1')]), eni([address('10.6.0.5', 'unclaimed')])),
    ).toEqual([['10.6.0.5', 'assigned net:core/n6']]));
  test('a new address was free capacity', () =>
    expect(changed(eni([]), eni([address('10.0.1.5', 'warm')]))).toEqual([['10.0.1.5', null]]));
  test('unchanged addresses are not listed', () =>
    expect(changed(eni([address('10.0.1.5', 'warm')]), eni([address('10.0.1.5', 'warm')]))).toEqual([]));
  test('a deleted address has no slot', () => expect(changed(eni([address('10.0.1.5', 'warm')]), eni([]))).toEqual([]));
  test('a prefix cell is available before and after a pod', () => {
    const held = eni([address('10.0.4.20', 'assigned', 'if:a/b/eth0')], block);
    expect(changed(eni([], block), held)).toEqual([['10.0.4.20', 'warm cluster']]);
    expect(changed(held, eni([], block))).toEqual([['10.0.4.20', 'assigned cluster']]);
  });
});
