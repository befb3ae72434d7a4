/**
 * Tracks the aws-node pod of each node from the batches of pods. The list is needed ten times a second, too often to
 * search all pods.
 */
import { PODS } from '../../model/source-ids';
import type { PodFact } from '../../model/facts';
import type { Batch } from '../../model/observation';
import type { Target } from '../sources/aws-node/schedule';

/** aws-node runs in kube-system; its pods arrive with all pods, or with those of that namespace. */
const SCOPES: ReadonlySet<string> = new Set([PODS, `${PODS}/kube-system`]);

/** Has no targets until pods have been listed. */
export function createAwsNodeTargets() {
  let byKey = new Map<string, Target>();
  let known = false;
  let sorted: readonly Target[] | null = null;

  const put = (key: string, pod: PodFact): void => {
    const target =
      pod.awsNode !== null && pod.node !== null && pod.phase === 'Running' ? { node: pod.node, pod: pod.name } : null;
    const old = byKey.get(key);
    if (target === null ? old === undefined : old?.node === target.node && old.pod === target.pod) return;
    if (target === null) byKey.delete(key);
    else byKey.set(key, target);
    sorted = null;
  };

  return {
    /** Call it with every batch of pods. */
    after(batch: Batch): void {
      for (const observation of batch.observations) {
        if (observation.op === 'status' || observation.op === 'cluster' || observation.kind !== 'pod') continue;
        if (!SCOPES.has(observation.scope)) continue;
        if (observation.op === 'upsert') put(observation.key, observation.fact);
        else if (observation.op === 'remove') {
          if (byKey.delete(observation.key)) sorted = null;
        } else if (observation.op === 'keepOnly') {
          for (const key of byKey.keys()) if (!observation.keys.has(key)) byKey.delete(key);
          sorted = null;
          known = true;
        } else {
          byKey = new Map();
          sorted = null;
          known = true;
          for (const [key, pod] of observation.facts) put(key, pod);
        }
      }
    },
    /** Sorted by node name; null until pods have been listed. */
    list(): readonly Target[] | null {
      if (!known) return null;
      // One target per node: during a rollout a node may have two pods, and either one works.
      sorted ??= [...new Map([...byKey.values()].map((target) => [target.node, target])).values()].sort((a, b) =>
        a.node < b.node ? -1 : 1,
      );
      return sorted;
    },
  };
}
