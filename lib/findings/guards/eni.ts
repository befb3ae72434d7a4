/** ENIs of a node, their tags and their slots. */
import { cidrContains, familyOf, parseCidr } from '../../model/ip';
import type { EniRecord, NodeRecord, SubnetRecord } from '../../model/records';
import type { RuleContext } from '../rule';

export const NO_MANAGE = 'node.k8s.amazonaws.com/no_manage';
export const INSTANCE_ID = 'node.k8s.amazonaws.com/instance_id';
const CLUSTER_NAME = 'cluster.k8s.amazonaws.com/name';
const CLUSTER_OWNED = 'kubernetes.io/cluster/';

/** By card and device. */
export const enisOf = (context: RuleContext, node: NodeRecord): readonly EniRecord[] =>
  [...(context.replica.indexes.enisByNode.get(node.id) ?? [])]
    .flatMap((id) => context.replica.records.enis.get(id) ?? [])
    .sort((a, b) => (a.card ?? 99) - (b.card ?? 99) || (a.deviceIndex ?? 99) - (b.deviceIndex ?? 99));

export const subnetOf = (context: RuleContext, id: string | null): SubnetRecord | null =>
  id === null ? null : (context.replica.records.subnets.get(id) ?? null);

export const isPrimary = (eni: EniRecord): boolean => eni.role === 'primary';

/** ipamd hands out its addresses: managed, no trunk, and not the primary ENI under custom networking (vpc-cni §7). */
export const givesAddresses = (eni: EniRecord, node: NodeRecord): boolean =>
  eni.management.state === 'managed' &&
  eni.role !== 'trunk' &&
  !(isPrimary(eni) && node.cni?.customNetworking === true);

/** ipamd's own tag: it has this ENI, or had it. */
export const isTaggedByIpamd = (eni: EniRecord): boolean =>
  eni.instanceId !== null && eni.tags[INSTANCE_ID] === eni.instanceId;

/** An attached ENI that somebody else made and that ipamd gives pods' addresses on (vpc-cni §1.2, §10). */
export const isForeign = (eni: EniRecord): boolean =>
  eni.instanceId !== null &&
  !isPrimary(eni) &&
  eni.creator === 'other' &&
  (eni.interfaceType === 'interface' || eni.interfaceType === 'efa') &&
  eni.attachmentStatus !== 'detaching' &&
  eni.attachmentStatus !== 'detached' &&
  eni.management.state === 'managed' &&
  eni.tags[NO_MANAGE] !== 'false';

/** Networks of the ENI's node that hang on it, in the order of their ids. */
export const networksOn = (context: RuleContext, eni: EniRecord): readonly string[] =>
  [...(context.replica.indexes.attachmentsByNode.get(eni.node ?? '') ?? [])]
    .sort()
    .flatMap((id) => context.replica.records.attachments.get(id) ?? [])
    .filter((attachment) => attachment.eni === eni.id)
    .map(({ network }) => network);

type Tags = EniRecord['tags'];

/** The cluster that an ENI of ipamd's, or of the resource controller's, was made for (vpc-cni §1.1). */
const clusterOf = (tags: Tags): string | undefined =>
  tags[CLUSTER_NAME] ??
  Object.keys(tags)
    .find((key) => key.startsWith(CLUSTER_OWNED))
    ?.slice(CLUSTER_OWNED.length);

/** Made by this cluster (true) or by another one of the VPC (false), as its tags and those of this cluster's ENIs tell; else null. */
export function isOurs(eni: EniRecord, context: RuleContext): boolean | null {
  const cluster = clusterOf(eni.tags);
  if (cluster === undefined) return null;
  if (cluster === context.replica.cluster.name) return true;
  for (const other of context.replica.records.enis.values()) {
    const own = other.node === null ? undefined : clusterOf(other.tags);
    if (own !== undefined) return own === cluster;
  }
  return null;
}

/** Single IPv4 addresses on the ENI beside its primary one: not those inside its prefixes. */
export function singleAddresses(eni: EniRecord): EniRecord['addresses'] {
  const prefixes = eni.prefixes.flatMap(({ cidr }) => parseCidr(cidr) ?? []);
  return eni.addresses.filter(
    ({ ip, state }) =>
      state !== 'primary' && familyOf(ip) === 4 && !prefixes.some((prefix) => cidrContains(prefix, ip)),
  );
}

/** Slots are shared: a single address and a /28 take one each (vpc-cni §2.2). */
export const slotsTaken = (eni: EniRecord): number =>
  singleAddresses(eni).length + eni.prefixes.filter(({ size }) => size !== null).length;
