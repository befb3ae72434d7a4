/** The Node object of a new node: labels, taints and capacity by its kind. */
import { uid } from './identity';
import type { InstanceType } from './instance-types';
import type { ComputeType, NodeFacts, OsFlavour } from './node';
import type { ClusterState } from './state';

/** The inputs of a new node's facts. */
export interface FactsInput {
  readonly name: string;
  readonly os: OsFlavour;
  readonly createdAt: number;
  readonly type: InstanceType | null;
  readonly zone: string | null;
  readonly providerId: string;
  readonly computeType: ComputeType;
  readonly internalIp: string;
  readonly maxPods: number;
  readonly nodeGroup: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly cordoned: boolean;
  readonly ready: boolean;
  readonly extended: NodeFacts['extended'];
}

/** The facts of a new node, including labels. */
export function factsOf(state: ClusterState, input: FactsInput): NodeFacts {
  const compute = { auto: 'auto', fargate: 'fargate', hybrid: 'hybrid', ec2: null, other: null }[input.computeType];
  return {
    name: input.name,
    uid: uid(state.random),
    providerId: input.providerId,
    instanceType: input.type?.name ?? null,
    zone: input.zone,
    computeType: input.computeType,
    os: input.os,
    labels: {
      'beta.kubernetes.io/arch': 'amd64',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': input.name,
      'kubernetes.io/os': input.os === 'windows' ? 'windows' : 'linux',
      ...(input.type === null ? {} : { 'node.kubernetes.io/instance-type': input.type.name }),
      ...(input.zone === null
        ? {}
        : { 'topology.kubernetes.io/zone': input.zone, 'topology.kubernetes.io/region': state.region }),
      ...(input.nodeGroup === null ? {} : { 'eks.amazonaws.com/nodegroup': input.nodeGroup }),
      ...(compute === null ? {} : { 'eks.amazonaws.com/compute-type': compute }),
      ...input.labels,
    },
    createdAt: input.createdAt,
    deletingAt: null,
    ready: input.ready,
    readyAt: input.createdAt + 40_000,
    unschedulable: input.cordoned,
    taints: input.cordoned ? [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] : [],
    maxPods: input.maxPods,
    internalIp: input.internalIp,
    cpus: input.type?.vcpus ?? 2,
    memoryGiB: input.type?.memoryGiB ?? 8,
    extended: input.extended,
  };
}
