import { canonicalMac } from '../../model/ip';
import { readVlan, reading, type MainPlugin } from '../plugin';
import { oneOf, readVf } from './shared/vf';

/** A virtual function of a NIC, moved into the pod. */
export const sriov: MainPlugin = {
  kind: 'main',
  type: 'sriov',
  keys: [
    'vlan',
    'vlanQoS',
    'vlanProto',
    'mac',
    'spoofchk',
    'trust',
    'link_state',
    'min_tx_rate',
    'max_tx_rate',
    'mtu',
    'logLevel',
    'logFile',
  ],
  read(config, { resourceName }) {
    const vlan = readVlan(config, 'vlan', 4094);
    oneOf(config, 'spoofchk', ['on', 'off']);
    oneOf(config, 'trust', ['on', 'off']);
    oneOf(config, 'link_state', ['auto', 'enable', 'disable']);
    oneOf(config, 'vlanProto', ['802.1q', '802.1Q', '802.1ad']);
    const qos = config.whole('vlanQoS');
    if (qos !== null && (qos < 0 || qos > 7)) config.error(`invalid vlan QoS ${qos}: value must be between 0 and 7`);
    if (qos !== null && qos > 0 && (vlan ?? 0) === 0) config.error('"vlanQoS" needs a "vlan" other than 0');
    const mac = config.text('mac');
    if (mac !== null && canonicalMac(mac) === null) config.error(`"mac" is no MAC address: ${mac.slice(0, 64)}`);
    const vf = readVf(config, resourceName);
    return reading({
      ...vf,
      vlan,
      semantics: { leavesNodeOnEni: true, macPolicy: 'unknown', onePodPerDevice: vf.parent.kind === 'pci' },
      description:
        `SR-IOV virtual function${vf.parent.value === null ? '' : ` from ${vf.parent.value}`}` +
        (vlan === null || vlan === 0 ? '' : ` with VLAN ${vlan}`),
    });
  },
};
