import { readMac, readVlan, reading, RUNTIME_MAC, type MainPlugin } from '../base/plugin';
import type { ConfigReader } from '../base/reader';
import { oneOf, readVf } from './shared/vf';

/** A virtual function of a NIC, moved into the pod. */
export const sriov: MainPlugin = {
  kind: 'main',
  type: 'sriov',
  fields: {
    mac: 'string',
    mtu: 'int',
    vlan: 'int',
    vlanQoS: 'int',
    vlanProto: 'string',
    deviceID: 'string',
    min_tx_rate: 'int',
    max_tx_rate: 'int',
    spoofchk: 'string',
    trust: 'string',
    link_state: 'string',
    logLevel: 'string',
    logFile: 'string',
    runtimeConfig: RUNTIME_MAC,
  },
  read(config, { resourceName }) {
    const vlan = readVlan(config, 'vlan', 4094);
    for (const key of ['spoofchk', 'trust']) {
      const word = config.text(key);
      if (word !== null && word !== 'on' && word !== 'off')
        config.warn(`"${key}" is "${word.slice(0, 32)}", which counts as "off"`);
    }
    oneOf(config, 'link_state', ['auto', 'enable', 'disable']);
    checkTag(config, vlan);
    readMac(config, 'mac');
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

/** Checks the options that need a VLAN tag. */
function checkTag(config: ConfigReader, vlan: number | null): void {
  const qos = config.whole('vlanQoS');
  const written = config.get('vlanProto');
  const proto = typeof written === 'string' ? written.toLowerCase() : null;
  if (!config.has('vlan')) {
    if (qos !== null) config.error('"vlanQoS" needs a "vlan"');
    if (proto !== null) config.error('"vlanProto" needs a "vlan"');
    return;
  }
  if (qos !== null && (qos < 0 || qos > 7)) config.error(`invalid vlan QoS ${qos}: value must be between 0 and 7`);
  else if (qos !== null && qos > 0 && vlan === 0) config.error('"vlanQoS" needs a "vlan" other than 0');
  if (proto !== null && proto !== '802.1q' && proto !== '802.1ad') {
    config.error(`"vlanProto" is "${proto.slice(0, 32)}", not one of 802.1q, 802.1ad`);
  } else if (proto === '802.1ad' && vlan === 0) config.error('"vlanProto" 802.1ad needs a "vlan" other than 0');
}
