/** ENI_LEAKED (vpc-cni.md §9 leak cleaner, §10): an available ENI of ipamd's, older than its hourly cleaner, or whose instance is gone. */
import { defineRule } from '../rule';
import { MINUTE, olderThan, timeOf } from '../guards';

/** The cleaner runs hourly on each node, five minutes of grace included. */
const CLEANED_BY = 65 * MINUTE;

export default defineRule({
  id: 'eni-leaked',
  severity: 'warning',
  scope: 'enis',
  needs: ['ec2/network-interfaces'],
  check(eni, context) {
    const instance = eni.tags['node.k8s.amazonaws.com/instance_id'];
    if (eni.status !== 'available' || instance === undefined || !eni.description.startsWith('aws-K8S-')) return [];
    const { sources, nodes } = context.replica.records;
    const nodesKnown = sources.get('kubernetes/nodes')?.state === 'live';
    const alive = [...nodes.values()].some((node) => node.instanceId === instance && !node.gone);
    const orphaned = nodesKnown && !alive && eni.createdAt !== null && olderThan(eni.createdAt, 5 * MINUTE, context);
    const old = timeOf(eni.createdAt) !== null && olderThan(eni.createdAt, CLEANED_BY, context);
    if (!orphaned && !old) return [];
    const noneLeft = nodesKnown && ![...nodes.values()].some((node) => !node.gone && node.computeType === 'ec2');
    return [
      {
        subjects: [eni.id],
        severity: noneLeft ? 'error' : 'warning',
        title: 'ENI left behind',
        detail: `${eni.id} was made by the VPC CNI for ${instance}, is attached to nothing${orphaned ? ', and no node has that instance' : ''}. It still holds ${eni.addresses.length} addresses of ${eni.subnet ?? 'its subnet'}.${
          noneLeft ? ' No node is left to clean it up.' : ''
        }`,
        evidence: [
          `EC2: status available, description “${eni.description}”`,
          `EC2 tag createdAt ${eni.createdAt ?? 'absent'}`,
        ],
        advice: 'Delete it when you are sure that no other cluster of this VPC uses it.',
        command: `aws ec2 delete-network-interface --network-interface-id ${eni.id}`,
        since: eni.createdAt,
      },
    ];
  },
});
