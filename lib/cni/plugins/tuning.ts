import { readMac, readMtu, RUNTIME_MAC, type MetaPlugin } from '../base/plugin';
/** Sets sysctls, MAC, MTU and flags of the interface. With the capability `mac`, it applies a requested MAC (multus §1.3). */
export const tuning: MetaPlugin = {
  kind: 'meta',
  type: 'tuning',
  aliases: ['cnv-tuning'],
  fields: {
    dataDir: 'string',
    sysctl: { '*': 'string' },
    mac: 'string',
    promisc: 'bool',
    mtu: 'int',
    txQLen: 'int',
    allmulti: 'bool',
    runtimeConfig: RUNTIME_MAC,
    args: {
      cni: { sysctl: { '*': 'string' }, mac: 'string', promisc: 'bool', mtu: 'int', allmulti: 'bool', txQLen: 'int' },
    },
  },
  read(config) {
    readMtu(config);
    const args = config.object('args')?.object('cni');
    const runtime = config.object('runtimeConfig');
    // The pod's request takes precedence over the runtime's value, and that over the config's.
    if (args?.has('mac') === true) readMac(args);
    else readMac(runtime?.has('mac') === true && runtime.get('mac') !== '' ? runtime : config);
    if (!config.has('sysctl') && Object.keys(args?.object('sysctl')?.raw ?? {}).length > 0) {
      config.error('"args.cni.sysctl" without a "sysctl", on which the plugin crashes');
    }
    return 'kernel settings';
  },
};
