/** Nodes as the VPC CNI treats them, and what deactivates a rule about them (vpc-cni §10). */
import { cardId } from '../../model/ids';
import type { NetworkCardRecord, NodeRecord, Pool } from '../../model/records';
import type { Steady } from '../rule/steady';
import type { RuleContext } from '../rule/rule';
import { isAged, MINUTE } from './time';

const STARTUP_TIME = 2 * MINUTE;
const ENDED_STATES: ReadonlySet<string | null> = new Set(['shutting-down', 'terminated', 'stopping', 'stopped']);

/** Whether it is older than two minutes and not being removed; otherwise Kubernetes may lag behind EC2. */
export const isEstablished = (node: Steady<'nodes'>, context: RuleContext): boolean =>
  !node.deleting &&
  !node.gone &&
  !ENDED_STATES.has(node.instanceState) &&
  isAged(node.createdAt, STARTUP_TIME, context);

/** Whether it is standing, with its aws-node Ready if it has one: the reports of EC2 and the pods are then reliable. */
export const isSettled = (node: Steady<'nodes'>, context: RuleContext): boolean =>
  node.ipamd?.ready !== false && isEstablished(node, context);

/** Whether it is an EC2 node with ipamd (not Fargate, Auto Mode, hybrid, Windows). */
export const hasIpamd = (node: Steady<'nodes'>): boolean =>
  node.computeType === 'ec2' && node.cni !== null && node.ipamd !== null;

/** The node with this id; null without one. */
export const nodeOf = (context: RuleContext, id: string | null): Steady<'nodes'> | null =>
  context.read.one('nodes', id);

/** The node with this id if ipamd runs there and the node is settled; else null. */
export function settledIpamdNode(context: RuleContext, id: string | null): Steady<'nodes'> | null {
  const node = nodeOf(context, id);
  return node !== null && hasIpamd(node) && isSettled(node, context) ? node : null;
}

const CORDON = 'node.kubernetes.io/unschedulable';

/** Whether ipamd neither grows nor shrinks this node's pools: cordoned, without AWS_MANAGE_ENIS_NON_SCHEDULABLE (vpc-cni §2.4). */
export const isStandstill = (node: Steady<'nodes'>): boolean =>
  node.cni?.manageNonSchedulable !== true &&
  (node.unschedulable || node.taints.some(({ key, effect }) => key === CORDON && effect === 'NoSchedule'));

/** The record of a node's card 0; null if there is none. */
export const cardOf = (context: RuleContext, node: Steady<'nodes'>): NetworkCardRecord | null =>
  context.read.one('networkCards', cardId(node.name, 0));

/** The warm pool of a node's card 0; null if there is none. */
export const poolOf = (node: NodeRecord): Pool | null => node.pools.find(({ card }) => card === 0) ?? null;

/** Whether ipamd would grow the pool if it could; false if every slot is taken (vpc-cni §2.4). */
export const isGrowing = (pool: Pool): boolean =>
  pool.low === true &&
  (pool.next?.action === 'add-addresses' || pool.next?.action === 'add-prefixes' || pool.next?.action === 'attach-eni');

/** Maximum number of ENIs on card 0: the smaller of MAX_ENI and the type's limit (vpc-cni §2.1). */
export function eniLimit({ cni, limits }: Steady<'nodes'>): number | null {
  if (limits === null) return null;
  const configured = cni?.maxEni ?? null;
  return configured !== null && configured >= 1 ? Math.min(configured, limits.enisPerCard) : limits.enisPerCard;
}
