/**
 * ENI_LEAKED (vpc-cni §9 leak cleaner, §10): an available ENI created by ipamd that is older than the hourly cleaner's
 * interval, or whose instance no longer exists. An error if no ipamd remains to clean up: the cleaner is off, IPv6 mode, no
 * write permissions, or no nodes at all. Other clusters in the VPC have similar ENIs, so a missing instance is reported
 * only for ENIs of this cluster.
 */
import { INSTANCE_ID_TAG } from '../../model/eni-tags';
import { ENIS, NODES, PODS } from '../../model/source-ids';
import type { EniRecord } from '../../model/records';
import { isOurs } from '../guards/eni';
import { hasIpamd } from '../guards/node';
import { isSourceComplete } from '../rule/trust';
import { isAged, MINUTE, olderThan } from '../guards/time';
import { counted, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

/** The cleaner runs hourly on each node; this includes five minutes of grace. */
const CLEANUP_DEADLINE = 65 * MINUTE;
const GRACE = 5 * MINUTE;

/** Whether its instance belongs to no node any more; null if unknown. Scans the nodes, but only for the few leaked ENIs. */
function isOrphan(eni: EniRecord, ours: boolean | null, context: RuleContext): boolean | null {
  if (ours !== true || !isSourceComplete(context.read, NODES)) return null;
  for (const node of context.read.every('nodes'))
    if (!node.gone && node.instanceId === eni.tags[INSTANCE_ID_TAG]) return false;
  return true;
}

/**
 * Whether ipamd of some node cleans up: the cleaner is on, not in IPv6 mode, and may write to EC2. Unknown counts as
 * yes, including when not all nodes are read, or not all of the pods that show aws-node.
 */
function hasCleaner(context: RuleContext): boolean {
  if (!isSourceComplete(context.read, NODES) || !isSourceComplete(context.read, PODS)) return true;
  for (const node of context.read.every('nodes')) {
    if (!node.gone && hasIpamd(node) && node.cni?.leakedEniCleanup !== false) return true;
  }
  return false;
}

/** Counts prefixes as addresses; IPv6 prefixes do not count. */
const addressesHeld = ({ addresses, prefixes }: EniRecord): number =>
  addresses.length + prefixes.reduce((sum, { size }) => sum + (size ?? 0), 0);

export default defineRule({
  id: 'eni-leaked',
  severity: 'warning',
  scope: 'enis',
  needs: [ENIS],
  uses: [NODES, PODS],
  check(eni, context) {
    const instance = eni.tags[INSTANCE_ID_TAG];
    if (eni.status !== 'available' || instance === undefined || !eni.description.startsWith('aws-K8S-')) return null;
    const ours = isOurs(eni, context);
    if (ours === false || eni.createdAt === null) return null;
    const orphan = isOrphan(eni, ours, context) === true && isAged(eni.createdAt, GRACE, context);
    if (!orphan && !olderThan(eni.createdAt, CLEANUP_DEADLINE, context)) return null;
    const cleaner = hasCleaner(context);
    return {
      subjects: [eni.id],
      severity: cleaner ? 'warning' : 'error',
      title: 'ENI leaked',
      detail: `${eni.id} was created by the VPC CNI for ${instance} and is not attached${orphan ? ', and no node has that instance' : ''}. It still holds ${counted(addressesHeld(eni), 'address', 'addresses')} of ${eni.subnet ?? 'its subnet'}.${
        cleaner
          ? ''
          : ' No ipamd of this cluster cleans it up: each is switched off, in IPv6 mode or without write access to EC2, or no node is left.'
      }`,
      evidence: [
        `EC2: status available, description “${eni.description}”`,
        `EC2 tag node.k8s.amazonaws.com/createdAt: ${eni.createdAt}`,
      ],
      advice: 'Delete it once you are sure that no other cluster in this VPC uses it.',
      command: shell`aws ec2 delete-network-interface --network-interface-id ${eni.id}`,
      since: eni.createdAt,
    };
  },
});
