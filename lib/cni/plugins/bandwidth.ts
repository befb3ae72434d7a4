import type { MetaPlugin } from '../plugin';

/** Limits rates in both directions. */
export const bandwidth: MetaPlugin = {
  kind: 'meta',
  type: 'bandwidth',
  keys: ['ingressRate', 'ingressBurst', 'egressRate', 'egressBurst', 'unshapedSubnets', 'shapedSubnets'],
  read(config) {
    for (const way of ['ingress', 'egress']) {
      const rate = config.whole(`${way}Rate`);
      const burst = config.whole(`${way}Burst`);
      if (rate !== null && rate > 0 && (burst ?? 0) === 0) config.error(`"${way}Rate" needs "${way}Burst"`);
    }
    return 'bandwidth limits';
  },
};
