/** MAXPODS_TOO_HIGH (vpc-cni §8, §10): the kubelet accepts more pods than the usable ENIs have addresses for. */
import { PREFIX_SIZE } from '../../model/prefix-size';
import { agentVersion } from '../../model/agent-version';
import { singleAddresses } from '../../model/eni-addresses';
import type { NodeRecord } from '../../model/records';
import { ENIS, NODES, PODS } from '../../model/source-ids';
import { enisOf, isPrimary } from '../guards/eni';
import { cardOf, hasIpamd, isSettled } from '../guards/node';
import { growsTrunks } from '../../topology/context/settings';
import { cappedBy, onOtherCards } from '../guards/why-none';
import { counted } from '../guards/words';
import { defineRule } from '../rule/rule';

/** aws-node and kube-proxy: on the host network of every node, except during a restart. */
const AGENTS = 2;

/**
 * Where max pods is set, depending on what creates the node. `reserved`: ENIs of each node that give pods no addresses.
 */
function limitTo({ labels, osImage }: NodeRecord, pods: number, reserved: number): string {
  // Karpenter sets it itself; a value in user data has no effect (karpenter-provider-aws #2029).
  if ('karpenter.sh/nodepool' in labels)
    return `${reserved === 0 ? 'Set' : `Set RESERVED_ENIS=${reserved} on Karpenter, or`} spec.kubelet.maxPods to at most ${pods} in the EC2NodeClass of such nodes, which applies to all its instance types`;
  if (osImage?.startsWith('Bottlerocket') === true)
    return `Set settings.kubernetes.max-pods = ${pods} in the user data of nodes of this shape`;
  if (osImage?.startsWith('Amazon Linux 2023') === true)
    return `Set spec.kubelet.config.maxPods to ${pods} in the NodeConfig (user data) of nodes of this shape`;
  return `Start the kubelet with --max-pods=${pods} on nodes of this shape`;
}

/** Pods with security groups of their own take no address of the pool: the limit may be that much higher. */
const ofBranches = ({ branch }: NodeRecord, held: number): string =>
  branch?.limit != null && branch.limit > held
    ? `, and one more for each further pod with security groups of its own (the node takes ${branch.limit - held})`
    : '';

export default defineRule({
  id: 'max-pods-too-high',
  severity: 'warning',
  scope: 'nodes',
  needs: [NODES, PODS, ENIS],
  check(node, context) {
    const { limits, maxPods, cni } = node;
    const slots = cardOf(context, node)?.eniSlots;
    if (!hasIpamd(node) || limits === null || maxPods === null || slots?.limit == null || slots.unmanaged === null)
      return null;
    if (cni === null || cni.mode === null || cni.mode === 'ipv6' || !isSettled(node, context)) return null;
    // A trunk takes an ENI slot but, since v1.16.4, gets no pod addresses; a slot is reserved for a trunk that is enabled
    // but missing (§1.3). If every slot is taken, none can be reserved until ipamd deletes an idle ENI.
    const enis = enisOf(context, node).filter(({ card }) => card === 0);
    const attached = enis.some(({ role }) => role === 'trunk');
    const isIdle = enis.some((eni) => !isPrimary(eni) && eni.addresses.every(({ state }) => state !== 'assigned'));
    const isTaken = slots.used !== null && slots.used >= slots.limit && !isIdle;
    const serves = growsTrunks(agentVersion(node));
    const trunk = serves ? 0 : attached ? 1 : isTaken ? 0 : (slots.reserved ?? 0);
    const custom = cni.customNetworking === true ? 1 : 0;
    const others = onOtherCards(node, enisOf(context, node));
    // ENIs of other cards only keep further ones away.
    const serving =
      others === 0
        ? 0
        : enis.filter(({ management, role }) => management.state === 'managed' && role !== 'trunk').length - custom;
    const usable = Math.max(0, serving, slots.limit - slots.unmanaged - others - custom - trunk);
    // Addresses already on a trunk, or on the primary ENI under custom networking, are assigned to pods as well (vpc-cni
    // §1.2, §7).
    const fixed = enis
      .filter((eni) => (eni.role === 'trunk' && !serves) || (custom === 1 && isPrimary(eni)))
      .reduce((sum, eni) => sum + (cni.mode === 'prefix' ? 0 : singleAddresses(eni).length), 0);
    const addresses = usable * (limits.ipv4PerEni - 1) * (cni.mode === 'prefix' ? PREFIX_SIZE : 1) + fixed;
    const onHost = Math.max(AGENTS, node.hostNetworkPods);
    // A pod on a branch ENI takes no address from the pool (vpc-cni §6); a leaked branch ENI has no pod.
    const branches = enisOf(context, node).filter(
      ({ role, branchPod }) => role === 'branch' && branchPod !== null,
    ).length;
    const ceiling = addresses + onHost + branches;
    if (maxPods <= ceiling) return null;
    return {
      subjects: [node.id],
      title: `Accepts ${maxPods} pods, has addresses for ${ceiling}`,
      detail: `The kubelet of ${node.name} takes up to ${maxPods} pods, but its usable ENIs carry ${counted(addresses, 'pod address', 'pod addresses')}, ${branches === 0 ? '' : `${counted(branches, 'pod has a branch ENI', 'pods have a branch ENI')}, `}and ${onHost} pods on the host network need none. Pods beyond that wait for an address.`,
      evidence: [
        `node.status.capacity.pods = ${maxPods}`,
        `card 0: ${slots.limit} ENIs − ${slots.unmanaged} unmanaged − ${others === 0 ? '' : `${others} of other cards (counted before v1.16.4) − `}${custom} for custom networking − ${trunk} for the trunk = ${usable} usable`,
        trunk === 1 && !attached && limits.trunkCompatible !== true
          ? 'the VPC CNI keeps a slot for a trunk on every instance type before v1.20.4'
          : null,
        `${node.instanceType ?? 'instance type'}: ${limits.ipv4PerEni} IPv4 addresses per ENI (${limits.source === 'ec2' ? 'EC2' : 'bundled table'}), one of them its own`,
      ],
      advice: `${limitTo(node, ceiling, custom + trunk)}${ofBranches(node, branches)}; this one keeps its limit until it is replaced.${
        cappedBy(node) === '' ? '' : ' Or raise MAX_ENI, which takes ENIs from it.'
      }${
        others === 0 ? '' : ' Or update the VPC CNI to v1.16.4 or later, which does not count the ENIs of other cards.'
      }`,
    };
  },
});
