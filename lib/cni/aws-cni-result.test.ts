import { describe, expect, it } from 'vitest';
import { awsCniEntryKind, awsCniInterfaceName, eniOfRouteTable, isBookkeepingName } from './aws-cni-result';

// The table of multus §1.6, row by row.
describe('awsCniEntryKind', () => {
  it.each([
    ['before VPC CNI 1.13', { name: 'aws-cni', interface: 'eth0', ips: ['10.0.2.114'], default: true }, 'pod', 'eth0'],
    [
      'Multus up to 4.0',
      { name: 'aws-cni', interface: 'dummy0123456789a', ips: ['10.0.19.107'], default: true },
      'pod',
      'eth0',
    ],
    ['Multus 4.1, eth0', { name: 'aws-cni', interface: 'eth0', ips: ['10.0.0.5'], default: true }, 'pod', 'eth0'],
    [
      'Multus 4.1, bookkeeping',
      { name: 'aws-cni', interface: 'dummy0123456789a', ips: [], default: false },
      'bookkeeping',
      'eth0',
    ],
    ['IPv6 egress', { name: 'aws-cni', interface: 'v4if0', ips: [], default: false }, 'egress', 'v4if0'],
    ['IPv4 egress', { name: 'aws-cni', interface: 'v6if0', ips: [], default: false }, 'egress', 'v6if0'],
    ['multi-NIC', { name: 'aws-cni', interface: 'mNicIf2', ips: ['10.0.0.9'], default: false }, 'multi-nic', 'mNicIf2'],
    [
      'default-network override',
      { name: 'kube-system/vpc', interface: 'dummy0123456789a', ips: [], default: true },
      'bookkeeping',
      'eth0',
    ],
    ['no interface named', { name: 'aws-cni', interface: null, ips: ['10.0.0.5'], default: true }, 'pod', 'eth0'],
    [
      'another network',
      { name: 'telco/ipvlan', interface: 'net1', ips: ['10.1.0.5'], default: false },
      'other',
      'net1',
    ],
    [
      'a user’s own dummy interface',
      { name: 'telco/dummy', interface: 'dummy0', ips: [], default: false },
      'other',
      'dummy0',
    ],
  ])('%s', (_, entry, kind, name) => {
    expect(awsCniEntryKind(entry)).toBe(kind);
    expect(awsCniInterfaceName(entry)).toBe(name);
  });
});

it('a bookkeeping name has eleven hex digits', () => {
  expect(isBookkeepingName('dummydb68da92e6e')).toBe(true);
  expect(
    ['dummy', 'dummy0', 'dummydb68da92e6', 'dummydb68da92e6e0', 'dummydb68da92e6g', null].filter(isBookkeepingName),
  ).toEqual([]);
});

describe('eniOfRouteTable', () => {
  it.each([
    ['254', { card: 0, deviceIndex: 0 }],
    ['2', { card: 0, deviceIndex: 1 }],
    ['99', { card: 0, deviceIndex: 98 }],
    ['10100', { card: 1, deviceIndex: 0 }],
    ['13102', { card: 31, deviceIndex: 2 }],
    ['0', null],
    ['1', null],
    ['100', null],
    ['255', null],
    ['10000', null],
    ['10099', null],
    ['02:00:00:00:00:01', null],
    ['-2', null],
    ['2.0', null],
    [null, null],
  ])('%s', (mac, place) => expect(eniOfRouteTable(mac)).toEqual(place));
});
