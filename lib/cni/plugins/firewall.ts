import type { MetaPlugin } from '../base/plugin';

/** Lets the pod's addresses through the node's firewall. */
export const firewall: MetaPlugin = {
  kind: 'meta',
  type: 'firewall',
  fields: { backend: 'string', iptablesAdminChainName: 'string', firewalldZone: 'string', ingressPolicy: 'string' },
  read: (config) => {
    const policy = config.text('ingressPolicy');
    if (policy !== null && !['open', 'same-bridge', 'isolated'].includes(policy)) {
      config.error(`unknown ingress policy: "${policy}"`);
    }
    return 'firewall rules';
  },
};
