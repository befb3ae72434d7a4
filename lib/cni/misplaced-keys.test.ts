import { expect, it } from 'vitest';
import { readNetworkConfig } from './config';

const HOST_LOCAL = { type: 'host-local', subnet: '10.0.0.0/24' };
const WHEREABOUTS = { type: 'whereabouts', range: '10.0.0.0/24' };
const MACVLAN = { type: 'macvlan', master: 'eth1', ipam: HOST_LOCAL };
const DID = (key: string): string => `did you mean "${key}"?`;

/** A config, the key in it that is not read, and the hint; an empty one if there is none. */
const KEYS: readonly (readonly [config: object, key: string, hint: string])[] = [
  [{ type: 'macvlan', parent: 'eth1' }, 'parent', DID('master')],
  [{ ...MACVLAN, parent: 'eth1' }, 'parent', ''],
  [{ ...MACVLAN, macvlan_mode: 'vepa' }, 'macvlan_mode', DID('mode')],
  [{ type: 'bridge', bridgeName: 'br0' }, 'bridgeName', DID('bridge')],
  [{ type: 'ovs', bridge: 'br0', vlan_tag: 5 }, 'vlan_tag', DID('vlan')],
  [{ type: 'sriov', maxTxRate: 5 }, 'maxTxRate', DID('max_tx_rate')],
  [{ type: 'host-device', pci_bus_id: '0000:00:06.0' }, 'pci_bus_id', DID('pciBusID')],
  [{ ...MACVLAN, ipam: { ...HOST_LOCAL, 'range-start': '10.0.0.5' } }, 'range-start', DID('rangeStart')],
  [{ ...MACVLAN, ipam: { ...WHEREABOUTS, rangeStart: '10.0.0.5' } }, 'rangeStart', DID('range_start')],
  [
    { ...MACVLAN, ipam: { ...WHEREABOUTS, enableOverlappingRanges: true } },
    'enableOverlappingRanges',
    DID('enable_overlapping_ranges'),
  ],
  [{ ...MACVLAN, subnet: '10.0.0.0/24' }, 'subnet', 'it belongs in "ipam"'],
  [{ ...MACVLAN, ipam: WHEREABOUTS, range: '10.0.0.0/24' }, 'range', 'it belongs in "ipam"'],
  [{ ...MACVLAN, ipam: { ...HOST_LOCAL, mtu: 9000 } }, 'mtu', 'it belongs beside "ipam"'],
  [{ ...MACVLAN, ipam: { type: 'static', address: '10.0.0.5/24' } }, 'address', 'it belongs in "addresses"'],
  [{ ...MACVLAN, sysctl: { a: '1' } }, 'sysctl', 'tuning reads it, as a further element of "plugins"'],
  [{ master: 'eth1', plugins: [MACVLAN] }, 'master', 'it belongs in an element of "plugins"'],
  [
    { type: 'sriov', resourceName: 'intel.com/vf' },
    'resourceName',
    'it belongs in the annotation k8s.v1.cni.cncf.io/resourceName',
  ],
];

it.each(KEYS)('%j: %s is not read: %s', (config, key, hint) => {
  const { problems } = readNetworkConfig(JSON.stringify({ cniVersion: '0.3.1', name: 'n', ...config }), null);
  const wanted = `key "${key}" is not read${hint === '' ? '' : `; ${hint}`}`;
  expect(problems.map((text) => text.slice(text.indexOf('key ')))).toContain(wanted);
});
