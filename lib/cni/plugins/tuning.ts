import { canonicalMac } from '../../model/ip';
import { readMtu, type MetaPlugin } from '../plugin';
/** Sysctls, MAC, MTU and flags of the interface. With capability `mac` it is what honours a requested MAC (multus.md §1.3). */
export const tuning: MetaPlugin = {
  kind: 'meta',
  type: 'tuning',
  keys: ['sysctl', 'mac', 'promisc', 'mtu', 'allmulti', 'txQLen', 'dataDir'],
  read(config) {
    const mac = config.text('mac');
    if (mac !== null && canonicalMac(mac) === null) config.error(`"mac" is no MAC address: ${mac.slice(0, 64)}`);
    readMtu(config);
    config.object('sysctl');
    return 'kernel settings';
  },
};
