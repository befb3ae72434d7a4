import { readMtu, readTrunk, readVlan, noNulls, reading, type MainPlugin, type TrunkEntry } from '../base/plugin';
import type { ConfigReader } from '../base/reader';

/** A port on an Open vSwitch bridge. The bridge may have a NIC's name without being one (multus §2.2). */
export const ovs: MainPlugin = {
  kind: 'main',
  type: 'ovs',
  fields: {
    bridge: 'string',
    vlan: 'uint',
    mtu: 'int',
    trunk: [{ minID: 'uint', maxID: 'uint', id: 'uint' }],
    deviceID: 'string',
    ofport_request: 'uint',
    interface_type: 'string',
    configuration_path: 'string',
    socket_file: 'string',
    link_state_check_retries: 'int',
    link_state_check_interval: 'int',
  },
  read(config, { resourceName }) {
    const bridge = config.text('bridge');
    const vlan = readVlan(config, 'vlan', 4095);
    const trunk = readTrunk(config, 'trunk');
    noNulls(config, 'trunk');
    checkTrunk(config, trunk);
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

/** Each entry is an ID, or a range with both ends; an entry with neither has no effect. */
function checkTrunk(config: ConfigReader, trunk: readonly TrunkEntry[]): void {
  for (const { minID, maxID } of trunk) {
    if (minID !== null && minID > 4096) config.error('incorrect trunk minID parameter');
    else if (maxID !== null && maxID > 4096) config.error('incorrect trunk maxID parameter');
    else if (maxID !== null && maxID < (minID ?? 0)) config.error('minID is greater than maxID in trunk parameter');
  }
  const adds = ({ minID, maxID, id }: TrunkEntry): boolean => id !== null || ((minID ?? 0) > 0 && (maxID ?? 0) > 0);
  if (trunk.length > 0 && !trunk.some(adds)) config.error('trunk parameter is misconfigured');
}
