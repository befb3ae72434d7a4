/**
 * PREFIX_FRAGMENTED (vpc-cni §2.4, §10): the subnet has free addresses but no aligned /28, and a node in prefix mode has
 * been low for three minutes because of it. EC2 does not report fragmentation: either it rejected a request, or the visible
 * ENIs together leave no free block.
 */
import { PREFIX_SIZE } from '../../model/prefix-size';
import { ENIS, EVENTS, METRICS, NODES, PODS, SUBNETS } from '../../model/source-ids';
import type { NodeRecord } from '../../model/records';
import { hasIpamd, isGrowing, isSettled, isStandstill, poolOf } from '../guards/node';
import { apiErrors, refusalsOn } from '../guards/signals';
import { podNodesOf } from '../guards/subnet';
import { heldFor, isAged, MINUTE } from '../guards/time';
import { counted, listed, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

const MIN_DURATION = 3 * MINUTE;

/** Whether the node is in prefix mode and below its target with a free slot: without one, ipamd requests no /28. */
function isLow(node: NodeRecord): boolean {
  const pool = poolOf(node);
  return hasIpamd(node) && node.cni?.mode === 'prefix' && !isStandstill(node) && pool !== null && isGrowing(pool);
}

/** Whether a pod of the node has waited for an address for that long, according to its Event, which may predate ifscope. */
const waitsLong = (node: NodeRecord, context: RuleContext): boolean =>
  refusalsOn(context, node.id, 'no-pod-address').some(({ signal }) => isAged(signal.firstAt, MIN_DURATION, context));

export default defineRule({
  id: 'prefix-fragmented',
  severity: 'warning',
  scope: 'subnets',
  needs: [NODES, PODS, ENIS, SUBNETS],
  uses: [EVENTS, METRICS],
  check(subnet, context) {
    const free = subnet.availableAddresses ?? 0;
    const low = podNodesOf(subnet.id, context).filter((node) => isLow(node) && isSettled(node, context));
    const waiting = low.filter(
      (node) => heldFor(node.id, true, MIN_DURATION, context) !== null || waitsLong(node, context),
    );
    if (free < PREFIX_SIZE || waiting.length === 0) return null;
    const refused = waiting.flatMap((node) => apiErrors(context, node.id, /InsufficientCidrBlocks/));
    // Blocks that look free may contain addresses of ENIs that ifscope cannot see (shared subnets), so a rejected request
    // takes precedence.
    if (subnet.freePrefixes !== 0 && refused.length === 0) return null;
    return {
      subjects: [subnet.id, ...waiting.slice(0, 10).map(({ id }) => id)],
      title: 'Addresses are free, but no whole /28',
      detail: `${subnet.id} has ${free} free addresses, yet ${subnet.freePrefixes === 0 ? 'no free block of 16 on a /28 boundary' : 'EC2 found no free block of 16 on a /28 boundary'}. ${counted(waiting.length, 'node')} in prefix mode ${waiting.length === 1 ? 'has' : 'have'} been short of the next prefix for more than three minutes: ${listed(waiting.map(({ name }) => name))}.`,
      evidence: [
        `EC2: AvailableIpAddressCount ${free}`,
        subnet.freePrefixes === 0 ? 'EC2: the ENIs and reservations that ifscope sees leave no aligned /28 free' : null,
        ...refused.map(({ text }) => `aws-node metrics: ${text}`),
      ],
      advice: subnet.reservations.some(({ type }) => type === 'prefix')
        ? 'Its CIDR reservation for prefixes is used up: reserve more, or use a new subnet for new nodes.'
        : 'Reserve whole blocks for prefixes with a subnet CIDR reservation, or use a new subnet for new nodes.',
      command: shell`aws ec2 get-subnet-cidr-reservations --subnet-id ${subnet.id}`,
    };
  },
});
