/** Which subnets the CNI may take addresses from (vpc-cni §1.1, subnet tags read by ipamd; §7 custom networking). */
import type { NodeRecord } from '../../model/records';
import { SUBNETS } from '../../model/source-ids';
import { subnetPlace, subnetPlaces, type SubnetPlace } from '../facts/cluster';
import type { FactReader } from '../facts/reader';
import { isPrimaryEni } from '../context/management';
import type { Settings } from '../context/settings';
import { isAtLeast } from '../context/version';
import type { EniShape } from '../facts/parts';

const ROLE = 'kubernetes.io/role/cni';
const CLUSTER = 'cni.networking.k8s.aws/cluster/';
/** What 1.22.0 read instead, and no version after it. */
const CLUSTER_1_22_0 = 'kubernetes.io/cluster/';

const discovers = (settings: Settings): boolean =>
  settings.subnetDiscovery !== false && settings.config.customNetworking !== true;

/** Subnets are taken out of use by their tags since then. */
const excludes = (settings: Settings): boolean => isAtLeast(settings.version, [1, 22, 0]);

const roleOf = (subnet: SubnetPlace): string | null => {
  const role = subnet.tags[ROLE];
  return role === undefined || role === '' ? null : role;
};

/** Tagged for other clusters' CNI and not for this one's; told only where CLUSTER_NAME is set. */
function isOthers(subnet: SubnetPlace, settings: Settings): boolean {
  if (settings.clusterName === null || settings.clusterName === '' || !excludes(settings)) return false;
  const prefix = isAtLeast(settings.version, [1, 22, 1]) ? CLUSTER : CLUSTER_1_22_0;
  const clusters = Object.keys(subnet.tags).filter((key) => key.startsWith(prefix));
  return clusters.length > 0 && !clusters.includes(`${prefix}${settings.clusterName}`);
}

/** Addresses of ENIs in it are not handed out: role 0, or another cluster's (since 1.22.0). */
export function isSubnetExcluded(subnet: SubnetPlace, settings: Settings): boolean {
  if (!discovers(settings) || !excludes(settings)) return false;
  const role = roleOf(subnet);
  return role === '0' || (role !== null && isOthers(subnet, settings));
}

/** A new ENI may be made in it: tagged for the CNI, or the primary ENI's own subnet without a tag. */
export function isSubnetCandidate(subnet: SubnetPlace, primary: SubnetPlace, settings: Settings): boolean {
  const isOwn = subnet.id === primary.id;
  if (!discovers(settings) || (isOwn && !excludes(settings))) return isOwn;
  if (subnet.vpc !== primary.vpc || subnet.zone !== primary.zone) return false;
  const role = roleOf(subnet);
  return role === null ? isOwn : role !== '0' && !isOthers(subnet, settings);
}

/**
 * EC2 lists the subnet of the node and not this one, and no ENI of the node is in it: it was deleted, or belongs to another VPC. A list
 * without the node's own subnet is no list of its VPC.
 */
export function isSubnetGone(facts: FactReader, enis: readonly EniShape[], id: string): boolean {
  const own = enis.find(isPrimaryEni)?.subnet ?? null;
  if (own === null || !facts.answers(SUBNETS) || facts.ask(subnetPlace, own) === null) return false;
  return facts.ask(subnetPlace, id) === null && !enis.some(({ subnet }) => subnet === id);
}

/** Subnets in which the node's next ENI may be made; a text where there is none, saying why; null when not known. */
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
