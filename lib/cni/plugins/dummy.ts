import { reading, type MainPlugin } from '../plugin';

/** An interface that leads nowhere; it only carries an address. */
export const dummy: MainPlugin = {
  kind: 'main',
  type: 'dummy',
  keys: [],
  read(config, { ipam }) {
    if (ipam === null) config.error('dummy needs an address: "ipam" is missing');
    return reading({
      parent: { kind: 'none', value: null },
      semantics: { perNode: true },
      description: 'dummy interface, which leads nowhere',
    });
  },
};
