/**
 * Sentences for the details panel: the records' decisions and arithmetic in words. Unknown values are named as unknown,
 * never replaced by a number.
 */
import { counted } from '../model/counted';
import type { EniRecord, InterfaceRecord, NodeRecord, Pool } from '../model/records';
import type { EniOrOutline } from './eni-outline';
import { sentence } from './full-stop';
import { LIMIT_WORDS } from './limit-words';
import type { EniManagementRule } from '../model/vocabulary';

/** Why ipamd does or does not manage an ENI, in the order of ipamd's own checks (vpc-cni §1.2). */
const MANAGEMENT: Readonly<Record<EniManagementRule, string>> = {
  primary: 'The VPC CNI always manages the primary ENI; a no_manage tag on it is ignored.',
  'no-manage-tag': 'Its tag node.k8s.amazonaws.com/no_manage is “true”, so the VPC CNI does not manage it.',
  'no-manage-tag-false':
    'Its tag node.k8s.amazonaws.com/no_manage is set, but not to exactly “true”, so the VPC CNI manages it.',
  'instance-id-tag': 'Its tag node.k8s.amazonaws.com/instance_id names this instance, so the VPC CNI manages it.',
  'untagged-adopted':
    'It has neither the no_manage nor the instance_id tag, and MANAGE_UNTAGGED_ENI is true (the default), so the VPC CNI adopts it.',
  'untagged-ignored':
    'It has neither the no_manage nor the instance_id tag, and MANAGE_UNTAGGED_ENI is false, so the VPC CNI does not manage it.',
  'card-not-managed': 'The VPC CNI does not manage this network card, whatever the ENI’s tags.',
  'efa-only': 'An EFA-only ENI has no IP stack, so the VPC CNI ignores it.',
  trunk:
    'It is the trunk ENI for security groups for pods: since v1.16.4 the VPC CNI adds no addresses to it, and it gives pods those that the ENI already has.',
  branch: 'A branch ENI belongs to one pod. The VPC resource controller created it; ipamd does not see it.',
  unattached: 'It is not attached, so no VPC CNI manages it.',
  'imds-only': 'The VPC CNI runs in IMDS-only mode and reads no tags, so a no_manage tag has no effect.',
  'no-ipamd': 'No VPC CNI runs on this node, so nothing assigns its addresses.',
  unknown: 'The deciding rule is not known: tags or VPC CNI settings could not be read.',
};

/** Why ipamd manages the ENI or not, and whether its metrics agree. */
export function managementSentence(eni: EniRecord): string {
  const observed =
    eni.management.observed === null
      ? ''
      : eni.management.observed
        ? ' ipamd’s own metrics include it.'
        : ' ipamd’s own metrics do not include it.';
  // The rule considers only the nodes of this cluster; the ENI may be attached to another instance.
  if (eni.management.rule === 'unattached' && eni.instanceId !== null)
    return `It is attached to ${eni.instanceId}, which is not a node of this cluster.${observed}`;
  return MANAGEMENT[eni.management.rule] + observed;
}

/** The location of an ENI without a node: unattached, or on an instance outside the cluster. */
export function withoutNode(eni: EniOrOutline): string {
  if (eni.status === 'available') return 'not attached';
  return eni.instanceId === null ? 'not on a node of this cluster' : `on ${eni.instanceId}, not a node of this cluster`;
}

/** Why a node has no warm pool, depending on what assigns addresses there (vpc-cni §5.4, §5.5). */
export function noPoolSentence(node: NodeRecord): string {
  if (node.cni?.mode === 'ipv6')
    return 'In IPv6 mode each ENI has a /80 prefix, which never runs out; there is no warm pool.';
  if (node.computeType === 'fargate') return 'On Fargate each pod has its own ENI; there is no warm pool.';
  if (node.computeType === 'auto') return 'EKS Auto Mode keeps a warm pool, but no API exposes it.';
  if (node.computeType === 'hybrid' || node.computeType === 'other')
    return 'The node is not an EC2 instance; the VPC CNI assigns no addresses here.';
  if (node.os === 'windows')
    return 'On Windows the VPC resource controller assigns addresses; its warm pool is not known.';
  return 'Not known: no VPC CNI was seen on this node, or EC2 could not be read.';
}

/** Whether ipamd manages an ENI, in words. */
export const MANAGEMENT_WORD: Readonly<Record<EniRecord['management']['state'], string>> = {
  managed: 'Managed by the VPC CNI',
  unmanaged: 'Not managed',
  outside: 'Outside the VPC CNI',
  unknown: 'Management not known',
};

/** The time left until cooling addresses are known. */
function leftWords({ coolingKnownAt }: Pool, now: number): string {
  if (coolingKnownAt === null) return '';
  const left = Math.ceil((Date.parse(coolingKnownAt) - now) / 1000);
  return left > 0 ? `: ${left} s left` : ': as soon as pods are read again';
}

/**
 * `43 = 34 assigned + 9 warm + 0 cooling`; unknown parts are left out. Null without a total. Cooling addresses are
 * unknown until pods have been watched for a whole cooldown period, `cooldownSeconds`; null when that setting is not
 * known. `now`: epoch milliseconds.
 */
export function poolArithmetic(pool: Pool, cooldownSeconds: number | null, now: number): string | null {
  const { total, assigned, available, warm, cooling } = pool;
  if (total === null) return null;
  if (assigned === null || available === null) return `${total} in total; assigned not known`;
  if (warm === null || cooling === null) {
    const since =
      cooldownSeconds === null
        ? ', nor the cooldown'
        : ` until pods have been watched for a cooldown, ${cooldownSeconds} s${leftWords(pool, now)}`;
    return `${total} = ${assigned} assigned + ${available} free (cooling not known${since})`;
  }
  return `${total} = ${assigned} assigned + ${warm} warm + ${cooling} cooling`;
}

/** How many addresses the warm targets require, and whether that many are free. */
export function targetSentence(pool: Pool): string {
  if (pool.target === null) return 'Target not known.';
  const { available, low, short, high, over } = pool;
  const free =
    available === null ? 'the number free is not known' : `${available} ${available === 1 ? 'is' : 'are'} free`;
  // WARM_ENI_TARGET is met by whole ENIs, so the number of missing addresses is not a number that ipamd uses.
  const missing = short === null || short === 0 ? ', below the target' : `, ${short} short`;
  const spare = over === null ? ', more than needed' : `, ${over} more than needed`;
  const verdict = low === null ? '' : low ? missing : high === true ? spare : ', enough';
  return `${counted(pool.target, 'address', 'addresses')} must be free, cooling included; ${free}${verdict}.`;
}

/** ipamd's next action on this card, the reason, and what blocks it. */
export function nextSentence(pool: Pool): string {
  const { next } = pool;
  if (next === null) return 'The next action of the VPC CNI is not known.';
  const count = next.count;
  const some = (one: string, many: string): string => (count === null ? many : counted(count, one, many));
  const action = {
    // No action, either because nothing is missing or because something blocks it.
    none: next.blockedBy === null ? 'Nothing to do' : 'Nothing possible',
    'add-addresses': `Add ${some('address', 'addresses')} to an attached ENI`,
    'add-prefixes': `Add ${some('/28 prefix', '/28 prefixes')} to an attached ENI`,
    'attach-eni': `Attach ${count === null ? 'another ENI' : some('ENI', 'ENIs')}`,
    'release-addresses': `Release ${some('address', 'addresses')}`,
    'release-prefixes': `Release ${some('/28 prefix', '/28 prefixes')}`,
    'detach-eni': 'Detach and delete an idle ENI',
  }[next.action];
  const blocked = next.blockedBy === null ? '' : ` Blocked: ${next.blockedBy}.`;
  return `${sentence(`${action}: ${next.reason}`)}${blocked}`;
}

/** How many more pods fit here, and what limits them. */
export function headroomSentence(node: NodeRecord): string {
  const { pods, limitedBy } = node.headroom;
  const by =
    limitedBy === 'targets'
      ? 'the warm targets ask ipamd for no more addresses'
      : limitedBy === 'unknown'
        ? 'what limits it is not known'
        : `limited by ${LIMIT_WORDS[limitedBy]}`;
  if (pods === null) return 'How many more pods fit is not known.';
  if (pods === 0) return `No more pods fit: ${by}.`;
  // Another plugin assigns the addresses, so only the kubelet's own limit is known.
  if (node.cni === null && node.pools.length === 0 && limitedBy === 'max-pods')
    return `Max pods leaves room for ${counted(pods, 'more pod')}; whether they get an address is not known.`;
  const closed = node.unschedulable ? ' The node is cordoned: no new pod is scheduled to it.' : '';
  return `Room for ${counted(pods, 'more pod')}, ${by}.${closed}`;
}

/** The result of a check. */
export type Verdict = 'yes' | 'no' | 'unknown' | 'not-applicable';

/** Whether EC2 confirms an interface: its addresses, and its MAC if packets leave with the ENI's own. */
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

/** The text of an interface in the column "Reported". */
export function reportedWords(record: InterfaceRecord): string {
  if (record.state === 'requested') return 'not reported';
  if (record.state === 'expected') return 'no API reports it';
  return record.ips.length === 0 ? 'no address' : record.ips.join(', ');
}
