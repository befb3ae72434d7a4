/**
 * ipamd's view of an ENI, by its own list or its metrics, differs from what EC2 lists and pods hold (vpc-cni §4.2, §4.3):
 * addresses held for sandboxes that no longer exist, an ENI or addresses that it does not know, addresses that it would
 * assign a second time, and entries that EC2 does not list.
 */
import { cidrContains, parseCidr } from '../../model/ip';
import { CLUSTER_NETWORK } from '../../model/ids';
import { ENIS, METRICS, NODES, PODS } from '../../model/source-ids';
import type { EniRecord, NodeRecord, PodRecord, Severity } from '../../model/records';
import { settledIpamdNode } from '../guards/node';
import { hasNetworks, interfacesOf, isLive } from '../guards/pod';
import { restartOf } from '../guards/restart';
import { isAged, MINUTE } from '../guards/time';
import { agentVersion } from '../../model/agent-version';
import { versionBefore } from '../../model/version';
import { cordon, counted, eniPlace, listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext, type RuleFile, type Sighting } from '../rule/rule';
import { isSourceComplete, isSourceLive } from '../rule/trust';

/** ipamd reconciles attached ENIs once a minute. Milliseconds. */
const RECONCILE = 2 * MINUTE;

type Believed = NonNullable<EniRecord['ipamd']>;

interface Difference {
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  readonly evidence: string;
}

/** Number of pods on the node that are getting an address or losing their sandbox: ipamd may be ahead of Kubernetes about them. */
const underWay = (context: RuleContext, node: NodeRecord): number =>
  context.read
    .all('podsByNode', node.id)
    .filter((pod) => !pod.hostNetwork && (pod.deleting || (isLive(pod) && pod.ips.length === 0))).length;

/** How many addresses ipamd has assigned that no live pod holds. By metrics alone, pods in transition may be included. */
function goneOf(eni: EniRecord, believed: Believed, node: NodeRecord, context: RuleContext): number {
  if (believed.addresses !== null || !isSourceComplete(context.read, PODS)) return believed.unheld.length;
  const held = eni.addresses.filter(({ interface: by, state }) => by !== null && state === 'assigned').length;
  const gone = Math.max(believed.unheld.length, believed.assigned - held);
  return gone > underWay(context, node) ? gone : 0;
}

const hasAddress = (pod: PodRecord | null): boolean => pod !== null && isLive(pod) && pod.ips.length > 0;

/** Describes addresses that ipamd holds for deleted pods. `place`: the ENI or the ENIs, on the node. */
function goneWords(
  number: number,
  place: string,
  { ips, pods, node }: { readonly ips: readonly string[]; readonly pods: readonly string[]; readonly node: NodeRecord },
  context: RuleContext,
): Pick<Difference, 'severity' | 'title' | 'detail'> {
  const which = ips.length === 0 ? '' : `: ${listed(ips)}`;
  // A StatefulSet's pod, and a pod whose sandbox was recreated, have the name of their predecessor.
  const again = pods.filter((name) => hasAddress(context.read.one('pods', `pod:${name}`)));
  const earlier =
    again.length === 0 ? '' : ` ${listed(again)} has another address now: an earlier sandbox had this one.`;
  const whose = pods.length === 0 ? '' : ` ipamd names ${listed(pods)}.${earlier}`;
  // A /80 has 2^48 addresses.
  const isPlenty = node.cni?.mode === 'ipv6';
  return {
    severity: isPlenty ? 'info' : 'warning',
    title: `ipamd holds ${counted(number, 'address', 'addresses')} for pods that are gone`,
    detail: `On ${place}, ipamd has assigned ${counted(number, 'address', 'addresses')} that no live pod holds${which}.${whose} Most likely it missed the deletion of their sandboxes. No other pod can get these addresses${isPlenty ? ', of which its /80 has enough' : ''}.`,
  };
}

function gone(eni: EniRecord, believed: Believed, node: NodeRecord, context: RuleContext): Difference | null {
  const number = goneOf(eni, believed, node, context);
  if (number === 0) return null;
  const { unheld: ips, unheldBy: pods, addresses, assigned } = believed;
  return {
    ...goneWords(number, `${eniPlace(eni)} of ${node.name}`, { ips, pods, node }, context),
    evidence: `${addresses === null ? 'ipamd’s metrics or checkpoint' : 'ipamd’s own list'}: ${assigned} assigned on the ENI`,
  };
}

function unknownEni(eni: EniRecord, believed: Believed, node: NodeRecord): Difference | null {
  if (believed.known) return null;
  const taken =
    believed.taken.length === 0
      ? ''
      : ` Pods hold ${listed(believed.taken)} on it. If ipamd adds the ENI back, it treats these addresses as free and assigns them again.`;
  return {
    severity: believed.taken.length > 0 ? 'error' : 'warning',
    title: 'ipamd does not know this ENI',
    detail: `EC2 lists ${eniPlace(eni)} on ${node.name}, and its tags leave it to ipamd, but ipamd’s own list does not have it. No pod gets an address from it, and it uses an ENI slot. Most likely something else attached it, or ipamd dropped it while the instance metadata was out of date.${taken}`,
    evidence: 'ipamd’s own list lacks the ENI; EC2 lists it as attached',
  };
}

function taken(
  eni: EniRecord,
  { known, addresses, taken: ips, missing: lost, unheld, unheldBy }: Believed,
  node: NodeRecord,
): Difference | null {
  if (!known || ips.length === 0) return null;
  if (unheld.length === 0 && unheldBy.length > 0)
    return {
      severity: 'error',
      title: `ipamd has ${counted(ips.length, 'address', 'addresses')} of live pods for others`,
      detail: `Live pods on ${node.name} hold ${listed(ips)} on ${eniPlace(eni)}, but ipamd has them for ${listed(unheldBy)}: it takes an address back when that sandbox is deleted, and gives it to another pod, so that two pods share it. Most likely EC2 listed the address again after ipamd had given it back.`,
      evidence: `Kubernetes: status.podIPs has ${listed(ips)}; ipamd’s own list names ${listed(unheldBy)}`,
    };
  // ipamd cannot assign the missing entries until it reads them again.
  const isLost = ips.every((ip) => isAmong(ip, lost));
  return {
    severity: 'error',
    title: isLost
      ? `ipamd has forgotten ${counted(ips.length, 'address', 'addresses')} of live pods`
      : `ipamd treats ${counted(ips.length, 'address', 'addresses')} of live pods as free`,
    detail: isLost
      ? `Live pods on ${node.name} hold ${listed(ips)} on ${eniPlace(eni)}, but ipamd has neither the addresses nor an assignment for them. When it adds them back it treats them as free, and then two pods share an address. Most likely the instance metadata left them out when aws-node started.`
      : `Live pods on ${node.name} hold ${listed(ips)} on ${eniPlace(eni)}, but ipamd has no assignment for them: it assigns them to the next pods, and then two pods share an address. Most likely ipamd dropped the ENI and added it back as empty.`,
    evidence: `Kubernetes: status.podIPs has ${listed(ips)}; ipamd’s ${addresses === null ? 'checkpoint has no entry' : 'own list has no key'} for it`,
  };
}

const primaryOf = (eni: EniRecord): string | null => eni.addresses.find(({ state }) => state === 'primary')?.ip ?? null;

/** v1.22.0 to v1.22.3: if DescribeSubnets does not list the subnet, ipamd does not know the ENI's own address (vpc-cni §2.2). */
function own(eni: EniRecord, { extra: cidrs }: Believed, node: NodeRecord): Difference | null {
  const ip = primaryOf(eni);
  if (ip === null || !cidrs.includes(ip)) return null;
  return {
    severity: 'error',
    title: 'ipamd gives out the ENI’s primary address',
    detail: `ipamd on ${node.name} has ${ip} in its pool, which is the primary address of ${eniPlace(eni)}: the host has it, so a pod that gets it cannot be reached. v1.22.0 to v1.22.3 do so where EC2 does not list the subnet of the ENI.`,
    evidence: `ipamd’s own list has ${ip}; EC2: it is the primary address of ${eni.id}`,
  };
}

function extra(eni: EniRecord, believed: Believed, node: NodeRecord): Difference | null {
  const ip = primaryOf(eni);
  const cidrs = believed.extra.filter((cidr) => cidr !== ip);
  if (cidrs.length === 0) return null;
  return {
    severity: 'error',
    title: `ipamd has ${counted(cidrs.length, 'entry', 'entries')} that EC2 does not list`,
    detail: `On ${eniPlace(eni)} of ${node.name} ipamd has ${listed(cidrs)}, which EC2 does not list: a pod that gets such an address is unreachable.`,
    evidence: `ipamd’s own list has ${listed(cidrs)}; EC2 does not`,
  };
}

/** Whether an address is one of these addresses and prefixes. */
const isAmong = (ip: string, cidrs: readonly string[]): boolean =>
  cidrs.some((text) => {
    const cidr = parseCidr(text);
    return text === ip || (cidr !== null && cidrContains(cidr, ip));
  });

function missing(eni: EniRecord, { known, missing: cidrs }: Believed, node: NodeRecord): Difference | null {
  if (!known || cidrs.length === 0) return null;
  return {
    severity: 'info',
    title: `ipamd lacks ${counted(cidrs.length, 'entry', 'entries')} that EC2 lists`,
    detail: `EC2 lists ${listed(cidrs)} on ${eniPlace(eni)} of ${node.name}, but ipamd does not have it: it uses a slot, and no pod gets an address from it.`,
    evidence: `EC2 lists ${listed(cidrs)}; ipamd’s own list does not`,
  };
}

/** A restart helps if ipamd then reads the correct state. */
function remedy(
  eni: EniRecord,
  { known, taken: ips, missing: lost, extra: more }: Believed,
  node: NodeRecord,
  context: RuleContext,
) {
  const { first, command } = restartOf(node, context);
  const ip = primaryOf(eni);
  if (ip !== null && more.includes(ip))
    return {
      advice: 'Upgrade the VPC CNI to v1.22.4 or later, and delete a pod that already has the address.',
      command: 'kubectl -n kube-system get daemonset aws-node -o jsonpath="{.spec.template.spec.containers[*].image}"',
    };
  if (known && ips.length > 0 && ips.every((one) => isAmong(one, lost)))
    return {
      advice: `${first}Delete these pods, so that they get addresses that ipamd knows of; then restart aws-node on the node. If it happens again, check the log of ipamd for “presuming stale/dead”.`,
      command,
    };
  // Until v1.12.0, ipamd asked the container runtime for the sandboxes when it started; since then it reads its checkpoint.
  if (ips.length > 0 && !versionBefore(agentVersion(node), [1, 12, 0]))
    return {
      advice: `Delete these pods, so that they get addresses that ipamd has for them. A restart of aws-node does not help: it then reads its checkpoint, which lacks them${known ? '' : ', and adds the ENI back with these addresses free'}.`,
      command: null,
    };
  return {
    advice: `${first}Restart aws-node on the node: it then reads EC2 and the running sandboxes again. If the difference returns, check the log of ipamd around its last restart.`,
    command,
  };
}

const ofEni = defineRule({
  id: 'ipamd-view-differs',
  severity: 'warning',
  scope: 'enis',
  needs: [NODES, PODS, ENIS],
  uses: [METRICS],
  check(eni, context) {
    const believed = eni.ipamd;
    const place = settledIpamdNode(context, eni.node);
    const node = place === null ? null : context.read.whole('nodes', place.id);
    if (believed === null || node === null || !isAged(eni.attachedAt, RECONCILE, context)) return null;
    if (eni.attachmentStatus === 'detaching' || eni.attachmentStatus === 'attaching') return null;
    const found = [
      taken(eni, believed, node),
      unknownEni(eni, believed, node),
      own(eni, believed, node),
      extra(eni, believed, node),
      gone(eni, believed, node, context),
      missing(eni, believed, node),
    ].filter((difference) => difference !== null);
    const [first] = found;
    if (first === undefined) return null;
    const pods = new Set(
      eni.addresses.flatMap(({ ip, interface: id }) =>
        id !== null && believed.taken.includes(ip) ? (context.read.one('interfaces', id)?.pod ?? []) : [],
      ),
    );
    return {
      subjects: [eni.id, node.id, ...[...pods].sort()],
      severity: first.severity,
      title: first.title,
      detail: [
        ...found.map(({ detail }) => detail),
        ...(pods.size === 0 ? [] : [`The pods: ${listed([...pods].sort().map(nameOf))}.`]),
      ].join(' '),
      evidence: found.map(({ evidence }) => evidence),
      ...remedy(eni, believed, node, context),
    };
  },
});

/** Live pods with an address of the node's active mode since before its metrics were read. */
function holdersBefore(asOf: string, node: NodeRecord, context: RuleContext): readonly PodRecord[] {
  const until = Date.parse(asOf) - RECONCILE;
  const rule = node.cni?.mode === 'prefix' ? 'ipv4-prefix' : 'secondary-ip';
  return context.read.all('podsByNode', node.id).filter((pod) => {
    if (!hasNetworks(pod) || pod.startedAt === null || Date.parse(pod.startedAt) > until) return false;
    const eth0 = interfacesOf(context, pod).find(({ network }) => network === CLUSTER_NETWORK);
    const eni = context.read.one('enis', eth0?.eni ?? null);
    return eth0?.link.rule === rule && eth0.link.certainty === 'observed' && eni?.management.state === 'managed';
  });
}

/** By its metrics alone, ipamd has fewer addresses assigned than pods hold. On several cards, the gauge is of the last one (vpc-cni §4.3). */
function fewer(node: NodeRecord, context: RuleContext): Sighting | null {
  const { metrics, pools, cni } = node;
  if (metrics?.assignedAddresses == null || pools.length !== 1 || cni?.mode === 'ipv6' || cni === null) return null;
  const pods = holdersBefore(metrics.asOf, node, context);
  const missing = pods.length - metrics.assignedAddresses;
  if (metrics.assignedAddresses < 0 || missing <= 0) return null;
  return {
    subjects: [node.id, ...pods.slice(0, 10).map(({ id }) => id)],
    title: `ipamd counts ${counted(missing, 'address', 'addresses')} of live pods as free`,
    detail: `ipamd on ${node.name} has ${counted(metrics.assignedAddresses, 'address', 'addresses')} assigned, and ${counted(pods.length, 'live pod holds', 'live pods hold')} one of its ENIs: it gives the others to the next pods, and then two pods share an address. Most likely it lost them at its last start.`,
    evidence: [
      `aws-node metrics: awscni_assigned_ip_addresses ${metrics.assignedAddresses}`,
      `Kubernetes: podIPs of ${counted(pods.length, 'live pod')} are on ENIs of the node`,
    ],
    advice:
      'Fetch ipamd’s own list (/v1/enis) from the node to see which pods it lacks, cordon the node, and delete these pods, so that they get addresses that ipamd has for them.',
    command: cordon(node),
  };
}

/** Without EC2, only ipamd's list and the pods show which addresses it holds for no pod. */
function goneWithoutEc2(node: NodeRecord, context: RuleContext): Sighting | null {
  const held = node.ipamdEnis.flatMap(({ id, assigned }) =>
    assigned.filter((address) => address.held === false).map(({ ip, pod }) => ({ eni: id, ip, pod })),
  );
  if (held.length === 0) return null;
  const { first, command } = restartOf(node, context);
  const ips = held.map(({ ip }) => ip);
  const pods = [...new Set(held.flatMap(({ pod }) => pod ?? []))].sort();
  const enis = [...new Set(held.map(({ eni }) => eni))].sort();
  return {
    subjects: [node.id],
    ...goneWords(held.length, `${listed(enis)} of ${node.name}`, { ips, pods, node }, context),
    evidence: [`ipamd’s own list: ${listed(ips)} assigned; no live pod on the node reports them`],
    advice: `${first}Restart aws-node on the node: it then reads EC2 and the running sandboxes again.`,
    command,
  };
}

/** An ENI that was detached or deleted without ipamd; or fewer addresses than pods hold. */
const ofNode = defineRule({
  id: 'ipamd-view-differs',
  severity: 'error',
  scope: 'nodes',
  needs: [NODES],
  uses: [ENIS, METRICS, PODS],
  check(steady, context) {
    const node = context.read.whole('nodes', steady.id);
    if (node === null || settledIpamdNode(context, node.id) === null) return null;
    if (!isSourceLive(context.read, ENIS)) return goneWithoutEc2(node, context);
    if (node.strayEnis.length === 0)
      return isSourceLive(context.read, METRICS) && isSourceLive(context.read, PODS) ? fewer(node, context) : null;
    const names = listed(node.strayEnis.map(({ id }) => id));
    const { first, command } = restartOf(node, context);
    const free = node.strayEnis.reduce((sum, { addresses, assigned }) => sum + Math.max(0, addresses - assigned), 0);
    return {
      subjects: [node.id, ...node.strayEnis.map(({ id }) => id)],
      title: `ipamd has ${counted(node.strayEnis.length, 'ENI')} that EC2 does not list on the node`,
      detail: `ipamd’s own list on ${node.name} has ${names}, and EC2 lists no such ENI on the instance. Pods that hold its addresses are unreachable, and ipamd may give ${free === 0 ? 'more of them' : counted(free, 'more address', 'more addresses')} to new pods. Most likely it was detached or deleted from outside.`,
      evidence: node.strayEnis.map(
        ({ id, addresses, assigned }) =>
          `ipamd’s own list: ${id} with ${counted(addresses, 'address', 'addresses')}, ${assigned} given out; EC2 lists none`,
      ),
      advice: `${first}Restart aws-node on the node: it then reads EC2 again and drops the ENI. Then delete the pods that hold its addresses, so that they get others.`,
      command,
    };
  },
});

export default [ofEni, ofNode] satisfies RuleFile;
