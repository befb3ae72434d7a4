/**
 * Which instances EC2 should be asked about soon, because something on them changed that only EC2 can explain: a node
 * whose ENIs nobody has seen, a pod address that no ENI is known to hold.
 *
 * Each cause is named once: what EC2 still cannot explain after it was asked waits for the next sweep.
 */
import type { Batch } from '../../model/observation';
import { nodeId, podId } from '../../model/ids';
import type { Replica } from '../../records/replica';

export interface Hints {
  /** Instance ids, after the batch was applied to the replica. */
  after(batch: Batch): ReadonlySet<string>;
}

export function createHints(replica: Replica): Hints {
  const asked = new Set<string>();

  const addNode = (id: string, found: Set<string>): void => {
    const instance = replica.records.nodes.get(id)?.instanceId ?? null;
    if (instance === null) return;
    if (replica.indexes.enisByNode.has(id)) asked.delete(id);
    else if (!asked.has(id)) {
      asked.add(id);
      found.add(instance);
    }
  };

  const addInterface = (id: string, found: Set<string>): void => {
    const face = replica.records.interfaces.get(id);
    const open = face?.addresses.some((address) => address.backed === 'unknown') === true;
    if (face === undefined || !open) {
      asked.delete(id);
      return;
    }
    const instance = replica.records.nodes.get(face.node ?? '')?.instanceId ?? null;
    if (instance === null || asked.has(id)) return;
    asked.add(id);
    found.add(instance);
  };

  return {
    after(batch) {
      const found = new Set<string>();
      for (const observation of batch.observations) {
        if (observation.op === 'upsert' && observation.kind === 'node') addNode(nodeId(observation.fact.name), found);
        if (observation.op === 'upsert' && observation.kind === 'pod') {
          const pod = podId(observation.fact.namespace, observation.fact.name);
          for (const id of replica.indexes.interfacesByPod.get(pod) ?? []) addInterface(id, found);
        }
        // A whole answer came: whatever it leaves unexplained is newer than the answer.
        if (observation.op === 'replaceAll' && observation.kind === 'eni')
          for (const id of replica.records.interfaces.keys()) addInterface(id, found);
      }
      return found;
    },
  };
}
