import { parseCidr } from '../../model/ip';
import type { PluginContext } from '../base/plugin';
import type { ConfigReader } from '../base/reader';
import { overlay } from './shared/overlay';

/** Characters: one range of each family is usual. */
const MAX_SUBNETS = 1_024;

const TOPOLOGIES = ['layer2', 'layer3', 'localnet'];

/** What OVN-Kubernetes' control plane refuses (`ValidateNetConf`): no pod on the network gets an annotation then. */
function check(config: ConfigReader, topology: string | null, { ipam }: PluginContext): void {
  const role = config.text('role');
  if (topology !== null && !TOPOLOGIES.includes(topology))
    config.error(`topology "${topology.slice(0, 32)}" is not supported (${TOPOLOGIES.join(', ')})`);
  if (ipam !== null) config.error('IPAM key is not supported: OVN-Kubernetes assigns the addresses of "subnets"');
  if (topology === 'layer3' && config.flag('allowPersistentIPs'))
    config.error('layer3 topology does not allow persistent IPs');
  if (role !== null && role !== 'primary' && role !== 'secondary')
    config.error(`invalid network role value ${role.slice(0, 32)}`);
  if (role === 'primary' && topology === 'localnet')
    config.error('"localnet" topology does not allow role "primary": it is always a secondary network');
  if (role === 'primary' && topology === 'layer2' && config.text('subnets') === null)
    config.error('the subnet attribute must be defined for layer2 primary user defined networks');
}

/** `CIDR,CIDR`; on layer 3 each with the length of a node's part behind it (`10.128.0.0/16/24`). */
const rangesIn = (subnets: string | null): readonly string[] =>
  (subnets ?? '')
    .slice(0, MAX_SUBNETS)
    .split(',')
    .flatMap((text) => {
      const [network = '', length = ''] = text.trim().split('/');
      return parseCidr(`${network}/${length}`)?.text ?? [];
    });

/** OVN-Kubernetes: layer 2 or 3 overlays, or `localnet` on a bridge that the node maps to a physical network. */
export const ovnKubernetes = overlay('ovn-k8s-cni-overlay', 'OVN-Kubernetes overlay', {
  read: (config, context) => {
    const topology = config.text('topology');
    const vlan = config.whole('vlanID');
    const physical = config.text('physicalNetworkName');
    const nad = config.text('netAttachDefName');
    const subnets = config.text('subnets');
    check(config, topology, context);
    const ownName =
      nad === null || topology === null
        ? null
        : ({ key: 'netAttachDefName', value: nad, form: 'NAMESPACE/NAME', by: 'OVN-Kubernetes' } as const);
    const ranges = rangesIn(subnets);
    const addresses = subnets === null ? '' : `, subnets ${subnets.slice(0, 128)}`;
    if (topology === 'localnet') {
      return {
        mode: topology,
        vlan,
        ownName,
        ranges,
        evidence: 'the node maps the physical network to an OVS bridge; the config does not say which',
        certainty: 'unknown',
        description: `OVN-Kubernetes localnet on physical network ${physical ?? config.text('name') ?? '(not named)'}${vlan === null ? '' : `, VLAN ${vlan}`}${addresses}`,
      };
    }
    return {
      mode: topology,
      ownName,
      ranges,
      description: `OVN-Kubernetes overlay${topology === null ? '' : `, ${topology}`}${addresses}`,
    };
  },
});
