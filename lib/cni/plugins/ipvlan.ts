import { readMtu, reading, type MainPlugin } from '../base/plugin';
import { readMaster } from './shared/master';

const MODES = ['l2', 'l3', 'l3s'];

/** Shares the parent's MAC, so a pod's MAC identifies the ENI, and all addresses must be on it (multus §2.2, §3.3). */
export const ipvlan: MainPlugin = {
  kind: 'main',
  type: 'ipvlan',
  fields: { master: 'string', mode: 'string', mtu: 'int', linkInContainer: 'bool' },
  read(config, context) {
    const mode = config.text('mode') ?? 'l2';
    if (!MODES.includes(mode)) config.error(`unknown ipvlan mode: "${mode}" (${MODES.join(', ')})`);
    if (context.ipam === null && context.position === 0) {
      config.error('ipvlan needs an address: without "ipam" it fails with "IPAM plugin returned missing IP config"');
    }
    if (mode !== 'l2' && context.ipam === 'dhcp')
      config.warn(`ipvlan in mode ${mode} sends and receives no broadcast, so DHCP gets no answer: use mode l2`);
    const linkInContainer = config.flag('linkInContainer');
    const { words, ...master } = readMaster(config, context, linkInContainer);
    return reading({
      ...master,
      mode,
      mtu: readMtu(config),
      semantics: { leavesNodeOnEni: !linkInContainer, macPolicy: 'parent', linkInContainer },
      description: `ipvlan in mode ${mode} on ${words}, whose MAC all its pods share`,
    });
  },
};
