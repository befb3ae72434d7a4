/** Nodes, and the cluster's objects about the CNI on them. */
import { boolean, list, map, nullable, number, object, text, time, word } from '../shape';
import type { ValueOf } from '../shape';
import { objectFields } from './object';
import { nodeCondition, taint } from '../node';
import { COMPUTE_TYPES } from '../vocabulary';

const nodeFact = object({
  ...objectFields,
  providerId: nullable(text),
  /** From providerID, or from another writer if that is not set; null outside EC2, and for Fargate (vpc-cni §5.2). */
  instanceId: nullable(text),
  instanceType: nullable(text),
  zone: nullable(text),
  computeType: word(COMPUTE_TYPES),
  osImage: nullable(text),
  os: nullable(text),
  internalIps: list(text),
  /** spec.podCIDRs: set if the controller manager allocates them; the VPC CNI does not. */
  podCidrs: list(text),
  labels: map(text),
  /**
   * Labels and annotations that may name the node's ENIConfig (vpc-cni §7): `label:KEY` and `annotation:KEY` → value, for
   * every label whose value could be a name and every annotation whose key mentions ENIs. The DaemonSet's variables decide
   * which keys count.
   */
  eniConfigHints: map(text),
  ready: nullable(boolean),
  readySince: nullable(time),
  /** Conditions that report a network fault, sorted by type. */
  networkConditions: list(nodeCondition),
  unschedulable: boolean,
  taints: list(taint),
  /** node.status.capacity.pods */
  maxPods: nullable(number),
  allocatable: map(number),
  /** status.capacity of extended resources, `vpc.amazonaws.com/pod-eni` among them. */
  capacity: map(number),
  problems: list(text),
});
/** A Node: its machine, and what the kubelet reports. */
export interface NodeFact extends ValueOf<typeof nodeFact> {}

const cniNodeFact = object({
  ...objectFields,
  features: list(
    object({
      name: text,
      value: nullable(text),
    }),
  ),
  instanceId: nullable(text),
});
/** A CNINode of the VPC resource controller. */
export interface CniNodeFact extends ValueOf<typeof cniNodeFact> {}

const eniConfigFact = object({
  ...objectFields,
  subnet: nullable(text),
  /** Null if the field is not a list, which prevents ipamd from using the ENIConfig. */
  securityGroups: nullable(list(text)),
  /** Why ipamd cannot use it, in words. */
  problems: list(text),
});
/** An ENIConfig for custom networking. */
export interface EniConfigFact extends ValueOf<typeof eniConfigFact> {}

export const awsNodeAgent = object({
  version: nullable(text),
  /** By variable name. Null: set, or possibly set, to a value from another object (a ConfigMap or Secret) or another variable that is not kept. */
  env: map(nullable(text)),
});
/** aws-node's image version and the allow-listed variables of vpc-cni §9, as raw text that the topology interprets. */
export interface AwsNodeAgent extends ValueOf<typeof awsNodeAgent> {}

export const multusAgent = object({
  version: nullable(text),
});
/** Multus' image tag; null for an image pinned by digest. */
export interface MultusAgent extends ValueOf<typeof multusAgent> {}

const daemonSetFact = object({
  ...objectFields,
  awsNode: nullable(awsNodeAgent),
  /** Whether its pods run only on some nodes: the template's nodeSelector selects by more than OS and architecture. */
  selective: boolean,
  multus: nullable(multusAgent),
  multusDefaultNetworks: boolean,
  /** For the enforcer of MultiNetworkPolicies: the plugin types whose networks it handles; null for any other DaemonSet. */
  policyPlugins: nullable(list(text)),
});
/** DaemonSets of aws-node and of Multus. */
export interface DaemonSetFact extends ValueOf<typeof daemonSetFact> {}

/** The fact kinds of nodes and the CNI on them. */
export const NODE_FACTS = { node: nodeFact, daemonSet: daemonSetFact, eniConfig: eniConfigFact, cniNode: cniNodeFact };
