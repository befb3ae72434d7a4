import { readMtu, readVlan, reading, type MainPlugin } from '../plugin';

/** A port on an Open vSwitch bridge. The bridge may be called like a NIC and is none (multus.md §2.2). */
export const ovs: MainPlugin = {
  kind: 'main',
  type: 'ovs',
  keys: [
    'bridge',
    'vlan',
    'mtu',
    'trunk',
    'ofport_request',
    'interface_type',
    'configuration_path',
    'socket_file',
    'link_state_check_retries',
    'link_state_check_interval',
    'OvnPort',
  ],
  read(config, { resourceName }) {
    const bridge = config.text('bridge');
    const vlan = readVlan(config, 'vlan', 4095);
    const trunk = config.objects('trunk');
    if (bridge === null && resourceName === null) config.error('"bridge" is missing: which Open vSwitch bridge?');
    if (vlan !== null && trunk.length > 0) config.note('"vlan" and "trunk" are both set');
    return reading({
      parent: { kind: 'bridge', value: bridge },
      certainty: bridge === null ? 'unknown' : 'observed',
      evidence: `${bridge === null ? 'the config names no bridge' : `${bridge} is an Open vSwitch bridge`}; its uplink, if it has one, is set on the node`,
      vlan,
      mtu: readMtu(config),
      semantics: { kernelInterface: config.text('interface_type') !== 'dpdkvhostuser' },
      description:
        `port on Open vSwitch bridge ${bridge ?? '(not named)'}` +
        (vlan !== null ? `, VLAN ${vlan}` : trunk.length > 0 ? ', trunk' : ''),
    });
  },
};
