/**
 * TRUNK_MISSING (vpc-cni §6, §10): security groups for pods are on and the instance type supports them, but card 0 is full and has no
 * trunk: aws-node requests one in the CNINode only while a slot is free. Or a slot is free, and the VPC resource controller says in an
 * Event that it cannot create the trunk. Or pods request a branch ENI and no node offers any.
 */
import { ENIS, EVENTS, NODES, PODS } from '../../model/source-ids';
import { agentVersion } from '../../model/agent-version';
import { POD_ENI } from '../../model/pod-eni';
import { versionBefore } from '../../model/version';
import { readUnschedulable } from '../../cni/errors';
import type { NodeRecord, SignalRecord } from '../../model/records';
import { isPodEniOn, DENIED_BY_POLICY, trunkRefusals, trunkRefusedAnywhere } from '../guards/branches';
import { enisOf } from '../guards/eni';
import { eniLimit, hasIpamd, isSettled } from '../guards/node';
import { isLive } from '../guards/pod';
import { signalsOf } from '../guards/signals';
import { isSourceComplete } from '../rule/trust';
import { MINUTE, olderThan } from '../guards/time';
import { cordon, nameOf } from '../guards/words';
import { defineRule, type RuleFile, type Sighting } from '../rule/rule';

const TRUNK_LABEL = 'vpc.amazonaws.com/has-trunk-attached';

/** The trunk feature of the CNINode, in words, if it was read. Before 1.15.0, aws-node asks by a label of the node instead. */
function featureOf(node: NodeRecord): readonly string[] {
  const { cniNode, name, labels } = node;
  if (versionBefore(agentVersion(node), [1, 15, 0])) {
    const value = labels[TRUNK_LABEL];
    return value === undefined ? [] : [`Kubernetes: label ${TRUNK_LABEL}=${value}`];
  }
  if (cniNode.found === false) return [`Kubernetes: no CNINode ${name}`];
  if (cniNode.features === null) return [];
  return [
    `Kubernetes: CNINode ${name} ${cniNode.features.includes('SecurityGroupsForPods') ? 'asks for' : 'lacks'} the feature SecurityGroupsForPods`,
  ];
}

/** What to do, by the controller's message; the first match counts. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  DENIED_BY_POLICY,
  [
    /UnauthorizedOperation|AccessDenied|not authorized|AmazonEKSVPCResourceController/,
    'Attach the policy AmazonEKSVPCResourceController to the IAM role of the cluster (not of the nodes). If it has that policy, another one denies the call: CloudTrail names it.',
  ],
  [
    /[Ii]nsufficient.*[Aa]ddress|InsufficientCidr|free addresses/,
    'The subnet of the node, or of its ENIConfig, has no address for the trunk: free some, or use another subnet for new nodes.',
  ],
  [
    /NetworkInterfaceLimitExceeded/,
    'The account has reached its quota “Network interfaces per Region”: delete ENIs that nobody uses (ifscope explain leaked), or raise the quota.',
  ],
];

/**
 * A slot is free, and the controller could not create the trunk. A type that it does not know is reported by `nowhere`.
 */
function refused(node: NodeRecord, refusals: readonly SignalRecord[]): Sighting | null {
  const events = refusals.filter(({ kind }) => kind !== 'Unsupported');
  if (events.length === 0 || (node.allocatable[POD_ENI] ?? 0) > 0) return null;
  const text = events.map((event) => event.text).join('\n');
  return {
    subjects: [node.id],
    title: 'The trunk ENI could not be created',
    detail: `ENABLE_POD_ENI is on and ${node.instanceType ?? 'the type'} can carry a trunk, but the VPC resource controller could not create it: pods with their own security groups cannot start on ${node.name}.`,
    evidence: [
      ...events.map(({ kind, text }) => `event ${kind}: ${text}`),
      'EC2: no ENI of the node has the type trunk',
      ...featureOf(node),
    ],
    advice: REMEDIES.find(([pattern]) => pattern.test(text))?.[1] ?? 'Remove the cause that the event names.',
    command: null,
  };
}

const full = defineRule({
  id: 'trunk-missing',
  severity: 'error',
  scope: 'nodes',
  needs: [NODES, PODS, ENIS],
  uses: [EVENTS],
  check(node, context) {
    const limit = eniLimit(node);
    if (!hasIpamd(node) || node.cni?.podEni !== true || node.limits?.trunkCompatible !== true || limit === null)
      return null;
    const enis = enisOf(context, node);
    const attached = enis.filter((eni) => eni.card === 0).length;
    if (enis.some((eni) => eni.role === 'trunk') || !isSettled(node, context)) return null;
    const events = trunkRefusals(context, node.id);
    if (attached < limit) return refused(node, events);
    const capped = limit < node.limits.enisPerCard ? limit : null;
    return {
      subjects: [node.id],
      title: 'No trunk ENI, and no slot left for one',
      detail: `ENABLE_POD_ENI is on and ${node.instanceType ?? 'the type'} can carry a trunk, but ${
        capped === null
          ? `all ${limit} ENI slots of card 0 are taken`
          : `MAX_ENI=${capped} allows no further ENI on card 0 (the type has ${node.limits.enisPerCard})`
      }: pods with their own security groups cannot start on ${node.name}.`,
      evidence: [
        `EC2: ${attached} of ${limit} ENIs on card 0, none of type trunk`,
        'aws-node: ENABLE_POD_ENI=true',
        ...featureOf(node),
        ...events.map(({ kind, text }) => `event ${kind}: ${text}`),
      ],
      // The primary ENI takes the first slot of a new node as well. Under custom networking it gives pods no address, nor does
      // the trunk.
      ...(limit === 2 && node.cni.customNetworking === true
        ? {
            advice:
              'Use an instance type with at least three ENIs: under custom networking, the primary ENI and the trunk give pods no addresses, so that a new node of this type would have none.',
            command: null,
          }
        : limit === 1
          ? {
              advice:
                capped === null
                  ? 'Use an instance type with more than one ENI for pods with their own security groups.'
                  : 'Raise MAX_ENI on aws-node to 2 or more: the trunk counts, and the primary ENI takes the first slot on every node.',
              command: null,
            }
          : {
              advice: 'Cordon, drain and replace the node; on a new node the trunk takes its slot first.',
              command: cordon(node),
            }),
    };
  },
});

const nowhere = defineRule({
  id: 'trunk-missing',
  severity: 'error',
  scope: 'pods',
  needs: [NODES, PODS, EVENTS],
  check(pod, context) {
    if (pod.node !== null || !isLive(pod) || (pod.resources[POD_ENI] ?? 0) === 0) return null;
    const [event] = signalsOf(context, pod.id, 'FailedScheduling').filter(({ text }) =>
      readUnschedulable(text).some(({ subject }) => subject === POD_ENI),
    );
    if (event === undefined || !olderThan(pod.createdAt, MINUTE, context)) return null;
    if (!isSourceComplete(context.read, NODES)) return null;
    // If nodes offer branch ENIs and all are taken, no trunk is missing.
    const isOn = isPodEniOn(context);
    let isFull = false;
    for (const node of context.read.every('nodes')) {
      if ((node.allocatable[POD_ENI] ?? 0) > 0) return null;
      isFull ||= node.cni?.podEni === true && node.limits?.trunkCompatible === true;
    }
    const refusals = trunkRefusedAnywhere(context);
    const isUnknown = refusals.some(({ kind }) => kind === 'Unsupported');
    return {
      subjects: [pod.id],
      title: 'No node has branch ENIs',
      detail: `${nameOf(pod.id)} asks for ${POD_ENI}, and no node offers any: none has a trunk ENI.`,
      evidence: [
        `event FailedScheduling: ${event.text}`,
        `Kubernetes: no node allocates ${POD_ENI}`,
        ...refusals.map(({ kind, text }) => `event ${kind}: ${text}`),
      ],
      advice: isUnknown
        ? 'Use an instance type that the VPC resource controller knows: the Event of the node names the one that it does not.'
        : isFull
          ? 'ENABLE_POD_ENI is on, and nodes whose type can carry a trunk have none: look for a full card or MAX_ENI, and at the events of these nodes.'
          : isOn === true
            ? 'Use instance types that can carry a trunk (t types cannot): ENABLE_POD_ENI is on.'
            : `${isOn === null ? 'Check that ENABLE_POD_ENI is true' : 'Set ENABLE_POD_ENI=true'} on aws-node, and use instance types that can carry a trunk (t types cannot).`,
      command: 'kubectl get cninodes.vpcresources.k8s.aws -o yaml',
      since: pod.createdAt,
    };
  },
});

export default [full, nowhere] satisfies RuleFile;
