import { needsIpam, readMtu, reading, type MainPlugin } from '../base/plugin';

/** A veth pair between pod and host, routed. */
export const ptp: MainPlugin = {
  kind: 'main',
  type: 'ptp',
  fields: { ipMasq: 'bool', ipMasqBackend: 'string', mtu: 'int' },
  read(config, { ipam }) {
    needsIpam(config, ipam);
    return reading({
      parent: { kind: 'none', value: null },
      mtu: readMtu(config),
      semantics: { perNode: true },
      description: `point-to-point link between pod and node${config.flag('ipMasq') ? ', masqueraded' : ''}`,
    });
  },
};
