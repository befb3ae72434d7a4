/**
 * BRANCH_LEAKED (vpc-cni §6, §10): a branch ENI created by the resource controller that has been available for an hour, or
 * that no pod's annotation has named for the cooldown plus five minutes. Its age counts from when ifscope first saw it in
 * that state. Branch ENIs of other clusters' trunks are ignored.
 */
import { ENIS, PODS } from '../../model/source-ids';
import { isOurs } from '../guards/eni';
import { heldFor, MINUTE } from '../guards/time';
import { shell } from '../guards/words';
import { defineRule } from '../rule/rule';

/** branch-eni-cooldown (60 s) plus five minutes. */
const MIN_UNNAMED = 6 * MINUTE;
const MIN_AVAILABLE = 60 * MINUTE;

export default defineRule({
  id: 'branch-eni-leaked',
  severity: 'warning',
  scope: 'enis',
  isSteady: true,
  needs: [PODS, ENIS],
  check(eni, context) {
    const controllers =
      eni.creator === 'vpc-resource-controller' || eni.tags['eks:eni:owner'] === 'eks-vpc-resource-controller';
    if (!controllers || eni.branchPod !== null || isOurs(eni, context) === false) return null;
    const available = eni.status === 'available';
    const unnamed = eni.role === 'branch' && eni.node !== null && !available;
    const since =
      heldFor('available', available, MIN_AVAILABLE, context) ?? heldFor('unnamed', unnamed, MIN_UNNAMED, context);
    if (since === null) return null;
    return {
      subjects: [eni.id, eni.node],
      title: 'Branch ENI leaked: no pod uses it',
      detail: `${eni.id} was created for a pod with security groups; ${available ? 'it is attached to no trunk ENI' : 'no pod names it any more'}. It holds an address of ${eni.subnet ?? 'its subnet'}${available ? '' : ', and counts against the branch limit of its node'}.`,
      evidence: [
        `EC2: status ${eni.status ?? 'not known'}, description “${eni.description}”`,
        'Kubernetes: no pod names it in vpc.amazonaws.com/pod-eni',
      ],
      advice: available
        ? 'The resource controller cleans up every 30 minutes. If it stays, delete it.'
        : 'The resource controller deletes it after its cooldown. If it stays, check the controller, or replace the node.',
      command: available
        ? shell`aws ec2 delete-network-interface --network-interface-id ${eni.id}`
        : shell`aws ec2 describe-network-interfaces --network-interface-ids ${eni.id}`,
      since: new Date(since).toISOString(),
    };
  },
});
