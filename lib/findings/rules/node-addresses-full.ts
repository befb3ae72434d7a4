/**
 * NODE_IP_FULL (vpc-cni §10): the pool has no free address, every slot of every ENI is taken, and no further ENI can
 * attach. Also reported if no attached ENI serves pods at all. If the node already runs as many pods as its kubelet
 * accepts, no pod waits, so the severity is only info.
 */
import { ENIS, NODES, PODS } from '../../model/source-ids';
import type { NodeRecord } from '../../model/records';
import { enisOf, givesAddresses, slotsTaken } from '../guards/eni';
import { cardOf, hasIpamd, isSettled, poolOf } from '../guards/node';
import { cappedBy, countedWithOthers, keepsSlotForTrunk, onOtherCards, whyNone } from '../guards/why-none';
import { restartOf } from '../guards/restart';
import { cordon, counted, shell } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';

/** Whether a subnet from which the node gets addresses may have a free /28; true if that is not known. */
function hasBlocks(node: NodeRecord, context: RuleContext): boolean {
  const subnets = new Set(
    enisOf(context, node).flatMap((eni) => (givesAddresses(eni, node) ? (eni.subnet ?? []) : [])),
  );
  return [...subnets].some((id) => context.read.whole('subnets', id)?.freePrefixes !== 0);
}

/** Prefix mode is no remedy if it is already on, or if the type does not support prefixes. */
function remedy(node: NodeRecord, gone: number, context: RuleContext): Pick<Sighting, 'advice' | 'command'> {
  if (gone > 0) {
    const { first, command } = restartOf(node, context);
    return {
      advice: `${first}Restart aws-node on the node, which frees the addresses of pods that are gone: see ipamd-view-differs.`,
      command,
    };
  }
  const maxEni = node.cni?.maxEni ?? null;
  if (maxEni !== null && node.limits !== null && maxEni < node.limits.enisPerCard)
    return {
      advice: `Raise MAX_ENI: it keeps the node at ${maxEni} of the ${node.limits.enisPerCard} ENIs of its type. Or move pods to other nodes.`,
      command: cordon(node),
    };
  if (keepsSlotForTrunk(node))
    return {
      advice:
        'Find out why the VPC resource controller creates no trunk on the node: most often the IAM role of the cluster lacks the policy AmazonEKSVPCResourceController. If no pod needs security groups of its own, set ENABLE_POD_ENI=false instead.',
      command: shell`kubectl describe node ${node.name}`,
    };
  if (onOtherCards(node, enisOf(context, node)) > 0)
    return {
      advice:
        'Update the VPC CNI to v1.16.4 or later, which does not count the ENIs of other cards. Or move pods to other nodes.',
      command: cordon(node),
    };
  const prefix = node.cni?.mode === 'secondary-ip' && node.cni.prefixDelegation === false && hasBlocks(node, context);
  return {
    advice: prefix
      ? 'Move pods to other nodes, use a larger instance type, or turn on prefix mode for new nodes of a Nitro type.'
      : 'Move pods to other nodes, or use a larger instance type.',
    command: cordon(node),
  };
}

export default defineRule({
  id: 'node-addresses-full',
  severity: 'warning',
  scope: 'nodes',
  needs: [NODES, PODS, ENIS],
  check(node, context) {
    const pool = poolOf(node);
    if (!hasIpamd(node) || pool?.available !== 0 || pool.total === null || !isSettled(node, context)) return null;
    const slots = cardOf(context, node)?.eniSlots;
    if (slots?.free !== 0) return null;
    const enis = enisOf(context, node).filter((eni) => eni.card === 0 && givesAddresses(eni, node));
    if (enis.some((eni) => eni.capacity === null || slotsTaken(eni) < eni.capacity)) return null;
    // By ipamd's count: some may be held for deleted pods.
    const gone = enis.reduce((sum, { ipamd }) => sum + (ipamd?.unheld.length ?? 0), 0);
    const packed = node.maxPods !== null && (node.podCount ?? 0) >= node.maxPods;
    return {
      subjects: [node.id],
      severity: packed ? 'info' : 'warning',
      title: 'No address left for another pod',
      detail: `${
        pool.total === 0
          ? `No attached ENI of ${node.name} gives pods addresses${whyNone(node, enisOf(context, node))}`
          : `${pool.total === 1 ? 'The one address' : `All ${pool.total} addresses`} of the VPC CNI on ${node.name} ${pool.total === 1 ? 'is' : 'are'} ${gone === 0 ? 'held by pods' : `given out, ${gone} of them for pods that are gone`}, every attached ENI is full`
      }, and no further ENI can attach${cappedBy(node)}${countedWithOthers(node, enisOf(context, node))}${
        pool.total !== 0 && keepsSlotForTrunk(node)
          ? ': the slot that is free is kept for a trunk that is not there (ENABLE_POD_ENI)'
          : ''
      }.${
        packed
          ? ' The node already runs as many pods as its kubelet accepts.'
          : ' The scheduler may still place pods here; they will wait for an address.'
      }`,
      evidence: [
        `EC2: ${counted(pool.total, 'address', 'addresses')} for pods on managed ENIs, ${pool.assigned ?? '?'} given out`,
        `card 0: ${slots.used ?? '?'} of ${slots.limit ?? '?'} ENIs attached, ${slots.unmanaged ?? '?'} of them unmanaged`,
        `node.status.capacity.pods = ${node.maxPods ?? 'not known'}`,
      ],
      ...remedy(node, gone, context),
    };
  },
});
