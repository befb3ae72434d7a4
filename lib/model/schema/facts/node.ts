/** Nodes, and what the cluster says about the CNI on them. */
import { boolean, list, map, nullable, number, object, text, time, word } from '../shape';
import type { ValueOf } from '../shape';
import { objectFields } from './object';
import { nodeCondition, taint } from '../node';
import { COMPUTE_TYPES } from '../vocabulary';

const nodeFact = object({
  ...objectFields,
  providerId: nullable(text),
  /** From providerID; null off EC2, and for Fargate (vpc-cni §5.2). */
  instanceId: nullable(text),
  instanceType: nullable(text),
  zone: nullable(text),
  computeType: word(COMPUTE_TYPES),
  osImage: nullable(text),
  os: nullable(text),
  internalIps: list(text),
  /** spec.podCIDRs: set where the controller manager allocates them, and not by the VPC CNI. */
  podCidrs: list(text),
  labels: map(text),
  /**
   * What may name the node's ENIConfig (vpc-cni §7): `label:KEY` and `annotation:KEY` → value, for every label
   * whose value could be meant for a name, and every annotation that is called after ENIs. Which keys count, and in which order, the DaemonSet's variables decide.
   */
  eniConfigHints: map(text),
  ready: nullable(boolean),
  readySince: nullable(time),
  /** Those that say that the network is out of order, sorted by type. */
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
export interface CniNodeFact extends ValueOf<typeof cniNodeFact> {}

const eniConfigFact = object({
  ...objectFields,
  subnet: nullable(text),
  /** null: the field is not a list. */
  securityGroups: nullable(list(text)),
  /** What keeps ipamd from using it, in words. */
  problems: list(text),
});
export interface EniConfigFact extends ValueOf<typeof eniConfigFact> {}

export const awsNodeAgent = object({
  version: nullable(text),
  /** Null: set, or may be, to a value that the object does not hold (a ConfigMap's, a Secret's). */
  env: map(nullable(text)),
});
/** aws-node's image version and the allow-listed variables of vpc-cni §9; raw text, read by the topology. */
export interface AwsNodeAgent extends ValueOf<typeof awsNodeAgent> {}

export const multusAgent = object({
  version: nullable(text),
});
export interface MultusAgent extends ValueOf<typeof multusAgent> {}

const daemonSetFact = object({
  ...objectFields,
  awsNode: nullable(awsNodeAgent),
  /** Its pods run on some nodes only: the template has a nodeSelector. */
  selective: boolean,
  multus: nullable(multusAgent),
  multusDefaultNetworks: boolean,
});
/** DaemonSets of aws-node and of Multus. */
export interface DaemonSetFact extends ValueOf<typeof daemonSetFact> {}

/** The kinds of facts about nodes and the CNI on them. */
export const NODE_FACTS = { node: nodeFact, daemonSet: daemonSetFact, eniConfig: eniConfigFact, cniNode: cniNodeFact };
