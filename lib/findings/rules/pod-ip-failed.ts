/**
 * POD_IP_FAILED (vpc-cni §10): a pod waits because it could not get an address. The error text is the same for every cause, so the
 * finding names the most likely one from the state of the node. A restarting aws-node mutes the finding; an aws-node that has not been
 * Ready for as long as the failure lasts is the cause. Once its Event is gone, or where Events cannot be read, a pod that waits beside an
 * empty pool is told by that.
 */
import { EVENTS, METRICS, PODS } from '../../model/source-ids';
import type { NodeRecord, PodRecord } from '../../model/records';
import { enisOf, givesAddresses } from '../guards/eni';
import { hasIpamd, isStanding, isStandstill, poolOf } from '../guards/node';
import { apiErrors, refusalOf, podSignalsOn } from '../guards/signals';
import { isAged, MINUTE } from '../guards/time';
import { waitingOf } from '../guards/waiting';
import { versionBefore } from '../guards/version';
import { awsNodeLog, listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

/** A failure shorter than this may resolve with the next address. Milliseconds. */
const PASSING = 30_000;
/** A restart of aws-node takes less than this. Milliseconds. */
const RESTART = 2 * MINUTE;

interface Cause {
  readonly rule: string | null;
  readonly text: string;
  readonly subjects?: readonly string[];
  /** Where no other finding has it. */
  readonly advice?: string;
}

/** Targets that are set and that an address target switches off: somebody may rely on them (vpc-cni §2.1). */
function ignored({ cni }: NodeRecord): string {
  const names = (cni?.ignored ?? []).flatMap(({ name, value, reason }) =>
    name.endsWith('_TARGET') &&
    value !== '0' &&
    reason.includes('_TARGET') &&
    `${name}=${value}` !== 'WARM_ENI_TARGET=1'
      ? `${name}=${value}`
      : [],
  );
  return names.length === 0
    ? ''
    : `; ${names.join(' and ')} ${names.length === 1 ? 'has' : 'have'} no effect beside it`;
}

/** Most decisive first: each cause makes the ones after it irrelevant. */
function likelyCause(node: NodeRecord, pod: PodRecord, context: RuleContext): Cause {
  const pool = poolOf(node);
  const free = pool?.available ?? 0;
  if (
    pod.nicConfig === 'multi-nic-attachment' &&
    node.cni?.multiNic === false &&
    !versionBefore(node.ipamd?.version ?? node.cni.version, [1, 20, 0])
  )
    return { rule: 'multi-nic-no-effect', text: 'it asks for multi-NIC, which is off on this node' };
  if (node.eniConfig?.found === false)
    return { rule: 'eniconfig-missing', text: `its ENIConfig ${node.eniConfig.name ?? ''} does not exist` };
  if (node.eniConfigProblems.length > 0)
    return { rule: 'eniconfig-missing', text: `its ENIConfig ${node.eniConfig?.name ?? ''} cannot be used` };
  if (apiErrors(context, node.id, /UnauthorizedOperation|AccessDenied/).length > 0 || lacksRights(node, context))
    return { rule: 'ec2-permission-missing', text: 'aws-node lacks EC2 permissions' };
  if (node.ipamd?.ready === false) return { rule: null, text: 'aws-node on the node is not Ready' };
  const dryCard =
    pod.nicConfig === 'multi-nic-attachment' ? node.pools.find(({ available }) => available === 0) : undefined;
  if (dryCard !== undefined)
    return { rule: null, text: `it needs an address on every card, and card ${dryCard.card} has none free` };
  if (isStandstill(node) && free === 0)
    return { rule: 'cordoned-no-growth', text: 'the node is cordoned, so its pool does not grow' };
  if (node.cni?.networkResourceProvisioning === false && free === 0)
    return {
      rule: null,
      text: `ipamd has none left and may ask EC2 for no more (${node.cni.imdsOnly === true ? 'ENABLE_IMDS_ONLY_MODE' : 'DISABLE_NETWORK_RESOURCE_PROVISIONING'}=true)`,
      advice: 'Give the node more ENIs or addresses with what provisions it, or run the pod elsewhere.',
    };
  const leaking = enisOf(context, node).filter(
    ({ ipamd }) => ipamd !== null && (ipamd.unheld.length > 0 || !ipamd.known),
  );
  if (free === 0 && leaking.length > 0)
    return {
      rule: 'ipamd-view-differs',
      text: `ipamd ${leaking.some(({ ipamd }) => ipamd?.known === true) ? 'holds addresses for pods that are gone' : 'does not know an ENI of the node'} (${listed(leaking.map(({ id }) => id))})`,
      subjects: leaking.map(({ id }) => id),
    };
  if (node.headroom.limitedBy === 'slots' && node.headroom.pods === 0)
    return { rule: 'node-addresses-full', text: 'every slot on every attachable ENI of the node is taken' };
  const unit = node.cni?.mode === 'prefix' ? 16 : 1;
  const dry = enisOf(context, node)
    .filter((eni) => givesAddresses(eni, node))
    .map((eni) => context.read.whole('subnets', eni.subnet))
    .find((subnet) => subnet !== null && (subnet.availableAddresses ?? unit) < unit);
  if (dry) return { rule: 'subnet-low', text: `subnet ${dry.id} has no free address`, subjects: [dry.id] };
  if (apiErrors(context, node.id, /InsufficientCidrBlocks/).length > 0)
    return { rule: 'prefix-fragmented', text: 'its subnet has no free aligned /28' };
  if (free > 0 && pool?.cooling != null && pool.cooling >= free)
    return { rule: 'cooldown-starved', text: 'the free addresses are cooling' };
  if (apiErrors(context, node.id, /RequestLimitExceeded|Throttl/).length > 0)
    return { rule: 'ec2-throttled', text: 'EC2 throttles the VPC CNI, so its pool grows late' };
  // MINIMUM_IP_TARGET alone counts as a warm target of none (vpc-cni §2.1, §2.4 rule 1): the pool is never low again.
  const minimum = node.cni?.minimumIpTarget ?? 0;
  if (pool?.low === false && minimum > 0 && (node.cni?.warmIpTarget ?? 0) === 0 && (pool.total ?? 0) >= minimum)
    return {
      rule: null,
      text: `MINIMUM_IP_TARGET=${minimum} is reached and WARM_IP_TARGET is ${node.cni?.warmIpTarget === null ? 'not set' : '0'}, so ipamd adds no address however many pods wait${ignored(node)}`,
      advice: 'Set WARM_IP_TARGET to 1 or more beside MINIMUM_IP_TARGET on aws-node.',
    };
  return { rule: null, text: 'of something that ifscope does not see; the log of aws-node says what' };
}

const lacksRights = (node: NodeRecord, context: RuleContext): boolean =>
  podSignalsOn(context, node.id, 'MissingIAMPermissions').length > 0;

interface Refused {
  readonly since: string | null;
  /** An Event says so. */
  readonly isTold: boolean;
}

/** Since when the pod has waited for an address: by its Event, or, where it has none (any more), by its own state. */
function refusedSince(pod: PodRecord, context: RuleContext): Refused | null {
  const refusal = refusalOf(context, pod);
  if (refusal?.failure.kind === 'no-pod-address') return { since: refusal.signal.firstAt, isTold: true };
  const waiting = refusal === null ? waitingOf(pod, context) : null;
  // An interface that another component gives takes no address of the pool.
  if (waiting === null || waiting.signal !== null || pod.networksAnnotation.state === 'invalid') return null;
  if ((pod.resources[POD_ENI] ?? 0) > 0) return null;
  return { since: waiting.since, isTold: false };
}

const POD_ENI = 'vpc.amazonaws.com/pod-eni';

export default defineRule({
  id: 'pod-ip-failed',
  severity: 'error',
  scope: 'pods',
  needs: [PODS],
  heeds: [EVENTS, METRICS],
  check(pod, context) {
    const refused = refusedSince(pod, context);
    const node = refused === null ? null : context.read.whole('nodes', pod.node);
    if (refused === null || node === null || !isStanding(node, context)) return [];
    if (!isAged(refused.since, node.ipamd?.ready === false ? RESTART : PASSING, context)) return [];
    // Without an Event the pool itself must tell that no address is left, and why.
    if (!refused.isTold && (!hasIpamd(node) || poolOf(node)?.available !== 0)) return [];
    const cause = likelyCause(node, pod, context);
    if (!refused.isTold && cause.rule === null && cause.advice === undefined) return [];
    return [
      {
        subjects: [pod.id, node.id, ...(cause.subjects ?? [])],
        title: 'Waits: no address could be assigned',
        detail: `${nameOf(pod.id)} cannot start on ${node.name}; most likely because ${cause.text}.`,
        evidence: [
          refused.isTold
            ? 'event FailedCreatePodSandBox: failed to assign an IP address to container'
            : `Kubernetes: Pending without podIPs since ${refused.since ?? 'no known time'}; the pool of card 0 has no address available. No Event tells of it (any more).`,
          ...(cause.rule === null ? [] : [`see ${cause.rule}`]),
        ],
        advice:
          cause.rule === null
            ? (cause.advice ?? 'Read the log of aws-node on the node.')
            : `Fix what ${cause.rule} reports.`,
        // The other finding has its own remedy and command.
        command: cause.rule === null ? awsNodeLog(node.name) : null,
        since: refused.since,
      },
    ];
  },
});
