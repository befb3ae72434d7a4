/**
 * SUBNET_LOW (vpc-cni §2.4, §10): the subnet cannot provide what its nodes need to reach their targets; in prefix mode, it
 * has less than one /28. Cordoned, new and full nodes need nothing. A failed request counted by aws-node confirms it.
 */
import { PREFIX_SIZE } from '../../model/prefix-size';
import { ENIS, EVENTS, METRICS, NODES, PODS, SUBNETS } from '../../model/source-ids';
import type { NodeRecord } from '../../model/records';
import { versionBefore } from '../../model/version';
import { hasIpamd, isGrowing, isSettled, isStandstill } from '../guards/node';
import { apiErrors, signalsOf } from '../guards/signals';
import { isRecent, MINUTE } from '../guards/time';
import { counted, listed, shell } from '../guards/words';
import { podNodesOf } from '../guards/subnet';
import { defineRule, type RuleContext } from '../rule/rule';

/** Fewer free addresses than this are always reported, whatever the nodes need. */
const MIN_FREE = 4;

/** Karpenter tries again within minutes. */
const RECENT = 15 * MINUTE;

/** Addresses that a node needs to reach its target; in prefix mode whole /28 blocks on card 0. */
function need(node: NodeRecord): number {
  if (isStandstill(node)) return 0;
  return node.pools.filter(isGrowing).reduce((sum, pool) => {
    const missing = (pool.target ?? 0) - (pool.available ?? 0);
    // A new ENI takes an address for itself.
    const own = pool.next?.action === 'attach-eni' ? 1 : 0;
    if (node.cni?.mode !== 'prefix' || pool.card > 0) return sum + own + Math.max(pool.short ?? 0, missing, 1);
    return sum + own + PREFIX_SIZE * Math.max(pool.short ?? 0, 1);
  }, 0);
}

/** Other subnets that have room for a new ENI of one of these nodes. */
function alternatives(subnet: string, nodes: readonly NodeRecord[], context: RuleContext): readonly string[] {
  const ids = new Set(nodes.flatMap(({ newEniSubnets }) => newEniSubnets ?? []).filter((id) => id !== subnet));
  return [...ids].filter((id) => (context.read.whole('subnets', id)?.availableAddresses ?? 0) > PREFIX_SIZE).sort();
}

/** In 1.18.0 to 1.18.2, ipamd keeps requesting addresses for an ENI with free slots even if its subnet has none (vpc-cni §2.4). */
const keepsAsking = ({ cni, eniSlots }: NodeRecord): boolean =>
  cni?.subnetDiscovery === true && versionBefore(cni.version, [1, 18, 3]) && eniSlots.free !== 0;

const UPGRADE =
  ' Upgrade the VPC CNI to v1.18.3 or later: v1.18.0 to v1.18.2 use another subnet only when the ENIs in this one are full, and keep requesting addresses from it.';

/** A tagged subnet helps only if ipamd looks for one, not under custom networking or before v1.18.0, and only with new ENIs. */
function remedy(subnet: string, nodes: readonly NodeRecord[], context: RuleContext): string {
  // A target of one address is the lowest possible.
  const lower = nodes.some(({ pools }) => pools.some(({ target }) => (target ?? 0) > 1))
    ? ', or lower the warm targets'
    : '';
  const looks = nodes.some(({ cni }) => cni?.subnetDiscovery === true && cni.customNetworking === false);
  const upgrade = nodes.some(keepsAsking) ? UPGRADE : '';
  if (looks) {
    const others = alternatives(subnet, nodes, context);
    const isFull = nodes.every(({ eniSlots }) => eniSlots.free === 0);
    const then = isFull
      ? ' Its nodes can attach none: replace them, or lower the warm targets.'
      : upgrade === ''
        ? ' There is nothing to add while that lasts.'
        : upgrade;
    if (others.length > 0) return `New ENIs are created in ${listed(others)}, which has room.${then}`;
    return isFull
      ? `Add a subnet tagged kubernetes.io/role/cni=1 in this zone, and replace the nodes: they can attach no further ENI, and only new ENIs use another subnet${lower}.`
      : `Add a subnet tagged kubernetes.io/role/cni=1 in this zone${lower}.${upgrade}`;
  }
  return nodes.some(({ cni }) => cni?.customNetworking === true)
    ? `Name a larger subnet in the ENIConfig and replace the nodes${lower}.`
    : `Place new nodes in a larger subnet${lower}.`;
}

export default defineRule({
  id: 'subnet-low',
  severity: 'warning',
  scope: 'subnets',
  needs: [NODES, PODS, ENIS, SUBNETS],
  uses: [EVENTS, METRICS],
  check(subnet, context) {
    const free = subnet.availableAddresses;
    const nodes = podNodesOf(subnet.id, context).filter((node) => hasIpamd(node) && node.cni?.mode !== 'ipv6');
    const launches = signalsOf(context, subnet.id, 'InsufficientCapacityError').filter(({ lastAt }) =>
      isRecent(lastAt, RECENT, context),
    );
    if (free === null || nodes.length + launches.length === 0) return null;
    const needy = nodes.filter((node) => need(node) > 0 && isSettled(node, context));
    const needed = needy.reduce((sum, node) => sum + need(node), 0);
    const prefix = nodes.some((node) => node.cni?.mode === 'prefix');
    const floor = prefix ? PREFIX_SIZE : MIN_FREE;
    // Blocks in reservations for prefixes are not in EC2's count.
    const reserved = nodes.every(({ cni }) => cni?.mode === 'prefix') ? PREFIX_SIZE * subnet.reservedPrefixes : 0;
    if (free + reserved >= needed && free + reserved >= floor && launches.length === 0) return null;
    const refused = nodes.flatMap((node) => apiErrors(context, node.id, /InsufficientFreeAddressesInSubnet/));
    return {
      subjects: [subnet.id, ...needy.slice(0, 10).map((node) => node.id)],
      title: `${counted(free, 'address', 'addresses')} left${needy.length > 0 ? `, ${Math.max(needed, prefix ? PREFIX_SIZE : 1)} needed next` : ''}`,
      detail: `${
        launches.length === 0
          ? ''
          : 'Karpenter cannot launch a node there: the instance itself needs an address of the subnet. '
      }${counted(nodes.length, 'node takes', 'nodes take')} pod addresses from ${subnet.id} (${subnet.cidr ?? 'range not known'}); ${
        needy.length > 0
          ? `${needy.length} of them ${needy.length === 1 ? 'needs' : 'need'} ${needed} more to reach ${needy.length === 1 ? 'its' : 'their'} targets`
          : 'none needs more at the moment'
      }, and the subnet has ${free}. After a refusal ipamd waits two minutes before it asks again.`,
      evidence: [
        `EC2 DescribeSubnets: AvailableIpAddressCount ${free}`,
        ...launches.map(({ kind, text }) => `event ${kind}: ${text}`),
        prefix
          ? 'nodes on it run in prefix mode: each step takes 16 aligned addresses'
          : `targets of its nodes: ${counted(needed, 'address', 'addresses')} short in all`,
        ...refused.slice(0, 3).map(({ text }) => `aws-node metrics: ${text}`),
      ],
      advice:
        launches.length === 0
          ? remedy(subnet.id, nodes, context)
          : `Let Karpenter use subnets with room (subnetSelectorTerms of its EC2NodeClass; NodeClass in Auto Mode), in every zone that its pods need. ${remedy(subnet.id, nodes, context)}`,
      command: shell`aws ec2 describe-network-interfaces --filters Name=subnet-id,Values=${subnet.id} --query 'NetworkInterfaces[].[NetworkInterfaceId,Status,Description,length(PrivateIpAddresses)]' --output table`,
    };
  },
});
