/** ENIs of a node, their tags and their slots. */
import { agentVersion } from '../../model/agent-version';
import { INSTANCE_ID_TAG, NO_MANAGE_TAG } from '../../model/eni-tags';
import type { EniRecord } from '../../model/records';
import type { Reader } from '../rule/reader';
import type { Steady } from '../rule/steady';
import type { RuleContext } from '../rule/rule';
import { growsTrunks } from '../../topology/context/settings';
import { serviceOf } from '../../topology/facts/services';
import { singleAddresses } from '../../model/eni-addresses';

const CLUSTER_NAME = 'cluster.k8s.amazonaws.com/name';
const CLUSTER_OWNED = 'kubernetes.io/cluster/';

/** ENIs of a node, ordered by card and device. */
export const enisOf = ({ read }: RuleContext, node: Steady<'nodes'>): readonly EniRecord[] =>
  [...read.all('enisByNode', node.id)].sort(
    (a, b) => (a.card ?? 99) - (b.card ?? 99) || (a.deviceIndex ?? 99) - (b.deviceIndex ?? 99),
  );

/** Card 0, device 0 of its instance. */
export const isPrimary = (eni: Steady<'enis'>): boolean => eni.role === 'primary';

/**
 * Whether ipamd adds addresses to it: it is managed, not a trunk (since v1.16.4), and not the primary ENI under custom
 * networking (vpc-cni §7).
 */
export const givesAddresses = (eni: Steady<'enis'>, node: Steady<'nodes'>): boolean =>
  eni.management.state === 'managed' &&
  (eni.role !== 'trunk' || growsTrunks(agentVersion(node))) &&
  !(isPrimary(eni) && node.cni?.customNetworking === true);

/**
 * Whether it is ipamd's only ENI on a card above 0 under multi-NIC. It is then meant for ipamd, whoever created it, and
 * never deleted; tagged no_manage, its card would give pods no interface (vpc-cni §3).
 */
export const isCardsOnly = (context: RuleContext, eni: Steady<'enis'>, node: Steady<'nodes'>): boolean =>
  node.cni?.multiNic === true &&
  eni.card !== null &&
  eni.card > 0 &&
  enisOf(context, node).every(
    (other) => other.id === eni.id || other.card !== eni.card || other.management.state !== 'managed',
  );

/** Whether it has ipamd's own tag: ipamd manages this ENI, or once did. */
export const isTaggedByIpamd = (eni: Steady<'enis'>): boolean =>
  eni.instanceId !== null && eni.tags[INSTANCE_ID_TAG] === eni.instanceId;

/** Whether it has the node's own address: the primary ENI even as device 1, as on SageMaker HyperPod (amazon-vpc-cni-k8s #3753). */
export const isNodesOwn = ({ read }: RuleContext, eni: Steady<'enis'>, node: Steady<'nodes'>): boolean =>
  read
    .whole('enis', eni.id)
    ?.addresses.some(({ ip, state }) => state === 'primary' && node.internalIps.includes(ip)) === true;

/** Whether it is an attached ENI that ipamd did not create and from which it assigns pod addresses (vpc-cni §1.2, §10). */
export const isForeign = (eni: Steady<'enis'>): boolean =>
  eni.instanceId !== null &&
  !isPrimary(eni) &&
  eni.creator === 'other' &&
  (eni.interfaceType === 'interface' || eni.interfaceType === 'efa') &&
  eni.attachmentStatus !== 'detaching' &&
  eni.attachmentStatus !== 'detached' &&
  eni.management.state === 'managed' &&
  eni.tags[NO_MANAGE_TAG] !== 'false';

/** Networks whose parent on its node is this ENI, ordered by id. */
export const networksOn = (context: RuleContext, eni: Steady<'enis'>): readonly string[] =>
  context.read
    .all('attachmentsByNode', eni.node)
    .filter((attachment) => attachment.eni === eni.id)
    .map(({ network }) => network);

type Tags = EniRecord['tags'];

/** The cluster for which ipamd or the VPC resource controller created the ENI (vpc-cni §1.1). */
const clusterOf = (tags: Tags): string | undefined =>
  tags[CLUSTER_NAME] ??
  Object.keys(tags)
    .find((key) => key.startsWith(CLUSTER_OWNED))
    ?.slice(CLUSTER_OWNED.length);

/**
 * Whether this cluster (true) or another one in the VPC (false) created it, according to ENI tags; null if the tags are
 * inconclusive.
 */
export function isOurs(eni: Steady<'enis'>, context: RuleContext): boolean | null {
  const cluster = clusterOf(eni.tags);
  if (cluster === undefined) return null;
  if (cluster === context.read.cluster.name) return true;
  const own = context.read.shared('clusters that the ENIs of nodes are tagged for', clustersOfNodes);
  return own.length === 0 ? null : own.includes(cluster);
}

const clustersOfNodes = (read: Reader): readonly string[] => {
  const clusters = new Set<string>();
  for (const eni of read.every('enis')) {
    const cluster = eni.node === null ? undefined : clusterOf(eni.tags);
    if (cluster !== undefined) clusters.add(cluster);
  }
  return [...clusters].sort();
};

/** Number of used slots: a single address and a /28 take one each (vpc-cni §2.2). */
export const slotsTaken = (eni: EniRecord): number =>
  singleAddresses(eni).length + eni.prefixes.filter(({ size }) => size !== null).length;

/** The owner of an ENI that is on no node of this cluster; null for all others. */
export function ofOthers(id: string, { read }: RuleContext): string | null {
  const eni = read.one('enis', id);
  if (eni === null || eni.node !== null) return null;
  const service = serviceOf({ interfaceType: eni.interfaceType, description: eni.description, requester: null });
  return service === null ? 'which is on no node of this cluster' : `an ENI of ${service}`;
}
