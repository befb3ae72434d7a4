/** Pods and what selects them. */
import { boolean, list, map, nullable, number, object, text, time } from '../shape';
import type { ValueOf } from '../shape';
import { objectFields } from './object';
import { annotation, podFailure, podSandbox } from '../pod';
import { awsNodeAgent, multusAgent } from './node';
import { networkSelection, networkStatusEntry } from './multus';

const podEniEntry = object({
  eniId: text,
  mac: nullable(text),
  privateIp: nullable(text),
  ipv6: nullable(text),
  vlanId: nullable(number),
});
/** One element of `vpc.amazonaws.com/pod-eni` (vpc-cni §6). */
export interface PodEniEntry extends ValueOf<typeof podEniEntry> {}

const podClaim = object({
  /** The name inside the pod. */
  name: text,
  /** metadata.name of the ResourceClaim; null while none was created from the template, or none is needed. */
  claim: nullable(text),
  /** The ResourceClaimTemplate; null for a claim that exists independently of the pod. */
  template: nullable(text),
  /** Containers that use it. */
  containers: list(text),
});
/** One entry of spec.resourceClaims, with the claim that the pod's status names for it. */
export interface PodClaim extends ValueOf<typeof podClaim> {}

const podFact = object({
  ...objectFields,
  /** Node name; null while the pod is not scheduled. */
  node: nullable(text),
  phase: text,
  /** status.reason and status.message; null without a reason. */
  failure: nullable(podFailure),
  hostNetwork: boolean,
  startedAt: nullable(time),
  /**
   * A time at which its present sandbox was there: since then it is Ready, and status.startTime stays when a sandbox is made again. Null
   * for a pod without further networks, and for one that is not Ready.
   */
  sandboxBefore: nullable(time),
  owner: nullable(
    object({
      kind: text,
      name: text,
    }),
  ),
  /** status.podIPs, canonical. */
  ips: list(text),
  labels: map(text),
  ready: nullable(boolean),
  /** Only for a pod that is Pending and has no address. */
  sandbox: nullable(podSandbox),
  /** spec.serviceAccountName, which a SecurityGroupPolicy's serviceAccountSelector matches (vpc-cni §6). */
  serviceAccount: nullable(text),
  nicConfig: nullable(text),
  podEni: nullable(list(podEniEntry)),
  /** `vpc.amazonaws.com/PrivateIPv4Address`, without the mask (vpc-cni §5.3). */
  windowsIp: nullable(text),
  fargatePodSg: nullable(list(text)),
  networksAnnotation: annotation,
  requested: list(networkSelection),
  /** Networks that an invalid or mistyped annotation may refer to, as `ns/name`: the pod still requests them. */
  mentioned: list(text),
  /** Keys that Multus ignores and that were probably meant as one of its annotations that the pod lacks. */
  mistyped: list(object({ key: text, isLabel: boolean, meant: text })),
  /** `v1.multus-cni.io/default-network`, parsed the same way. */
  defaultNetwork: nullable(networkSelection),
  statusAnnotation: annotation,
  reported: list(networkStatusEntry),
  /** Extended resources that the pod requests, as the scheduler counts them. */
  resources: map(number),
  /** The pod's claims in the order of spec.resourceClaims; the claim for its extended resources last. */
  claims: list(podClaim),
  /** Only for an aws-node pod (label k8s-app=aws-node in kube-system). */
  awsNode: nullable(awsNodeAgent),
  /**
   * Only for an aws-node pod that is not Ready, from the state of its containers: whether ipamd's container is ready, and
   * why the pod is not.
   */
  agentState: nullable(object({ ready: nullable(boolean), trouble: nullable(text) })),
  /** Only for a pod of a Multus DaemonSet. */
  multus: nullable(multusAgent),
  /** Whether one of its containers is an address manager from AWS' Multus samples (multus §3.2). */
  ipManager: boolean,
  /** Whether EKS gave it a token for the Pod Identity Agent of its node, from which it gets its AWS credentials. */
  podIdentity: boolean,
  problems: list(text),
});
/** A Pod. */
export interface PodFact extends ValueOf<typeof podFact> {}

const labelSelector = object({
  matchLabels: map(text),
  matchExpressions: list(
    object({
      key: text,
      operator: text,
      values: list(text),
    }),
  ),
});
/** A metav1.LabelSelector. Parts that cannot be read match nothing. */
export interface LabelSelector extends ValueOf<typeof labelSelector> {}

const securityGroupPolicyFact = object({
  ...objectFields,
  podSelector: nullable(labelSelector),
  serviceAccountSelector: nullable(labelSelector),
  groupIds: list(text),
});
/** A SecurityGroupPolicy. An absent selector is null. */
export interface SecurityGroupPolicyFact extends ValueOf<typeof securityGroupPolicyFact> {}

const policyFact = object({
  ...objectFields,
  podSelector: labelSelector,
  /** For a MultiNetworkPolicy: the NADs of `policy-for`, as `ns/name`; null for a NetworkPolicy. */
  policyFor: nullable(list(text)),
});
/** A NetworkPolicy or MultiNetworkPolicy: only which pods it selects, not its rules. */
export interface PolicyFact extends ValueOf<typeof policyFact> {}

const workloadFact = object({
  ...objectFields,
  kind: text,
  /** Annotations of pods that are on the workload, where they have no effect, and not on its pod template. */
  misplaced: list(object({ key: text, value: text })),
  /**
   * Networks in the pod template or the virtual machine, as `ns/name`; for an annotation that is invalid or in a
   * place where it has no effect, all networks that it may refer to.
   */
  networks: list(text),
  /** Whether Multus rejects or ignores the annotation, so that its networks are those that it may refer to. */
  isRefused: boolean,
  /** Why no pod with the template's networks annotation can start; null if no reason is known. */
  refusal: nullable(text),
  /** Keys in the template's metadata that were probably meant as an annotation for interfaces, as in `PodFact`. */
  mistyped: list(object({ key: text, isLabel: boolean, meant: text })),
});
/**
 * A workload that requests networks in its pod template, even while no pod runs, or that has an annotation for its pods
 * where it has no effect (multus §6 P3).
 */
export interface WorkloadFact extends ValueOf<typeof workloadFact> {}

const eventFact = object({
  ...objectFields,
  reason: text,
  involved: object({
    kind: text,
    namespace: text,
    name: text,
    uid: text,
  }),
  message: text,
  count: number,
  firstAt: nullable(time),
  lastAt: nullable(time),
});
/** An Event that a rule uses. */
export interface EventFact extends ValueOf<typeof eventFact> {}

/** The fact kinds of pods and what selects them. */
export const POD_FACTS = {
  pod: podFact,
  securityGroupPolicy: securityGroupPolicyFact,
  multiNetworkPolicy: policyFact,
  networkPolicy: policyFact,
  workload: workloadFact,
  event: eventFact,
};
