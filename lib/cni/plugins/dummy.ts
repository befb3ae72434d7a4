import { needsIpam, reading, type MainPlugin } from '../base/plugin';

/** An interface that only carries an address. */
export const dummy: MainPlugin = {
  kind: 'main',
  type: 'dummy',
  fields: {},
  read(config, { ipam }) {
    needsIpam(config, ipam);
    return reading({
      parent: { kind: 'none', value: null },
      semantics: { perNode: true },
      description: 'dummy interface, not connected to anything',
    });
  },
};
