import { reading, type MainPlugin } from '../base/plugin';
import type { Fields } from '../base/fields';
import type { ConfigReader } from '../base/reader';

const SIDE = {
  engine: 'string',
  iftype: 'string',
  netType: 'string',
  memif: { role: 'string', mode: 'string', socketfile: 'string' },
  vhost: { mode: 'string', group: 'string', socketfile: 'string' },
  bridge: { bridgeName: 'string', bridgeId: 'int', vlanId: 'int' },
} as const satisfies Fields;

const ENGINES = ['vpp', 'ovs-dpdk', 'linux'];
const TYPES = ['memif', 'vhostuser'];

/** An interface outside the kernel, shared with VPP or OVS-DPDK on the node: no kernel NIC, often no MAC (multus §2.2). */
export const userspace: MainPlugin = {
  kind: 'main',
  type: 'userspace',
  fields: {
    kubeconfig: 'string',
    sharedDir: 'string',
    logFile: 'string',
    logLevel: 'string',
    host: SIDE,
    container: SIDE,
  },
  read(config) {
    const host = config.object('host');
    const container = config.object('container');
    if (host === null) config.error('"host" is missing: which engine on the node?');
    const engine = readSide(config, host, 'host');
    readSide(config, container, 'container');
    const bridge = host?.object('bridge')?.text('bridgeName') ?? null;
    const words = [engine.type, engine.detail, engine.name === null ? null : `through ${engine.name}`];
    return reading({
      parent: bridge === null ? { kind: 'none', value: null } : { kind: 'bridge', value: bridge },
      evidence: 'a userspace interface is not a kernel interface of the node',
      mode: engine.type,
      semantics: { macPolicy: 'unknown', kernelInterface: false },
      description: `userspace interface: ${words.filter((word) => word !== null).join(' ') || 'not described'}`,
    });
  },
};

function readSide(
  config: ConfigReader,
  side: ConfigReader | null,
  where: string,
): { readonly name: string | null; readonly type: string | null; readonly detail: string | null } {
  const name = side?.text('engine') ?? null;
  const type = side?.text('iftype') ?? null;
  if (name !== null && !ENGINES.includes(name)) config.warn(`${where}: unknown engine "${name}"`);
  if (type !== null && !TYPES.includes(type)) config.warn(`${where}: unknown iftype "${type}"`);
  const detail =
    type === 'memif'
      ? (side?.object('memif')?.text('role') ?? null)
      : type === 'vhostuser'
        ? (side?.object('vhost')?.text('mode') ?? null)
        : null;
  return { name, type, detail };
}
