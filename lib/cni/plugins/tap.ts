import { canonicalMac } from '../../model/ip';
import { readMtu, reading, type MainPlugin } from '../plugin';

/** A tap device in the pod, for a virtual machine; joins a bridge of the pod when one is named. */
export const tap: MainPlugin = {
  kind: 'main',
  type: 'tap',
  keys: ['multiQueue', 'mtu', 'mac', 'owner', 'group', 'selinuxContext', 'bridge'],
  read(config) {
    const mac = config.text('mac');
    if (mac !== null && canonicalMac(mac) === null) config.error(`"mac" is no MAC address: ${mac.slice(0, 64)}`);
    const bridge = config.text('bridge');
    return reading({
      parent: bridge === null ? { kind: 'none', value: null } : { kind: 'bridge', value: bridge },
      evidence: bridge === null ? 'a tap device hangs on no host interface' : `the config names bridge ${bridge}`,
      mtu: readMtu(config),
      semantics: { perNode: true },
      description: `tap device${bridge === null ? '' : ` on bridge ${bridge}`}`,
    });
  },
};
