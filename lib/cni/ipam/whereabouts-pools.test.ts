import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bigIntToIp } from '../../model/ip';
import {
  allocationIp,
  rangeInName,
  poolPrefix,
  reservationIp,
  reservationNames,
  reservationNetwork,
} from './whereabouts-pools';

describe('allocations (multus §4.2)', () => {
  it.each([
    // Counted from the network address, not from range_start.
    ['10.65.0.0/16', '1', '10.65.0.1'],
    ['10.65.0.128/25', '2', '10.65.0.130'],
    ['192.168.2.225/28', '1', '192.168.2.225'],
    ['10.65.0.0/16', '65536', null],
    ['fd00::/64', '18446744073709551615', 'fd00::ffff:ffff:ffff:ffff'],
    ['fd00::/64', '18446744073709551616', null],
    ['10.65.0.0/16', '-1', null],
    ['10.65.0.0/16', '0x1', null],
    ['10.65.0.0/16', '', null],
    ['x', '1', null],
  ])('%s + %s is %s', (range, offset, ip) => expect(allocationIp(range, offset)).toBe(ip));
});

it.each([
  ['10.65.0.0/16', '10.65.0.0-16'],
  ['192.168.2.225/28', '192.168.2.224-28'],
  ['fd00:1::/64', 'fd00-1---64'],
  ['x', null],
])('the name of a pool encodes %s as %s', (range, name) => expect(rangeInName(range)).toBe(name));

describe('poolPrefix', () => {
  it.each([
    ['10.65.0.0-16', '10.65.0.0/16', ''],
    ['blue-10.65.0.0-16', '10.65.0.0/16', 'blue'],
    ['blue-node-a-10.65.1.0-24', '10.65.1.0/24', 'blue-node-a'],
    ['192.168.2.225-28', '192.168.2.225/28', ''],
    ['fd00-1---64', 'fd00:1::/64', ''],
    ['blue-fd00-1---64', 'fd00:1::/64', 'blue'],
    ['210.65.0.0-16', '10.65.0.0/16', null],
    ['something', '10.65.0.0/16', null],
    ['10.65.0.0-16', null, null],
  ])('%s of %s: %j', (name, range, prefix) => expect(poolPrefix(name, range)).toBe(prefix));
});

describe('reservations', () => {
  it.each([
    ['10.65.0.7', ''],
    ['blue-10.65.0.7', 'blue'],
    ['net-1-10.65.0.7', 'net-1'],
    ['fd00--7', ''],
    ['blue-fd00--7', 'blue'],
    ['blue-fd00-0000-0000-0000-0000-0000-0000-0007', 'blue'],
    ['nothing', ''],
  ])('%s belongs to network %j', (name, network) => expect(reservationNetwork(name)).toBe(network));

  it.each([
    ['10.65.0.7', '10.65.0.7'],
    ['blue-10.65.0.7', '10.65.0.7'],
    ['net-1-10.65.0.7', '10.65.0.7'],
    ['fd00--7', 'fd00::7'],
    ['net-blue-fd00-1-2-3-4-5-6-7', 'fd00:1:2:3:4:5:6:7'],
    ['-', null],
    ['fd00-1--0', 'fd00:1::'],
    ['fd00-0000-0000-0000-0000-0000-0000-0007', 'fd00::7'],
    ['blue-fd00-0000-0000-0000-0000-0000-0000-0007', 'fd00::7'],
    ['10.65.0.256', null],
    ['nothing', null],
    ['', null],
  ])('%s → %s', (name, ip) => expect(reservationIp(name)).toBe(ip));

  it('every spelling of an address maps back to it', () => {
    const address = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value) => bigIntToIp(value, 4)),
      fc.bigInt({ min: 2n ** 125n, max: 2n ** 128n - 1n }).map((value) => bigIntToIp(value, 6)),
    );
    fc.assert(
      fc.property(address, (ip) => {
        for (const name of reservationNames(ip))
          for (const whole of [name, `zone-${name}`]) expect(reservationIp(whole)).toBe(ip);
      }),
      { seed: 9, numRuns: 500 },
    );
  });
});
