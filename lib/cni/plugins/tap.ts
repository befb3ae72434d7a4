import { readMac, readMtu, reading, RUNTIME_MAC, type MainPlugin } from '../base/plugin';

/** A tap device in the pod, for a virtual machine; attached to a bridge of the pod if one is named. */
export const tap: MainPlugin = {
  kind: 'main',
  type: 'tap',
  fields: {
    multiQueue: 'bool',
    mtu: 'int',
    mac: 'string',
    owner: 'uint32',
    group: 'uint32',
    selinuxContext: 'string',
    bridge: 'string',
    runtimeConfig: RUNTIME_MAC,
  },
  read(config) {
    readMac(config, 'mac');
    const bridge = config.text('bridge');
    return reading({
      parent: bridge === null ? { kind: 'none', value: null } : { kind: 'bridge', value: bridge },
      evidence: bridge === null ? 'a tap device uses no host interface' : `the config names bridge ${bridge}`,
      mtu: readMtu(config),
      semantics: { perNode: true },
      description: `tap device${bridge === null ? '' : ` on bridge ${bridge}`}`,
    });
  },
};
