/**
 * What can be known about an interface's ENI from outside: multus §3.5, deliberately implemented independently of the
 * product. The best evidence decides; if it leaves two candidates, neither may be chosen.
 */
import { parseCidr } from '../../model/ip';
import type { Ec2Eni } from './ec2';
import { attachedEnis } from './enis';
import type { SimNetwork } from './network';
import type { SimNode } from './node';
import type { TrueInterface } from './pod';
import type { ClusterState } from './state';

/** What the APIs show about an interface’s ENI, and thus what may be concluded. */
export type Evidence = Pick<TrueInterface, 'rules' | 'observed' | 'candidates'>;

interface Reported {
  readonly ip: string | null;
  readonly mac: string | null;
}

const certain = (...rules: readonly string[]): Evidence => ({ rules, observed: true, candidates: [] });
const strong = (...rules: readonly string[]): Evidence => ({ rules, observed: false, candidates: [] });
const open = (candidates: readonly string[]): Evidence => ({ rules: [], observed: false, candidates });

/** ipvlan, VLAN and moved devices have their parent's MAC (multus §2.2). */
export const takesParentsMac = ({ plugin }: SimNetwork): boolean =>
  plugin === 'ipvlan' || plugin === 'host-device' || plugin === 'vlan';

/** The evidence for an interface in a network, given its reported status. */
export function evidenceFor(
  state: ClusterState,
  node: SimNode,
  network: SimNetwork,
  eni: Ec2Eni | undefined,
  { ip, mac }: Reported,
): Evidence {
  if (eni === undefined) return open([]);
  // Steps 1 and 2: what network-status and EC2 report.
  const direct = [
    ...(mac !== null && takesParentsMac(network) ? ['mac'] : []),
    ...(ip !== null && eni.secondaryIps.includes(ip) ? ['secondary-ip'] : []),
  ];
  if (direct.length > 0) return certain(...direct);
  // Step 3: an inventory of the node's links; a MAC in the config counts as much.
  if (network.naming === 'hwaddr') return certain('hwaddr', 'host-inventory');
  if (isListed(node, network, eni)) return certain('host-inventory', 'device-info');
  // Step 4: the only ENI in the subnet of the address or range.
  const neighbours = inSubnet(state, node, network, ip);
  if (neighbours.length > 1) return open(neighbours);
  if (neighbours.length === 1) return neighbours[0] === eni.id ? strong('subnet') : open([]);
  // Steps 5 and 6: the link name.
  if (network.naming === 'default-route') return strong('default-route-nic');
  return network.naming === 'name' && namesFollowDevices(node) ? strong('name-heuristic') : open([]);
}

function isListed(node: SimNode, network: SimNetwork, eni: Ec2Eni): boolean {
  if (network.naming === 'name') return node.inventory !== null && node.links.some((link) => link.eniId === eni.id);
  // nmstate lists no PCI addresses.
  return network.naming === 'pci' && node.inventory === 'sriov' && node.links.some((link) => link.eniId === eni.id);
}

/** Non-primary ENIs whose subnet contains the address, or the range when no address is reported. */
function inSubnet(state: ClusterState, node: SimNode, network: SimNetwork, ip: string | null): string[] {
  const range = network.ipam === null ? null : parseCidr(network.ipam.range);
  return attachedEnis(state, node).flatMap((other) => {
    if (other.id === node.primaryEni || other.type === 'trunk' || other.type === 'efa-only') return [];
    const subnet = state.ec2.subnet(other.subnetId);
    const own = parseCidr(subnet.cidr);
    if (ip !== null) return subnet.contains(ip) ? [other.id] : [];
    return range !== null && own !== null && range.first >= own.first && range.last <= own.last ? [other.id] : [];
  });
}

/** `eth1` is device 1 where links are numbered in order (multus §3.4); with several cards, a number is less conclusive. */
const namesFollowDevices = (node: SimNode): boolean =>
  (node.facts.os === 'al2' || node.facts.os === 'bottlerocket') && (node.type?.cards ?? 1) === 1;
