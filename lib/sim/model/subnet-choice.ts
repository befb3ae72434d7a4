/** Which subnets ipamd takes addresses from (vpc-cni §1.1), deliberately implemented independently of the product. */
import type { SimNode } from './node';
import { isRelease } from './release';
import type { ClusterState } from './state';
import type { SimSubnet } from './subnet';

const ROLE = 'kubernetes.io/role/cni';
const CLUSTER = 'cni.networking.k8s.aws/cluster/';

/** Whether the subnet is tagged only for other clusters; the tag is read since 1.22.1, and only on subnets with the role tag. */
function isOfOthers(node: SimNode, subnet: SimSubnet): boolean {
  const { clusterName = '', version = '' } = node.cni ?? {};
  const named = Object.keys(subnet.tags).filter((key) => key.startsWith(CLUSTER));
  if (clusterName === '' || named.length === 0 || !isRelease(version, [1, 22, 1])) return false;
  return (subnet.tags[ROLE] ?? '') !== '' && !named.includes(CLUSTER + clusterName);
}

const discovers = (node: SimNode): boolean => node.cni?.subnetDiscovery === true && node.podSubnet === null;

/** Whether addresses of ENIs in this subnet, including the primary ENI's, are not for pods (since 1.22.0). */
export function isExcludedSubnet(node: SimNode, subnet: SimSubnet): boolean {
  if (!discovers(node) || !isRelease(node.cni?.version ?? '', [1, 22, 0])) return false;
  return subnet.tags[ROLE] === '0' || isOfOthers(node, subnet);
}

/** Subnets in which the next ENI may be created, the one with the most free addresses first. */
export function subnetsForNewEni(state: ClusterState, node: SimNode): SimSubnet[] {
  if (node.podSubnet !== null) return [state.ec2.subnet(node.podSubnet.subnetId)];
  if (node.subnetId === null) return [];
  const own = state.ec2.subnet(node.subnetId);
  if (!discovers(node)) return [own];
  const allowed = (subnet: SimSubnet): boolean => {
    const role = subnet.tags[ROLE] ?? '';
    return role === '' ? subnet === own : role !== '0' && !isOfOthers(node, subnet);
  };
  return [...state.ec2.subnets.values()]
    .filter((subnet) => subnet.vpc === own.vpc && subnet.zone === own.zone && allowed(subnet))
    .sort((a, b) => b.available - a.available);
}
