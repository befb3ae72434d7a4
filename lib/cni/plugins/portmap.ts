import type { MetaPlugin } from '../base/plugin';
import type { ConfigReader } from '../base/reader';

/** Forwards ports of the node to the pod. */
export const portmap: MetaPlugin = {
  kind: 'meta',
  type: 'portmap',
  fields: {
    backend: 'string',
    snat: 'bool',
    conditionsV4: ['string'],
    conditionsV6: ['string'],
    masqAll: 'bool',
    markMasqBit: 'int',
    externalSetMarkChain: 'string',
    runtimeConfig: {
      portMappings: [{ hostPort: 'int', containerPort: 'int', protocol: 'string', hostIP: 'string' }],
    },
  },
  read: (config) => {
    if (config.get('markMasqBit') !== null && config.get('externalSetMarkChain') !== null) {
      config.error('Cannot specify externalSetMarkChain and markMasqBit');
    }
    const bit = config.whole('markMasqBit');
    if (bit !== null && (bit < 0 || bit > 31)) config.error('MasqMarkBit must be between 0 and 31');
    checkBackend(config);
    for (const mapping of config.object('runtimeConfig')?.objects('portMappings') ?? []) {
      for (const [key, what] of [
        ['containerPort', 'container'],
        ['hostPort', 'host'],
      ] as const) {
        const port = mapping.whole(key) ?? 0;
        if (port <= 0) config.error(`Invalid ${what} port number: ${port}`);
      }
    }
    return 'port mappings';
  },
};

/** Each backend rejects the other's options; without `backend`, the node decides which one runs. */
function checkBackend(config: ConfigReader): void {
  const written = config.get('backend');
  // If unset, it is iptables on nodes that have it.
  const backend = typeof written === 'string' ? written : 'iptables';
  if (backend !== 'iptables' && backend !== 'nftables') {
    config.error(`unrecognized backend "${backend.slice(0, 32)}"`);
    return;
  }
  const other = backend === 'iptables' ? 'nftables' : 'iptables';
  const conditions = (key: string): string | null => {
    const [first] = config.texts(key);
    if (first === undefined || first === '') return null;
    return /^[-!]/.test(first) ? 'iptables' : 'nftables';
  };
  const options = [
    ...(other === 'iptables' && config.has('externalSetMarkChain') ? ['externalSetMarkChain'] : []),
    ...['conditionsV4', 'conditionsV6'].filter((key) => conditions(key) === other),
  ];
  if (options.length === 0) return;
  if (written === null)
    config.warn(`${options.join(', ')} is for ${other}: without "backend" a node that has iptables refuses it`);
  else config.error(`backend ${backend} does not know ${options.join(', ')}, which ${other} has`);
}
