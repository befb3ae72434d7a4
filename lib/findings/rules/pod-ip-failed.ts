/**
 * POD_IP_FAILED (vpc-cni §10): a pod waits because it could not get an address. The error text is the same for every cause,
 * so the finding names the most likely one from the state of the node. A restarting aws-node suppresses the finding; an
 * aws-node that has not been Ready for as long as the failure lasts is the cause. If the Event has expired or cannot be
 * read, an empty pool shows that the pod waits.
 */
import { agentVersion } from '../../model/agent-version';
import { ENIS, EVENTS, METRICS, PODS, SUBNETS } from '../../model/source-ids';
import { POD_ENI } from '../../model/pod-eni';
import type { EniRecord, NodeRecord, PodRecord, Pool } from '../../model/records';
import { versionBefore } from '../../model/version';
import { enisOf, isPrimary } from '../guards/eni';
import { hasIpamd, isEstablished, isStandstill, poolOf } from '../guards/node';
import { conditionLines, conditionWords } from '../guards/condition';
import { countedErrors, errorsOf, type EmptyPoolCause } from '../guards/counted-errors';
import { hasNetworks } from '../guards/pod';
import { apiErrors, refusalOf, podSignalsOn, signalsOf } from '../guards/signals';
import { ofMinimum } from '../guards/minimum';
import { restartOf } from '../guards/restart';
import { agentRemedy, describeAgent } from '../guards/agent';
import { drySubnet, shortOf } from '../guards/subnet';
import { isAged, MINUTE } from '../guards/time';
import { waitingOf } from '../guards/waiting';
import { cappedBy, countedWithOthers, keepsSlotForTrunk, whyNone } from '../guards/why-none';
import { awsNodeLog, counted, listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import { isSourceLive } from '../rule/trust';
import eniWithoutIpv4 from './eni-without-ipv4';
import { starvesAwsNode } from './pod-identity-agent-missing';

/** A failure shorter than this may resolve with the next address. Milliseconds. */
const MIN_DURATION = 30_000;
/** A restart of aws-node takes less than this. Milliseconds. */
const RESTART = 2 * MINUTE;

/** On nodes without aws-node the message comes from something else, and there is no log of aws-node to read. */
function withoutAwsNode(node: NodeRecord): EmptyPoolCause {
  if (node.computeType === 'auto')
    return {
      rule: null,
      text: 'of something that ifscope does not see: EKS Auto Mode gives out the addresses of this node itself',
      advice: `Check that the pod subnets of its NodeClass (podSubnetSelectorTerms, else subnetSelectorTerms) include one in ${node.zone ?? 'the zone of the node'} with free addresses, and read the events of the NodeClass and of the node.`,
      command: 'kubectl get nodeclasses.eks.amazonaws.com -o yaml',
    };
  return {
    rule: null,
    text: 'no aws-node runs there to give it one',
    advice:
      'Check whether the DaemonSet aws-node is meant to run on this node (its node selector, affinity and tolerations), and whether its pod for the node is Pending, or was never made (a quota, a webhook).',
    command: 'kubectl -n kube-system describe daemonset,pods -l k8s-app=aws-node',
  };
}

function notReady(node: NodeRecord): EmptyPoolCause {
  const { agentTrouble, name } = node;
  const text = `aws-node on the node is not Ready${agentTrouble === null ? '' : `: ${agentTrouble}`}${conditionWords(node)}`;
  const advice = agentRemedy(agentTrouble);
  const command = describeAgent(name);
  return {
    rule: null,
    text,
    ...(advice === undefined ? {} : { advice }),
    ...(agentTrouble === null || command === null ? {} : { command }),
  };
}

/**
 * Under custom networking, aws-node exits if it cannot attach an ENI for pods when it starts (vpc-cni §7). Whatever
 * prevents the ENI is then the cause, and the NotReady aws-node its effect. Null if ifscope sees nothing that prevents
 * it.
 */
function ofFirstEni(node: NodeRecord, context: RuleContext): EmptyPoolCause | null {
  const pool = poolOf(node);
  if (node.cni?.customNetworking !== true || pool?.total !== 0) return null;
  const start = 'custom networking needs an ENI for pods when aws-node starts';
  if (node.headroom.limitedBy === 'slots' && node.headroom.pods === 0)
    return {
      rule: null,
      text: `${start}, and every ENI slot of card 0 is taken${whyNone(node, enisOf(context, node))}`,
      advice:
        'Leave an ENI slot of card 0 free on such nodes: attach nothing else to that card (EFA-only interfaces, ENIs for Multus), raise MAX_ENI if it is set, or use a type with more ENIs. Then replace the node.',
    };
  const subnet = context.read.whole('subnets', node.eniConfig?.subnet ?? null);
  return subnet?.availableAddresses === 0
    ? {
        rule: null,
        text: `${start}, and subnet ${subnet.id} of its ENIConfig has no free address`,
        subjects: [subnet.id],
        advice: 'Free addresses in that subnet, or name another subnet in the ENIConfig and replace the node.',
      }
    : null;
}

/** An ENI without an IPv4 address keeps ipamd from starting. */
function withoutIpv4(node: NodeRecord, context: RuleContext): EmptyPoolCause | null {
  if (!isSourceLive(context.read, ENIS)) return null;
  const bare = enisOf(context, node).find((eni) => eniWithoutIpv4.check(eni, context).length > 0);
  return bare === undefined
    ? null
    : {
        rule: 'eni-without-ipv4',
        text: `ENI ${bare.id} has no IPv4 address${bare.role === 'efa-only' ? ' (it is EFA-only)' : ''}, which keeps ipamd from starting`,
        subjects: [bare.id],
      };
}

/** What prevents ipamd from starting, or from sending requests to EC2. */
function ofAgent(node: NodeRecord, pod: PodRecord, context: RuleContext): EmptyPoolCause | null {
  if (
    pod.nicConfig === 'multi-nic-attachment' &&
    node.cni?.multiNic === false &&
    !versionBefore(agentVersion(node), [1, 20, 0])
  )
    return { rule: 'multi-nic-no-effect', text: 'it asks for multi-NIC, which is off on this node' };
  if (node.eniConfig?.found === false)
    return { rule: 'eniconfig-missing', text: `its ENIConfig ${node.eniConfig.name ?? ''} does not exist` };
  if (node.eniConfigProblems.length > 0)
    return { rule: 'eniconfig-missing', text: `its ENIConfig ${node.eniConfig?.name ?? ''} cannot be used` };
  const zone = context.read.one('subnets', node.eniConfig?.subnet ?? null)?.zone ?? null;
  if (node.cni?.customNetworking === true && zone !== null && node.zone !== null && zone !== node.zone)
    return {
      rule: 'eniconfig-wrong-zone',
      text: `its ENIConfig ${node.eniConfig?.name ?? ''} names a subnet in ${zone}, and the node is in ${node.zone}`,
      subjects: [node.eniConfig?.subnet ?? ''],
    };
  if (apiErrors(context, node.id, /UnauthorizedOperation|AccessDenied/).length > 0 || lacksRights(node, context))
    return { rule: 'ec2-permission-missing', text: 'aws-node lacks EC2 permissions' };
  if (node.ipamd?.ready === false && (node.cni?.refused.length ?? 0) > 0)
    return { rule: 'cni-settings-refused', text: `aws-node does not start: ${node.cni?.refused.join('; ') ?? ''}` };
  if (node.ipamd?.ready === false && starvesAwsNode(node, context))
    return {
      rule: 'pod-identity-agent-missing',
      text: 'aws-node gets its AWS credentials from the EKS Pod Identity Agent, which is not there for it',
    };
  if (node.ipamd?.ready === false) return withoutIpv4(node, context) ?? ofFirstEni(node, context) ?? notReady(node);
  // The pods need only one /80 on the primary ENI, which ipamd requests when it starts (vpc-cni §2.2).
  const primary = enisOf(context, node).find(isPrimary);
  if (node.cni?.mode === 'ipv6' && primary?.prefixes.every(({ cidr }) => !cidr.includes(':')) === true)
    return {
      rule: null,
      text: `its primary ENI ${primary.id} has no IPv6 prefix (/80), which ipamd assigns only when it starts`,
      advice:
        'Give the role of aws-node ec2:AssignIpv6Addresses (AmazonEKS_CNI_Policy has no IPv6 rights), check that the subnet has an IPv6 range, and restart aws-node on the node.',
    };
  return null;
}

/** How ipamd's view of these ENIs differs. */
function differing(enis: readonly EniRecord[]): string {
  const unheld = enis.reduce((sum, { ipamd }) => sum + (ipamd?.unheld.length ?? 0), 0);
  if (unheld > 0) return `holds ${counted(unheld, 'address', 'addresses')} for pods that are gone`;
  return enis.some(({ ipamd }) => ipamd?.known === false)
    ? 'does not know an ENI of the node'
    : 'lacks addresses that EC2 has assigned';
}

/** Why the pool has no address for the pod. */
function ofPool(node: NodeRecord, pod: PodRecord, context: RuleContext): EmptyPoolCause {
  const pool = poolOf(node);
  const free = pool?.available ?? 0;
  const dryCard =
    pod.nicConfig === 'multi-nic-attachment' ? node.pools.find(({ available }) => available === 0) : undefined;
  if (dryCard !== undefined)
    return { rule: null, text: `it needs an address on every card, and card ${dryCard.card} has none free` };
  if (isStandstill(node) && free === 0)
    return { rule: 'cordoned-no-growth', text: 'the node is cordoned, so its pool does not grow' };
  if (node.cni?.networkResourceProvisioning === false && free === 0)
    return {
      rule: null,
      text: `ipamd has none left and may not ask EC2 for more (${node.cni.imdsOnly === true ? 'ENABLE_IMDS_ONLY_MODE' : 'DISABLE_NETWORK_RESOURCE_PROVISIONING'}=true)`,
      advice: 'Add ENIs or addresses with the tool that provisions the node, or run the pod elsewhere.',
    };
  const leaking = enisOf(context, node).filter(
    ({ ipamd }) => ipamd !== null && (ipamd.unheld.length > 0 || !ipamd.known || ipamd.missing.length > 0),
  );
  if (free === 0 && leaking.length > 0)
    return {
      rule: 'ipamd-view-differs',
      text: `ipamd ${differing(leaking)} (${listed(leaking.map(({ id }) => id))})`,
      subjects: leaking.map(({ id }) => id),
    };
  if (node.headroom.limitedBy === 'slots' && node.headroom.pods === 0)
    return {
      rule: 'node-addresses-full',
      text:
        pool?.total === 0
          ? `no ENI of the node gives pods addresses${whyNone(node, enisOf(context, node))}, and no further one can attach`
          : `every slot on every attachable ENI of the node is taken${cappedBy(node)}${countedWithOthers(node, enisOf(context, node))}${keepsSlotForTrunk(node) ? ', and one more ENI could attach, but its slot is kept for a trunk that is not there (ENABLE_POD_ENI)' : ''}`,
    };
  const dry = drySubnet(node, context);
  const minimum = ofMinimum(node, pool);
  if (minimum !== null)
    return dry === null
      ? minimum
      : {
          ...minimum,
          text: `${minimum.text}; and ${shortOf(dry)}`,
          subjects: [dry.id],
          advice: `${minimum.advice ?? ''} Then fix what subnet-low reports.`,
        };
  if (dry !== null) return { rule: 'subnet-low', text: shortOf(dry), subjects: [dry.id] };
  if (apiErrors(context, node.id, /InsufficientCidrBlocks/).length > 0)
    return { rule: 'prefix-fragmented', text: 'its subnet has no free aligned /28' };
  if (free > 0 && pool?.cooling != null && pool.cooling >= free)
    return { rule: 'cooldown-starved', text: 'the free addresses are cooling' };
  if (apiErrors(context, node.id, /RequestLimitExceeded|Throttl/).length > 0)
    return { rule: 'ec2-throttled', text: 'EC2 throttles the VPC CNI, so its pool grows too slowly' };
  return (
    blocked(pool) ??
    countedErrors(node) ??
    empty(node, pool, context) ?? {
      rule: null,
      text: `of something that ifscope does not see; the log of aws-node says what${errorsOf(node)}`,
    }
  );
}

/** The causes, the most decisive first: each makes the ones after it irrelevant. */
function likelyCause(node: NodeRecord, pod: PodRecord, context: RuleContext): EmptyPoolCause {
  if (node.ipamd === null) return withoutAwsNode(node);
  return ofAgent(node, pod, context) ?? ofPool(node, pod, context);
}

const unanswered = (node: NodeRecord, pod: PodRecord, context: RuleContext): EmptyPoolCause =>
  (node.ipamd === null ? withoutAwsNode(node) : ofAgent(node, pod, context)) ?? {
    rule: null,
    text: `ipamd did not answer the CNI plugin${conditionWords(node)}: aws-node was restarting, or is too busy to answer`,
    advice: 'Check whether aws-node restarts on the node, and why: its previous log, its probes and its CPU.',
  };

/**
 * All addresses are assigned, and why the pool does not grow is not known, because EC2 is not read. ipamd may hold some of
 * them for deleted pods.
 */
function empty(node: NodeRecord, pool: Pool | null, context: RuleContext): EmptyPoolCause | null {
  if (pool?.available !== 0 || pool.assigned === null || pool.next !== null) return null;
  const holders = context.read
    .all('podsByNode', node.id)
    .filter((pod) => hasNetworks(pod) && pod.ips.length > 0 && (pod.podEni?.length ?? 0) === 0).length;
  const gone = node.pools.length > 1 ? 0 : pool.assigned - holders;
  return gone > 0
    ? {
        rule: null,
        text: `ipamd has given out all ${pool.assigned} of its addresses, and live pods hold ${holders} of them: ${counted(gone, 'address is', 'addresses are')} held for pods that are gone`,
        advice: `${restartOf(node, context).first}Restart aws-node on the node: it then reads the running sandboxes again.`,
      }
    : {
        rule: null,
        text: `ipamd has given out all ${pool.assigned} of its addresses; why it gets no more is not known, because EC2 is not read`,
        advice:
          'Read the log of aws-node on the node, and check whether its subnet has free addresses and its instance type room for an ENI.',
      };
}

/** The pool is empty, and its next change is blocked. */
function blocked(pool: Pool | null): EmptyPoolCause | null {
  if (pool?.available !== 0 || pool.next?.blockedBy == null) return null;
  if (/every slot is taken/.test(pool.next.blockedBy))
    return { rule: 'node-addresses-full', text: 'every slot on every attachable ENI of the node is taken' };
  const text = `its pool has no free address and cannot grow: ${pool.next.blockedBy}`;
  if (pool.next.action === 'attach-eni' && /not at all/.test(pool.next.blockedBy))
    return {
      rule: null,
      text,
      advice:
        'Free addresses in the subnet (see subnet-low), or let ipamd ask for fewer with a new ENI: under a small WARM_IP_TARGET it asks for what is short of it, and then for more one by one.',
    };
  return {
    rule: /\/28/.test(pool.next.blockedBy) ? 'prefix-fragmented' : null,
    text,
    advice: `Remove what keeps the pool from growing: ${pool.next.blockedBy}.`,
  };
}

const lacksRights = (node: NodeRecord, context: RuleContext): boolean =>
  podSignalsOn(context, node.id, 'MissingIAMPermissions').length > 0;

interface Refused {
  readonly since: string | null;
  /** The source and its text. */
  readonly evidence: string;
  /** Whether an Event reports it. */
  readonly isReported: boolean;
  /** Whether the CNI plugin got no answer from ipamd: the state of the pool is then irrelevant. */
  readonly isUnanswered?: boolean;
}

/**
 * The failure that the kubelet reports: no address, no agent that assigns one, or no network at all on a node whose
 * aws-node is not Ready.
 */
function reportedRefusal(pod: PodRecord, node: NodeRecord, context: RuleContext): Refused | null {
  const refusal = refusalOf(context, pod);
  const since = refusal?.signal.firstAt ?? null;
  if (refusal?.failure.kind === 'no-pod-address')
    return {
      since,
      evidence: 'event FailedCreatePodSandBox: failed to assign an IP address to container',
      isReported: true,
    };
  if (refusal?.failure.kind === 'ipamd-down')
    return {
      since,
      evidence: `event FailedCreatePodSandBox: ${refusal.failure.detail}`,
      isReported: true,
      isUnanswered: true,
    };
  // No Ready aws-node, also if the DaemonSet's settings apply but its pod is missing.
  const isUnserved = node.ipamd === null ? node.cni !== null : node.ipamd.ready === false;
  if (refusal !== null || pod.ips.length > 0 || !hasNetworks(pod) || !isUnserved) return null;
  const [unready] = signalsOf(context, pod.id, 'NetworkNotReady');
  return unready === undefined
    ? null
    : { since: unready.firstAt, evidence: `event NetworkNotReady: ${unready.text}`, isReported: true };
}

/** Since when the pod has waited for an address: according to its Event or, without one, its own status. */
function refusedSince(pod: PodRecord, node: NodeRecord, context: RuleContext): Refused | null {
  // The VPC resource controller provides the address of a branch ENI; on a node with aws-node, pod-eni-stuck reports it.
  if ((pod.resources[POD_ENI] ?? 0) > 0 && (pod.podEni?.length ?? 0) === 0 && node.ipamd?.ready !== false) return null;
  const reported = reportedRefusal(pod, node, context);
  if (reported !== null) return reported;
  const waiting = refusalOf(context, pod) === null ? waitingOf(pod, context) : null;
  // An interface that another component provides takes no address from the pool.
  if (waiting === null || waiting.signal !== null || pod.networksAnnotation.state === 'invalid') return null;
  if ((pod.resources[POD_ENI] ?? 0) > 0) return null;
  const evidence = `Kubernetes: Pending without podIPs since ${waiting.since ?? 'an unknown time'}; the pool of card 0 has no address available. No Event mentions it (any more).`;
  return { since: waiting.since, evidence, isReported: false };
}

export default defineRule({
  id: 'pod-ip-failed',
  severity: 'error',
  scope: 'pods',
  needs: [PODS],
  uses: [EVENTS, METRICS, SUBNETS, ENIS],
  check(pod, context) {
    if (pod.phase !== 'Pending' && pod.ips.length > 0) return null;
    const node = context.read.whole('nodes', pod.node);
    const refused = node === null ? null : refusedSince(pod, node, context);
    if (refused === null || node === null || !isEstablished(node, context)) return null;
    if (!isAged(refused.since, node.ipamd?.ready === false ? RESTART : MIN_DURATION, context)) return null;
    // Without an Event, the pool itself must show that no address is left, and why.
    if (!refused.isReported && (!hasIpamd(node) || poolOf(node)?.available !== 0)) return null;
    const cause = refused.isUnanswered ? unanswered(node, pod, context) : likelyCause(node, pod, context);
    if (!refused.isReported && cause.rule === null && cause.advice === undefined) return null;
    return {
      subjects: [pod.id, node.id, ...(cause.subjects ?? [])],
      title: 'Waits: no address could be assigned',
      detail: `${nameOf(pod.id)} cannot start on ${node.name}; most likely because ${cause.text}.`,
      evidence: [refused.evidence, ...conditionLines(node), cause.rule === null ? null : `see ${cause.rule}`],
      advice:
        cause.rule === null
          ? (cause.advice ?? 'Read the log of aws-node on the node.')
          : `Fix what ${cause.rule} reports.`,
      // The other finding has its own remedy and command.
      command: cause.rule === null ? (cause.command ?? awsNodeLog(node.name)) : null,
      since: refused.since,
    };
  },
});
