import { readMtu, reading, type MainPlugin } from '../plugin';

/** A veth pair between pod and host, routed. */
export const ptp: MainPlugin = {
  kind: 'main',
  type: 'ptp',
  keys: ['ipMasq', 'ipMasqBackend', 'mtu'],
  read(config, { ipam }) {
    if (ipam === null) config.error('ptp needs an address: "ipam" is missing');
    return reading({
      parent: { kind: 'none', value: null },
      mtu: readMtu(config),
      semantics: { perNode: true },
      description: `point-to-point link between pod and node${config.flag('ipMasq') ? ', masqueraded' : ''}`,
    });
  },
};
