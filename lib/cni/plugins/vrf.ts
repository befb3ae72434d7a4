import type { MetaPlugin } from '../base/plugin';

/** Puts the interface into a routing domain of its own within the pod. */
export const vrf: MetaPlugin = {
  kind: 'meta',
  type: 'vrf',
  fields: { vrfname: 'string', table: 'uint32' },
  read: (config) => {
    const name = config.text('vrfname');
    if (name === null) config.error('configuration is expected to have a valid vrf name: "vrfname" is missing');
    config.whole('table');
    return `VRF ${name ?? '(not named)'}`;
  },
};
