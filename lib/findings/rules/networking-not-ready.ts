/**
 * A condition of the node reports a network fault: NetworkingReady of eks-node-monitoring-agent, or NetworkUnavailable (vpc-cni §9). The
 * agent never clears NetworkingReady=False (eks-node-monitoring-agent #215, #250), so the condition may contradict a Ready aws-node;
 * node auto repair and Karpenter replace the node because of it all the same. No condition shows an aws-node that does not start.
 */
import type { NodeCondition } from '../../model/records';
import { EVENTS, NODES, PODS } from '../../model/source-ids';
import { agentRemedy, describeAgent, isAgentStuck } from '../guards/agent';
import { isEstablished } from '../guards/node';
import { hasNetworks } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { isAged, isRecent, MINUTE } from '../guards/time';
import { nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import type { Steady } from '../rule/steady';
import { isSourceComplete, isSourceLive } from '../rule/trust';

/** At the start of a node, conditions change within minutes. Milliseconds. */
const MIN_DURATION = 5 * MINUTE;

const AGENT = 'NetworkingReady';

/** Reasons about ipamd, which a Ready aws-node contradicts. */
const OF_IPAMD = /^IPAMD/;
const OF_LINKS = /^(?:Interface|MissingLoopback)/;

/** Reasons and messages about kube-proxy, which routes Services. */
const OF_PROXY = /kube-?proxy/i;

const RESTART =
  'Restart the agent’s pod on the node (eks-node-monitoring-agent): it keeps the condition until then, and node auto repair or Karpenter may replace the node because of it.';

function remedy(
  { message, reason, type }: NodeCondition,
  ipamd: 'ready' | 'not-ready' | 'absent',
  isAuto: boolean,
): string {
  if (type !== AGENT)
    return `Read the log of the component that sets ${type}: the cloud’s controller or the cluster’s CNI.`;
  if (isAuto)
    return 'EKS Auto Mode runs the agent and ipamd on the node itself, without pods, and replaces the node if the fault lasts. To find the cause before that, collect the logs of the node (NodeDiagnostic).';
  if (OF_PROXY.test(`${reason} ${message}`))
    return `Check the pod of the DaemonSet kube-proxy on the node, its log, and its mode (ConfigMap kube-proxy-config): ipvs requires kernel modules on the node. Without kube-proxy, Services are not reached there, and aws-node may not start, because by default it asks the API server through the Service kubernetes. Once it is mended: ${RESTART}`;
  if (!OF_IPAMD.test(reason) && !OF_LINKS.test(reason))
    return `Check on the node what the message names. Once it is mended: ${RESTART}`;
  if (!OF_IPAMD.test(reason))
    return `Check the link that the message names (ip link on the node). Once it is up: ${RESTART} If nothing uses that link (a dummy link such as nodelocaldns, an InfiniBand port of P6), the agent is wrong about it: upgrade it.`;
  switch (ipamd) {
    case 'ready':
      return RESTART;
    case 'not-ready':
      return `Read the log of aws-node on the node. Once it is Ready: ${RESTART}`;
    case 'absent':
      return 'No aws-node runs on this node. If another CNI has replaced the VPC CNI, the agent is wrong: upgrade it, or exclude the node from node auto repair. Otherwise check why the DaemonSet aws-node does not run there.';
  }
}

/** Rules or routes that the node lacks, by an Event of the agent, which sets no condition for them. */
const OF_ROUTES = /^Missing(?:IP|Default)/;
/** The agent checks every few minutes. Milliseconds. */
const LOOKS = 30 * MINUTE;

function missingRoutes(node: string, context: RuleContext): Sighting | null {
  const event = signalsOf(context, node, AGENT).find(
    ({ text, lastAt }) => OF_ROUTES.test(text) && isRecent(lastAt, LOOKS, context),
  );
  if (event === undefined) return null;
  return {
    subjects: [node],
    title: 'The node lacks rules or routes',
    detail: `eks-node-monitoring-agent reports of ${nameOf(node)}: ${event.text}. Pods that miss theirs send through the wrong ENI.`,
    evidence: [`event ${AGENT}: ${event.text}`],
    advice:
      'Compare ip rule and ip route show table all on the node with its pods. aws-node writes those of a pod when the pod starts, and those of an ENI when it attaches it: delete the pods that miss theirs. systemd-networkd removes what it did not write when it restarts or reconfigures a link: ManageForeignRoutingPolicyRules=no and ManageForeignRoutes=no in networkd.conf keep it.',
    command: shell`kubectl describe node ${nameOf(node)}`,
    since: event.firstAt,
  };
}

/** What to do where the instance drops packets, by the reason that the agent names in its Event. */
const ALLOWANCES: readonly (readonly [reason: RegExp, what: string, advice: string])[] = [
  [
    /^ConntrackExceeded\b/,
    'tracked connections',
    'EC2 tracks connections for security groups, up to a limit of the instance type: rules that allow all traffic in both directions are not tracked, idle connections can be forgotten earlier (the ENI’s connection tracking settings), and a larger type may have more.',
  ],
  [
    /^LinkLocalExceeded\b/,
    'packets to link-local addresses',
    'An ENI may send 1,024 packets a second to the DNS resolver of the VPC, the instance metadata and the time service together: run NodeLocal DNSCache, keep the replicas of CoreDNS on different nodes, and let fewer pods query the instance metadata.',
  ],
  [
    /^(?:PPS|BandwidthIn|BandwidthOut)Exceeded\b/,
    'packets or bytes a second',
    'Spread the pods that send and receive most over more nodes, or use a larger instance type.',
  ],
];

/** The instance drops packets: an Event of the agent, which sets no condition for it. */
function exceeded(node: string, context: RuleContext): Sighting | null {
  for (const event of signalsOf(context, node, AGENT)) {
    const [, what, advice] = ALLOWANCES.find(([reason]) => reason.test(event.text)) ?? [];
    if (what === undefined || advice === undefined || !isRecent(event.lastAt, LOOKS, context)) continue;
    return {
      subjects: [node],
      severity: 'info',
      title: 'The instance drops packets',
      detail: `eks-node-monitoring-agent reports of ${nameOf(node)}: ${event.text}. The instance has more ${what} than its type allows, and EC2 drops the excess of any pod.`,
      evidence: [`event ${AGENT}: ${event.text}`],
      advice,
      command: shell`kubectl describe node ${nameOf(node)}`,
      since: event.firstAt,
    };
  }
  return null;
}

/** aws-node does not start, and no pod waits on the node yet; once one waits, pod-ip-failed reports it. */
function withoutAgent({ id, name, ipamd, agentTrouble }: Steady<'nodes'>, context: RuleContext): Sighting | null {
  if (ipamd?.ready !== false || !isAgentStuck(agentTrouble) || !isSourceLive(context.read, PODS)) return null;
  if (context.read.all('podsByNode', id).some((pod) => hasNetworks(pod) && pod.ips.length === 0)) return null;
  return {
    subjects: [id],
    title: 'aws-node does not start',
    detail: `aws-node on ${name} is not Ready: ${agentTrouble ?? ''}. Pods that start there get no address until it is, and a new node stays NotReady.`,
    evidence: [`Kubernetes: pod of aws-node on the node: ${agentTrouble ?? ''}`],
    advice: agentRemedy(agentTrouble) ?? 'Read what Kubernetes reports of its pod.',
    command: describeAgent(name),
    since: null,
  };
}

export default defineRule({
  id: 'networking-not-ready',
  severity: 'warning',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES],
  uses: [PODS, EVENTS],
  check(node, context) {
    if (!isEstablished(node, context)) return null;
    const condition = node.networkConditions.find(({ since }) => isAged(since, MIN_DURATION, context));
    if (condition === undefined)
      return missingRoutes(node.id, context) ?? withoutAgent(node, context) ?? exceeded(node.id, context);
    const { type, reason, message } = condition;
    const said = [reason, message].filter(Boolean).join(': ');
    const isReady = node.ipamd?.ready === true && isSourceLive(context.read, PODS);
    const ipamd = isReady
      ? 'ready'
      : node.ipamd === null && isSourceComplete(context.read, PODS)
        ? 'absent'
        : 'not-ready';
    const isContradicted = type === AGENT && OF_IPAMD.test(reason) && isReady;
    return {
      subjects: [node.id],
      title: isContradicted ? 'Reports a fault of ipamd, and aws-node is Ready' : 'The node reports a network fault',
      detail: `The condition ${type} of ${node.name} is not ${type === AGENT ? 'True' : 'False'}${said === '' ? '' : ` (${said})`}.${
        isContradicted ? ' But aws-node is Ready there: most likely the fault is over, and the condition was kept.' : ''
      }`,
      evidence: [
        ...node.networkConditions.map(
          (one) => `condition ${one.type}: ${[one.reason, one.message].filter(Boolean).join(': ')}`,
        ),
        isReady ? `Kubernetes: aws-node on ${node.name} is Ready` : null,
      ],
      advice: remedy(condition, ipamd, node.computeType === 'auto'),
      command: shell`kubectl describe node ${node.name}`,
      since: condition.since,
    };
  },
});
