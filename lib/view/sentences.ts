/**
 * Decisions and arithmetic of the records in whole sentences, for the details panel. What is not known says so; a number
 * is never made up from nothing. The rules themselves are the topology's: here they are only put into words.
 */
import type { EniRecord, InterfaceRecord, NodeRecord, Pool } from '../model/records';
import { sentence } from './full-stop';
import type { EniManagementRule } from '../model/vocabulary';

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Why ipamd does or does not hand out an ENI's addresses, in the order of its own tests (vpc-cni §1.2). */
const MANAGEMENT: Readonly<Record<EniManagementRule, string>> = {
  primary: 'It is the primary ENI, which the VPC CNI always manages; a no_manage tag would be ignored here.',
  'no-manage-tag': 'Its tag node.k8s.amazonaws.com/no_manage is exactly “true”, so the VPC CNI leaves it alone.',
  'no-manage-tag-false':
    'Its tag node.k8s.amazonaws.com/no_manage is there, but not exactly “true”: the VPC CNI manages it.',
  'instance-id-tag': 'Its tag node.k8s.amazonaws.com/instance_id names this instance, so the VPC CNI manages it.',
  'untagged-adopted':
    'It carries neither the no_manage nor the instance_id tag, and MANAGE_UNTAGGED_ENI is true (the default): the VPC CNI adopts it.',
  'untagged-ignored':
    'It carries neither the no_manage nor the instance_id tag, and MANAGE_UNTAGGED_ENI is false: the VPC CNI leaves it alone.',
  'card-not-managed': 'The VPC CNI does not look at this network card, whatever the ENI’s tags.',
  'efa-only': 'An EFA-only ENI has no IP stack; the VPC CNI never looks at it.',
  trunk: 'It is the trunk for security groups for pods: in the VPC CNI’s hands, but it gets no addresses of its own.',
  branch: 'A branch ENI belongs to one pod; the VPC resource controller made it, and ipamd never sees it.',
  unattached: 'It is attached to nothing, so no node’s VPC CNI looks at it.',
  'imds-only': 'The VPC CNI runs in IMDS-only mode, where it reads no tags: a no_manage tag would not be honoured.',
  'no-ipamd': 'No VPC CNI runs on this node, so nobody hands out its addresses.',
  unknown: 'Which rule decides is not known: tags or the VPC CNI’s settings could not be read.',
};

export function managementSentence(eni: EniRecord): string {
  const observed =
    eni.management.observed === null
      ? ''
      : eni.management.observed
        ? ' ipamd’s own metrics show it.'
        : ' ipamd’s own metrics do not show it.';
  // The rule says that no node of ours has it; that another instance has is another matter.
  if (eni.management.rule === 'unattached' && eni.instanceId !== null)
    return `It is attached to ${eni.instanceId}, which is no node of this cluster.${observed}`;
  return MANAGEMENT[eni.management.rule] + observed;
}

/** Where an ENI is that hangs on no node of the cluster: on nothing, or on somebody else's instance. */
export function withoutNode(eni: EniRecord): string {
  if (eni.status === 'available') return 'attached to nothing';
  return eni.instanceId === null ? 'on no node of this cluster' : `on ${eni.instanceId}, no node of this cluster`;
}

/** Why a node has no warm pool to show, by what hands out the addresses there (vpc-cni §5.4, §5.5). */
export function noPoolSentence(node: NodeRecord): string {
  if (node.cni?.mode === 'ipv6') return 'In IPv6 mode one /80 prefix per ENI never runs out; there is no warm pool.';
  if (node.computeType === 'fargate') return 'On Fargate each pod has an ENI of its own; there is no warm pool.';
  if (node.computeType === 'auto') return 'EKS Auto Mode keeps a pool that no API shows: it is not known.';
  if (node.computeType === 'hybrid' || node.computeType === 'other')
    return 'The node is no EC2 instance: the VPC CNI hands out nothing here.';
  if (node.os === 'windows')
    return 'On Windows the VPC resource controller hands out addresses: its pool is not known.';
  return 'Not known: no VPC CNI is seen on this node, or EC2 is not readable.';
}

export const MANAGEMENT_WORD: Readonly<Record<EniRecord['management']['state'], string>> = {
  managed: 'managed by the VPC CNI',
  unmanaged: 'not managed',
  outside: 'outside the VPC CNI',
  unknown: 'management not known',
};

/** `43 = 34 assigned + 9 warm + 0 cooling`; parts that are not known are left out, and null stands for no total. */
export function poolArithmetic(pool: Pool): string | null {
  const { total, assigned, available, warm, cooling } = pool;
  if (total === null) return null;
  if (assigned === null || available === null) return `${total} in all; how many are assigned is not known`;
  if (warm === null || cooling === null)
    return `${total} = ${assigned} assigned + ${available} free (how many of them are cooling is not known)`;
  return `${total} = ${assigned} assigned + ${warm} warm + ${cooling} cooling`;
}

/** What the free part must reach, and whether it does. */
export function targetSentence(pool: Pool): string {
  if (pool.target === null) return 'Target not known.';
  const free = pool.available === null ? 'how many are free is not known' : `${pool.available} are free`;
  const verdict =
    pool.low === null
      ? ''
      : pool.low
        ? `, ${pool.short ?? '?'} short`
        : pool.high === true
          ? `, ${pool.over ?? '?'} more than asked for`
          : ', enough';
  return `${plural(pool.target, 'address', 'addresses')} must be free (cooling counts); ${free}${verdict}.`;
}

/** What ipamd does next on this card, why, and what keeps it from doing so. */
export function nextSentence(pool: Pool): string {
  const { next } = pool;
  if (next === null) return 'What the VPC CNI does next is not known.';
  const count = next.count;
  const some = (one: string, many: string): string => (count === null ? many : plural(count, one, many));
  const action = {
    // Nothing happens either because nothing is missing or because nothing can be done about it.
    none: next.blockedBy === null ? 'Nothing to do' : 'Nothing can be done',
    'add-addresses': `Add ${some('address', 'addresses')} to an attached ENI`,
    'add-prefixes': `Add ${some('/28 prefix', '/28 prefixes')} to an attached ENI`,
    'attach-eni': `Attach ${count === null ? 'another ENI' : some('ENI', 'ENIs')}`,
    'release-addresses': `Release ${some('address', 'addresses')}`,
    'release-prefixes': `Release ${some('/28 prefix', '/28 prefixes')}`,
    'detach-eni': 'Detach and delete an idle ENI',
  }[next.action];
  const blocked = next.blockedBy === null ? '' : ` Blocked: ${next.blockedBy}.`;
  return `${action}: ${sentence(next.reason)}${blocked}`;
}

/** How many more pods get an address here, and what stops it. */
export function headroomSentence(node: NodeRecord): string {
  const { pods, limitedBy } = node.headroom;
  const by = {
    'max-pods': 'the node’s own max pods stops it',
    slots: 'address slots stop it',
    subnet: 'the subnet runs dry first',
    cards: 'the cards take no more ENIs',
    unknown: 'what stops it is not known',
  }[limitedBy];
  if (pods === null) return 'How many more pods fit is not known.';
  if (pods === 0) return `No more pods: ${by}.`;
  // Another plugin hands out the addresses here: only the kubelet's own limit is known.
  if (node.cni === null && node.pools.length === 0 && limitedBy === 'max-pods')
    return `The node’s own max pods leaves room for ${plural(pods, 'more pod')}; whether they get an address is not known.`;
  return `${plural(pods, 'more pod')} ${pods === 1 ? 'gets' : 'get'} an address; then ${by}.`;
}

export type Verdict = 'yes' | 'no' | 'unknown' | 'not-applicable';

/** Whether EC2 confirms an interface: its addresses, and its MAC where packets leave under the ENI's own. */
export function backing(record: InterfaceRecord, eniMac: string | null): { address: Verdict; mac: Verdict } {
  const states = record.addresses.map(({ backed }) => backed);
  const address: Verdict =
    states.length === 0
      ? 'unknown'
      : states.some((state) => state === 'none' || state === 'other-node')
        ? 'no'
        : states.every((state) => state === 'not-applicable')
          ? 'not-applicable'
          : states.every((state) => state === 'eni' || state === 'not-applicable')
            ? 'yes'
            : 'unknown';
  const mac: Verdict =
    record.network === 'cluster' || record.mac === null
      ? 'not-applicable'
      : eniMac === null
        ? 'unknown'
        : record.mac === eniMac
          ? 'yes'
          : 'no';
  return { address, mac };
}

/** What an interface says of itself in the column "reported". */
export function reportedWords(record: InterfaceRecord): string {
  if (record.state === 'requested') return 'not reported';
  if (record.state === 'expected') return 'no API records it';
  return record.ips.length === 0 ? 'no address' : record.ips.join(', ');
}
