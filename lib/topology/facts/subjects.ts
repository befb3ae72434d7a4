/** The record id that an Event or a workload's metadata refers to. */
import type { EventFact, PodFact, WorkloadFact } from '../../model/facts';
import { nodeId, podId, workloadId } from '../../model/ids';

/** Null for kinds without a record, unless their pods cannot be created. A CNINode has the name of its node. */
export function subjectOf({
  reason,
  involved: { kind, namespace, name },
  message,
}: Pick<EventFact, 'reason' | 'involved' | 'message'>): string | null {
  switch (kind) {
    // A node that Karpenter could not launch has no record; the subnet that has no address for it has one.
    case 'NodeClaim':
      return /\bsubnet '?(subnet-[\w-]{1,32})/.exec(message)?.[1] ?? null;
    case 'Pod':
      return podId(namespace, name);
    case 'Node':
    case 'CNINode':
      return nodeId(name);
    default:
      return reason === 'FailedCreate' ? workloadId(namespace, kind, name) : null;
  }
}

/** Kinds that create their pods through another kind: that kind, and the suffix that it appends to the name (a hash, a time). */
const MAKERS: Readonly<Record<string, readonly [kind: string, behind: RegExp]>> = {
  Deployment: ['ReplicaSet', /^-[a-z0-9]+$/],
  CronJob: ['Job', /^-\d+$/],
  Rollout: ['ReplicaSet', /^-[a-z0-9]+$/],
  DeploymentConfig: ['ReplicationController', /^-\d+$/],
};

/** Whether the workload created the pod, directly or through a ReplicaSet or Job. */
export function owns(workload: WorkloadFact, pod: PodFact): boolean {
  if (pod.namespace !== workload.namespace || pod.owner === null) return false;
  const { kind, name } = pod.owner;
  const maker = MAKERS[workload.kind];
  if (maker === undefined) return kind === workload.kind && name === workload.name;
  return kind === maker[0] && name.startsWith(workload.name) && maker[1].test(name.slice(workload.name.length));
}
