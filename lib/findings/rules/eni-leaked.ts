/**
 * ENI_LEAKED (vpc-cni.md §9 leak cleaner, §10): an available ENI of ipamd's, older than its hourly cleaner, or whose instance is gone.
 * Another cluster of the VPC has ENIs like these, too: that an instance is gone is said only of this cluster's own.
 */
import type { EniRecord } from '../../model/records';
import { INSTANCE_ID, isOurs } from '../guards/eni';
import { hasIpamd } from '../guards/node';
import { MINUTE, olderThan } from '../guards/time';
import { count, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule';

/** The cleaner runs hourly on each node, five minutes of grace included. */
const CLEANED_BY = 65 * MINUTE;
const GRACE = 5 * MINUTE;

/** Its instance is no node's any more; null when nobody can say. The nodes are only walked for the few ENIs left behind. */
function isOrphan(eni: EniRecord, ours: boolean | null, context: RuleContext): boolean | null {
  const { sources, nodes } = context.replica.records;
  if (ours !== true || sources.get('kubernetes/nodes')?.state !== 'live') return null;
  for (const node of nodes.values()) if (!node.gone && node.instanceId === eni.tags[INSTANCE_ID]) return false;
  return true;
}

/** A node whose ipamd cleans up: not in IPv6 mode, nor where it may not write to EC2. */
function hasCleaner(context: RuleContext): boolean {
  const { sources, nodes } = context.replica.records;
  if (sources.get('kubernetes/nodes')?.state !== 'live') return true;
  for (const node of nodes.values()) {
    if (!node.gone && hasIpamd(node) && node.cni?.mode !== 'ipv6' && node.cni?.imdsOnly !== true) return true;
  }
  return false;
}

export default defineRule({
  id: 'eni-leaked',
  severity: 'warning',
  scope: 'enis',
  needs: ['ec2/network-interfaces'],
  check(eni, context) {
    const instance = eni.tags[INSTANCE_ID];
    if (eni.status !== 'available' || instance === undefined || !eni.description.startsWith('aws-K8S-')) return [];
    const ours = isOurs(eni, context);
    if (ours === false || eni.createdAt === null) return [];
    const orphan = isOrphan(eni, ours, context) === true && olderThan(eni.createdAt, GRACE, context);
    if (!orphan && !olderThan(eni.createdAt, CLEANED_BY, context)) return [];
    const cleaner = hasCleaner(context);
    return [
      {
        subjects: [eni.id],
        severity: cleaner ? 'warning' : 'error',
        title: 'ENI left behind',
        detail: `${eni.id} was made by the VPC CNI for ${instance} and is attached to nothing${orphan ? ', and no node has that instance' : ''}. It still holds ${count(eni.addresses.length, 'address', 'addresses')} of ${eni.subnet ?? 'its subnet'}.${
          cleaner ? '' : ' No ipamd is left that cleans up.'
        }`,
        evidence: [
          `EC2: status available, description “${eni.description}”`,
          `EC2 tag node.k8s.amazonaws.com/createdAt: ${eni.createdAt}`,
        ],
        advice: 'Delete it when you are sure that no other cluster of this VPC uses it.',
        command: shell`aws ec2 delete-network-interface --network-interface-id ${eni.id}`,
        since: eni.createdAt,
      },
    ];
  },
});
