import { needsIpam, readMtu, readVlan, reading, type MainPlugin } from '../base/plugin';
import { readMaster } from './shared/master';

/** A VLAN sub-interface of the parent, moved into the pod. */
export const vlan: MainPlugin = {
  kind: 'main',
  type: 'vlan',
  fields: { master: 'string', vlanId: 'int', mtu: 'int', linkInContainer: 'bool' },
  read(config, context) {
    if (config.text('master') === null) {
      config.error('"master" field is required. It specifies the host interface name to create the VLAN for.');
      return reading({
        parent: { kind: 'unknown', value: null },
        evidence: 'the config names no master, without which the plugin refuses it',
        description: 'a VLAN on an interface that the config does not name',
      });
    }
    needsIpam(config, context.ipam);
    const id = readVlan(config, 'vlanId', 4094);
    if (id === null && !config.has('vlanId')) config.warn('no "vlanId": the plugin uses VLAN 0');
    const linkInContainer = config.flag('linkInContainer');
    const { words, ...master } = readMaster(config, context, linkInContainer);
    return reading({
      ...master,
      vlan: id,
      mtu: readMtu(config),
      semantics: { leavesNodeOnEni: !linkInContainer, macPolicy: 'parent', linkInContainer },
      description: `VLAN ${id ?? 0} on ${words}`,
    });
  },
};
