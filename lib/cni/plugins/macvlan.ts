import { readMac, readMtu, reading, RUNTIME_MAC, type MainPlugin } from '../base/plugin';
import { readMaster } from './shared/master';

const MODES = ['bridge', 'private', 'vepa', 'passthru'];

/** Has its own MAC on the parent: a VPC drops packets from a MAC that it did not assign (multus §3.3). */
export const macvlan: MainPlugin = {
  kind: 'main',
  type: 'macvlan',
  fields: {
    master: 'string',
    mode: 'string',
    mtu: 'int',
    mac: 'string',
    linkInContainer: 'bool',
    bcqueuelen: 'uint32',
    runtimeConfig: RUNTIME_MAC,
  },
  read(config, context) {
    const mode = config.text('mode') ?? 'bridge';
    if (!MODES.includes(mode)) config.error(`unknown macvlan mode: "${mode}" (${MODES.join(', ')})`);
    const mac = config.text('mac');
    const runtime = config.object('runtimeConfig');
    readMac(runtime?.text('mac') != null ? runtime : config);
    if (mac !== null) config.warn(`"mac" is the same for every pod: two pods on one node conflict`);
    config.whole('bcqueuelen');
    const linkInContainer = config.flag('linkInContainer');
    const { words, ...master } = readMaster(config, context, linkInContainer);
    return reading({
      ...master,
      mode,
      mtu: readMtu(config),
      semantics: {
        macPolicy: mode === 'passthru' ? 'parent' : 'own',
        onePodPerDevice: mode === 'passthru',
        linkInContainer,
      },
      description: `macvlan in mode ${mode} on ${words}, with a MAC of its own for every pod`,
    });
  },
};
