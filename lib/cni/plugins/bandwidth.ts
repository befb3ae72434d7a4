import type { Fields } from '../base/fields';
import type { MetaPlugin } from '../base/plugin';

const BANDWIDTH = {
  ingressRate: 'uint64',
  ingressBurst: 'uint64',
  egressRate: 'uint64',
  egressBurst: 'uint64',
} as const satisfies Fields;

/** Limits rates in both directions. */
export const bandwidth: MetaPlugin = {
  kind: 'meta',
  type: 'bandwidth',
  fields: { ...BANDWIDTH, runtimeConfig: { bandwidth: BANDWIDTH } },
  read(config) {
    for (const way of ['ingress', 'egress']) {
      const rate = config.whole(`${way}Rate`);
      const burst = config.whole(`${way}Burst`);
      if ((rate ?? 0) > 0 && (burst ?? 0) === 0) config.error(`"${way}Rate" needs "${way}Burst"`);
      if ((burst ?? 0) > 0 && (rate ?? 0) === 0) config.error(`"${way}Burst" needs "${way}Rate"`);
      // The kernel's token bucket counts bytes in 32 bits.
      if (Math.floor((burst ?? 0) / 8) >= 2 ** 32 - 1) config.error(`"${way}Burst" cannot be more than 4GB`);
    }
    return 'bandwidth limits';
  },
};
