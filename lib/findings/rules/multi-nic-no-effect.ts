/**
 * MULTINIC_NO_EFFECT (vpc-cni §3, §10): the pod requests an interface on every card, but its node gives it only one, or none. Pods with a
 * branch ENI are not reported: they get one interface by design.
 */
import { agentVersion } from '../../model/agent-version';
import { NO_MANAGE_TAG } from '../../model/eni-tags';
import { EVENTS, NODES, PODS } from '../../model/source-ids';
import type { PodRecord } from '../../model/records';
import { versionBefore } from '../../model/version';
import { isSettled, nodeOf } from '../guards/node';
import { hasNetworks } from '../guards/pod';
import { refusalOf } from '../guards/signals';
import { listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import type { Steady } from '../rule/steady';

interface Reason extends Omit<Sighting, 'subjects' | 'evidence'> {
  readonly evidence: string;
}

function reasonFor(pod: PodRecord, node: Steady<'nodes'>, context: RuleContext): Reason | null {
  const name = nameOf(pod.id);
  // If Multus calls the VPC CNI, the annotation is lost (see below); a pod that failed to get an address proves that it was
  // not.
  const refused = refusalOf(context, pod)?.failure.kind === 'no-pod-address';
  const version = agentVersion(node);
  if (versionBefore(version, [1, 20, 0]))
    return {
      severity: 'warning',
      title: 'One interface: this version of the VPC CNI has no multi-NIC',
      detail: `${name} asks for an interface on every card; aws-node ${version ?? ''} on ${node.name} does not read the annotation, so it gets one interface.`,
      evidence: `aws-node version ${version ?? ''}; multi-NIC came with v1.20.0`,
      advice: 'Upgrade the VPC CNI to v1.20.0 or later and set ENABLE_MULTI_NIC=true, or remove the annotation.',
    };
  if (node.cni?.multiNic === false && (node.multus === null || refused)) {
    const runs = pod.ips.length > 0;
    return {
      severity: runs ? 'warning' : 'error',
      title: runs ? 'Runs with one interface: multi-NIC is off' : 'Never starts here: multi-NIC is off',
      detail: `${name} asks for an interface on every card, and aws-node on ${node.name} runs with ENABLE_MULTI_NIC=false: ${
        runs ? 'after a restart it would get no address' : 'such a pod gets no address'
      }.`,
      evidence: 'aws-node: ENABLE_MULTI_NIC=false',
      advice: `${tagFirst(node, context)}Set ENABLE_MULTI_NIC=true on aws-node, or remove the annotation.`,
    };
  }
  if (node.limits?.cards === 1) {
    return {
      severity: 'info',
      title: 'One card, one interface',
      detail: `${node.instanceType ?? node.name} has a single network card, so ${name} gets one interface.`,
      evidence: `${node.instanceType ?? 'instance type'}: 1 network card`,
      advice: 'Place the pod on an instance type with several network cards, if it needs them.',
    };
  }
  // Multus does not pass pod annotations on, so aws-cni never sees this one (§3, read from its code).
  if (node.multus !== null) {
    return {
      severity: 'warning',
      title: 'Multus drops the multi-NIC annotation',
      detail: `On ${node.name} Multus calls the VPC CNI and passes on no pod annotations, so ${name} gets one interface.`,
      evidence: `Kubernetes: ${['Multus', node.multus.version].filter(Boolean).join(' ')} runs on the node`,
      advice: 'Use either Multus or multi-NIC on a node.',
    };
  }
  const further = context.read.all('cardsByNode', node.id).filter(({ index }) => index > 0);
  if (further.length === 0 || further.some(({ managed }) => managed !== false)) return null;
  return {
    severity: 'warning',
    title: 'Only card 0 is managed',
    detail: `${node.name} has ${further.length + 1} cards, but ipamd manages card 0 only (the others hold EFA-only ENIs), so ${name} gets one interface.`,
    evidence: 'EC2: no managed ENI on cards above 0',
    advice: 'Attach ENA interfaces to the cards that pods should use.',
  };
}

/** Multi-NIC also hands ipamd the ENIs of further cards that nothing has managed so far (vpc-cni §1.2). */
function tagFirst(node: Steady<'nodes'>, context: RuleContext): string {
  if (node.cni?.manageUntagged === false) return '';
  const others = context.read
    .all('enisByNode', node.id)
    .filter(
      ({ card, creator, interfaceType, tags }) =>
        (card ?? 0) > 0 && creator === 'other' && interfaceType === 'interface' && tags[NO_MANAGE_TAG] !== 'true',
    );
  return others.length === 0
    ? ''
    : `First tag ${listed(others.map(({ id }) => id))} ${NO_MANAGE_TAG}=true if something else uses ${others.length === 1 ? 'it' : 'them'}: with multi-NIC, ipamd manages the ENIs of every card. `;
}

/** The plugin supports a single value. It logs any other value and creates one interface (vpc-cni §3). */
function unknownValue(pod: PodRecord, value: string, node: Steady<'nodes'>): Reason | null {
  if (node.cni?.multiNic !== true || versionBefore(agentVersion(node), [1, 20, 0])) return null;
  return {
    severity: 'warning',
    title: 'One interface: the VPC CNI does not know this value of nicConfig',
    detail: `The annotation k8s.amazonaws.com/nicConfig of ${nameOf(pod.id)} is “${value}”. The VPC CNI knows the value ${ALL_CARDS} alone, written exactly so, and gives the pod one interface.`,
    evidence: 'aws-node: ENABLE_MULTI_NIC=true',
    advice: `Set the annotation to ${ALL_CARDS} on the pod template, or remove it.`,
  };
}

const ALL_CARDS = 'multi-nic-attachment';

export default defineRule({
  id: 'multi-nic-no-effect',
  severity: 'warning',
  scope: 'pods',
  needs: [NODES, PODS],
  uses: [EVENTS],
  check(pod, context) {
    if (pod.nicConfig === null || !hasNetworks(pod) || pod.podEni !== null) return null;
    const node = nodeOf(context, pod.node);
    if (node?.computeType !== 'ec2' || node.cni === null || !isSettled(node, context)) return null;
    const reason = pod.nicConfig === ALL_CARDS ? reasonFor(pod, node, context) : unknownValue(pod, pod.nicConfig, node);
    if (reason === null) return null;
    const { evidence, ...rest } = reason;
    return {
      subjects: [pod.id, node.id],
      ...rest,
      evidence: [`Kubernetes: annotation k8s.amazonaws.com/nicConfig=${pod.nicConfig}`, evidence],
    };
  },
});
