/** What an event or a workload's metadata is about, as a record id. */
import type { EventFact, PodFact, WorkloadFact } from '../../model/facts';
import { nodeId, podId } from '../../model/ids';

/** Null for kinds that no record stands for. A CNINode bears the name of its node. */
export function subjectOf({ kind, namespace, name }: EventFact['involved']): string | null {
  switch (kind) {
    case 'Pod':
      return podId(namespace, name);
    case 'Node':
    case 'CNINode':
      return nodeId(name);
    default:
      return null;
  }
}

/** The annotation sits on the workload, where it has no effect, and not on its pod template (multus §6 P3). */
export const isMisplaced = (workload: WorkloadFact): boolean =>
  workload.annotationOnWorkload !== null && !workload.annotationOnTemplate;

/** A Deployment's pods are owned by a ReplicaSet that bears its name and a hash. */
export function owns(workload: WorkloadFact, pod: PodFact): boolean {
  if (pod.namespace !== workload.namespace || pod.owner === null) return false;
  if (workload.kind !== 'Deployment') return pod.owner.kind === workload.kind && pod.owner.name === workload.name;
  const { kind, name } = pod.owner;
  return (
    kind === 'ReplicaSet' &&
    name.startsWith(`${workload.name}-`) &&
    /^[a-z0-9]+$/.test(name.slice(workload.name.length + 1))
  );
}
