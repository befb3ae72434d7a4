import type { MetaPlugin } from '../plugin';

/** Forwards ports of the node to the pod. */
export const portmap: MetaPlugin = {
  kind: 'meta',
  type: 'portmap',
  keys: ['backend', 'snat', 'conditionsV4', 'conditionsV6', 'masqAll', 'markMasqBit', 'externalSetMarkChain'],
  read: (config) => {
    if (config.get('markMasqBit') !== null && config.get('externalSetMarkChain') !== null) {
      config.error('Cannot specify externalSetMarkChain and markMasqBit');
    }
    return 'port mappings';
  },
};
