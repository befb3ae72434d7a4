/**
 * BRANCH_LEAKED (vpc-cni.md §10): a branch ENI of the resource controller's that is available for an hour, or that no pod's
 * annotation has named for the cooldown and five minutes. Age counts from when ifscope first saw it so.
 */
import { defineRule } from '../rule';
import { MINUTE } from '../guards';

/** branch-eni-cooldown (60 s) and five minutes. */
const UNNAMED = 6 * MINUTE;
const AVAILABLE = 60 * MINUTE;

export default defineRule({
  id: 'branch-eni-leaked',
  severity: 'warning',
  scope: 'enis',
  needs: ['kubernetes/pods', 'ec2/network-interfaces'],
  check(eni, context) {
    const controllers =
      eni.creator === 'vpc-resource-controller' || eni.tags['eks:eni:owner'] === 'eks-vpc-resource-controller';
    const available = controllers && eni.status === 'available';
    const unnamed = controllers && eni.role === 'branch' && !available && eni.branchPod === null;
    const availableSince = context.heldSince('available', available);
    const unnamedSince = context.heldSince('unnamed', unnamed);
    const due = available ? availableSince + AVAILABLE : unnamed ? unnamedSince + UNNAMED : null;
    if (due === null) return [];
    if (context.now < due) {
      context.again(due);
      return [];
    }
    return [
      {
        subjects: [eni.id, ...(eni.node === null ? [] : [eni.node])],
        title: 'Branch ENI that nobody uses',
        detail: `${eni.id} was made for a security-group pod; ${available ? 'it is attached to no trunk' : 'no pod names it any more'}. It counts against the branch limit and holds an address.`,
        evidence: [
          `EC2: status ${eni.status ?? 'not known'}, description “${eni.description}”`,
          'Kubernetes: no pod has it in vpc.amazonaws.com/pod-eni',
        ],
        advice: 'The resource controller cleans up every 30 minutes. If it stays, delete it.',
        command: `aws ec2 delete-network-interface --network-interface-id ${eni.id}`,
        since: new Date(available ? availableSince : unnamedSince).toISOString(),
      },
    ];
  },
});
