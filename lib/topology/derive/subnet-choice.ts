/** Which subnets the CNI may take addresses from (vpc-cni.md §1.1, subnet tags read by ipamd; §7 custom networking). */
import type { SubnetFact } from '../../model/facts';
import { isAtLeast, type Settings } from './settings';

const ROLE = 'kubernetes.io/role/cni';
const CLUSTER = 'cni.networking.k8s.aws/cluster/';

const discovers = (settings: Settings): boolean =>
  settings.subnetDiscovery && settings.config.customNetworking !== true;

/** Tagged for another cluster's CNI; the prefix is read since 1.22.1, and only where CLUSTER_NAME is set. */
function isOthers(subnet: SubnetFact, settings: Settings): boolean {
  if (settings.clusterName === '' || !isAtLeast(settings.config.version, [1, 22, 1])) return false;
  const clusters = Object.keys(subnet.tags).filter((key) => key.startsWith(CLUSTER));
  return clusters.length > 0 && !clusters.includes(`${CLUSTER}${settings.clusterName}`);
}

/** Addresses of ENIs in it are not handed out: role 0, or another cluster's (since 1.22.0). */
export function isSubnetExcluded(subnet: SubnetFact, settings: Settings): boolean {
  if (!discovers(settings) || !isAtLeast(settings.config.version, [1, 22, 0])) return false;
  const role = subnet.tags[ROLE];
  return role === '0' || (role !== undefined && isOthers(subnet, settings));
}

/** A new ENI may be made in it: tagged for the CNI, or the primary ENI's own subnet without a tag. */
export function isSubnetCandidate(subnet: SubnetFact, primary: SubnetFact, settings: Settings): boolean {
  if (subnet.id === primary.id && !discovers(settings)) return true;
  if (!discovers(settings) || subnet.vpc !== primary.vpc || subnet.zone !== primary.zone) return false;
  const role = subnet.tags[ROLE];
  if (role === undefined || role === '') return subnet.id === primary.id;
  return role !== '0' && !isOthers(subnet, settings);
}
