/** Which subnets the CNI may take addresses from: the subnet tags that ipamd reads (vpc-cni §1.1) and custom networking (§7). */
import type { NodeRecord } from '../../model/records';
import { SUBNETS } from '../../model/source-ids';
import { isAtLeast } from '../../model/version';
import { subnetPlace, subnetPlaces, type SubnetPlace } from '../facts/cluster';
import type { FactReader } from '../facts/reader';
import { isPrimaryEni } from '../context/management';
import type { Settings } from '../context/settings';
import type { EniShape } from '../facts/parts';

const ROLE = 'kubernetes.io/role/cni';
const CLUSTER = 'cni.networking.k8s.aws/cluster/';
/** The tag that 1.22.0 alone reads instead. */
const CLUSTER_1_22_0 = 'kubernetes.io/cluster/';

const discovers = (settings: Settings): boolean =>
  settings.subnetDiscovery !== false && settings.config.customNetworking !== true;

/** Whether the version excludes subnets by their tags. */
const excludes = (settings: Settings): boolean => isAtLeast(settings.version, [1, 22, 0]);

const roleOf = (subnet: SubnetPlace): string | null => {
  const role = subnet.tags[ROLE];
  return role === undefined || role === '' ? null : role;
};

/** Whether the subnet is tagged for the CNI of other clusters but not for this one; known only if CLUSTER_NAME is set. */
function isOthers(subnet: SubnetPlace, settings: Settings): boolean {
  if (settings.clusterName === null || settings.clusterName === '' || !excludes(settings)) return false;
  const prefix = isAtLeast(settings.version, [1, 22, 1]) ? CLUSTER : CLUSTER_1_22_0;
  const clusters = Object.keys(subnet.tags).filter((key) => key.startsWith(prefix));
  return clusters.length > 0 && !clusters.includes(`${prefix}${settings.clusterName}`);
}

/** Whether addresses of ENIs in the subnet are not assigned: role 0, or another cluster's subnet (since 1.22.0). */
export function isSubnetExcluded(subnet: SubnetPlace, settings: Settings): boolean {
  if (!discovers(settings) || !excludes(settings)) return false;
  const role = roleOf(subnet);
  return role === '0' || (role !== null && isOthers(subnet, settings));
}

/** Whether a new ENI may be created in the subnet: it is tagged for the CNI, or is the primary ENI's own subnet without a tag. */
export function isSubnetCandidate(subnet: SubnetPlace, primary: SubnetPlace, settings: Settings): boolean {
  const isOwn = subnet.id === primary.id;
  if (!discovers(settings) || (isOwn && !excludes(settings))) return isOwn;
  if (subnet.vpc !== primary.vpc || subnet.zone !== primary.zone) return false;
  // Before 1.22.0 the tag alone counts, whatever its value is.
  if (!excludes(settings)) return subnet.tags[ROLE] !== undefined;
  const role = roleOf(subnet);
  return role === null ? isOwn : role !== '0' && !isOthers(subnet, settings);
}

/**
 * Whether the subnet was deleted, or belongs to another VPC: EC2 lists the node's own subnet but not this one, and no ENI
 * of the node is in it. A list without the node's own subnet is not a list of its VPC.
 */
export function isSubnetGone(facts: FactReader, enis: readonly EniShape[], id: string): boolean {
  const own = enis.find(isPrimaryEni)?.subnet ?? null;
  if (own === null || !facts.answers(SUBNETS) || facts.ask(subnetPlace, own) === null) return false;
  return facts.ask(subnetPlace, id) === null && !enis.some(({ subnet }) => subnet === id);
}

/** The subnets in which the node's next ENI may be created; a text with the reason if there is none; null if not known. */
export function subnetsForNewEni(
  facts: FactReader,
  enis: readonly EniShape[],
  settings: Settings,
  eniConfig: NodeRecord['eniConfig'],
): readonly string[] | string | null {
  if (settings.config.customNetworking === null || settings.subnetDiscovery === null) return null;
  if (settings.config.customNetworking) {
    if (eniConfig?.found === false) return `there is no ENIConfig ${eniConfig.name ?? ''}`;
    if (eniConfig?.subnet == null) return null;
    if (isSubnetGone(facts, enis, eniConfig.subnet))
      return `ENIConfig ${eniConfig.name ?? ''} names ${eniConfig.subnet}, which EC2 does not list`;
    // EC2 attaches no ENI across zones.
    const zone = facts.ask(subnetPlace, eniConfig.subnet)?.zone ?? null;
    const here = enis.find(isPrimaryEni)?.zone ?? null;
    return zone !== null && here !== null && zone !== here
      ? `ENIConfig ${eniConfig.name ?? ''} names a subnet in ${zone}, and the node is in ${here}`
      : [eniConfig.subnet];
  }
  const own = enis.find(isPrimaryEni)?.subnet;
  const primary = own == null ? null : facts.ask(subnetPlace, own);
  if (primary === null) return null;
  const found = facts
    .ask(subnetPlaces)
    .filter((subnet) => isSubnetCandidate(subnet, primary, settings))
    .map(({ id }) => id);
  return found.length === 0 ? 'the tags of the subnets allow none for new ENIs' : found.sort();
}
