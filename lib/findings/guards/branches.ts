/** Branch ENIs of a node and their holders: each counts against the limit of the instance type until it is deleted (vpc-cni §6). */
import type { EniRecord, SignalRecord } from '../../model/records';
import type { RuleContext } from '../rule/rule';
import { isLive } from './pod';
import { signalsOf } from './signals';

/** Branch ENIs of a node that no live pod uses. */
export interface BranchHolders {
  /** Ids of branch ENIs whose pod is finished or is being deleted, with that pod. */
  readonly finished: readonly { readonly eni: string; readonly pod: string }[];
  /** Ids of branch ENIs that no pod names. */
  readonly orphans: readonly string[];
}

/** Branch ENIs of the node that no live pod uses, ordered by id. */
export function idleBranches(context: RuleContext, node: string): BranchHolders {
  const branches: readonly EniRecord[] = context.read.all('enisByNode', node).filter(({ role }) => role === 'branch');
  const finished: { readonly eni: string; readonly pod: string }[] = [];
  const orphans: string[] = [];
  for (const { id, branchPod } of branches) {
    const pod = context.read.one('pods', branchPod);
    if (pod === null) orphans.push(id);
    else if (!isLive(pod)) finished.push({ eni: id, pod: pod.id });
  }
  return { finished, orphans };
}

/** Events of a node in which the VPC resource controller reports why it creates no trunk there. */
export const trunkRefusals = (context: RuleContext, node: string): readonly SignalRecord[] =>
  ['NodeTrunkFailedInit', 'TrunkENICreationFailed', 'Unsupported'].flatMap((kind) => signalsOf(context, node, kind));

/** Whether any aws-node of the cluster has ENABLE_POD_ENI on; null if it is unknown for some and on for none. */
export function isPodEniOn(context: RuleContext): boolean | null {
  let isKnown = true;
  for (const { cni } of context.read.every('nodes')) {
    if (cni?.podEni === true) return true;
    if (cni?.podEni === null) isKnown = false;
  }
  return isKnown ? false : null;
}

/** `trunkRefusals` of every node whose aws-node requests a trunk, which explains why no node offers branch ENIs. At most three. */
export function trunkRefusedAnywhere(context: RuleContext): readonly SignalRecord[] {
  const refusals: SignalRecord[] = [];
  for (const { id, cni } of context.read.every('nodes')) {
    if (refusals.length >= 3) break;
    if (cni?.podEni === true) refusals.push(...trunkRefusals(context, id).slice(0, 1));
  }
  return refusals;
}

/**
 * EC2's error names the kind of policy that denies the call. Attaching a policy to the role helps only if none of the
 * role's own policies allows the call (vpc-cni §6).
 */
export const DENIED_BY_POLICY: readonly [RegExp, string] = [
  /with an explicit deny in an? [\w ()-]*(policy|boundary)|because no (?!identity-based)[\w -]+ allows the/,
  'A policy of the kind that the Event names denies the call whatever the role allows: change that one (service control policies are those of the organisation).',
];
