/** Branch ENIs of a node, and who holds them: each counts against the limit of the instance type until it is deleted (vpc-cni §6). */
import type { EniRecord } from '../../model/records';
import type { RuleContext } from '../rule/rule';
import { isLive } from './pod';

/** Branch ENIs of a node that no live pod uses. */
export interface BranchHolders {
  /** Ids of branch ENIs whose pod is finished or is being deleted, with that pod. */
  readonly finished: readonly { readonly eni: string; readonly pod: string }[];
  /** Ids of branch ENIs that no pod names. */
  readonly orphans: readonly string[];
}

/** Those that a live pod does not use, in the order of their ids. */
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
