/**
 * P12 (multus.md §6): a pod waits for a device of a network (an SR-IOV VF, as a rule): the scheduler finds none, or the pod names the
 * network and does not ask for its resource, so that it is given none.
 */
import { readUnschedulable } from '../../cni/errors';
import type { PodRecord } from '../../model/records';
import { hasNetworks } from '../guards/pod';
import { refusalOf, signalsOf } from '../guards/signals';
import { MINUTE, olderThan } from '../guards/time';
import { nameOf } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule';

/** Networks whose devices come from that resource: the pod's own, else any. All are walked only once the scheduler has refused. */
function networksOf(resource: string, pod: PodRecord, context: RuleContext): readonly string[] {
  const { networks } = context.replica.records;
  const own = pod.requested.map(({ network }) => network).filter((id) => networks.get(id)?.resourceName === resource);
  if (own.length > 0) return [...new Set(own)];
  return [...networks.values()]
    .filter(({ resourceName }) => resourceName === resource)
    .map(({ id }) => id)
    .sort();
}

function refusedByScheduler(pod: PodRecord, context: RuleContext): readonly Sighting[] {
  if (pod.node !== null) return [];
  const [event] = signalsOf(context, pod.id, 'FailedScheduling');
  const short = event === undefined ? [] : readUnschedulable(event.text).flatMap(({ subject }) => subject ?? []);
  return short
    .filter((resource) => (pod.resources[resource] ?? 0) > 0)
    .flatMap((resource) => {
      const networks = networksOf(resource, pod, context);
      // GPUs and the like are short, too, and are nobody's network. A node may be on its way for a new pod.
      if (networks.length === 0 || !olderThan(pod.createdAt, MINUTE, context)) return [];
      return [
        {
          subjects: [pod.id, ...networks.slice(0, 10)],
          title: `No ${resource} left`,
          detail: `${nameOf(pod.id)} asks for ${pod.resources[resource] ?? 1} ${resource}, and no node that it may run on has that many left.`,
          evidence: [`event FailedScheduling: ${event?.text ?? ''}`],
          advice:
            'Free devices, add nodes that have them, or look at the device plugin and its policy if none is offered.',
          since: pod.createdAt,
        },
      ];
    });
}

function neverAsked(pod: PodRecord, context: RuleContext): readonly Sighting[] {
  const refusal = refusalOf(context, pod);
  if (refusal?.failure.kind !== 'no-device') return [];
  return [...new Set(pod.requested.map(({ network }) => network))].flatMap((id) => {
    const resource = context.replica.records.networks.get(id)?.resourceName ?? null;
    if (resource === null || (pod.resources[resource] ?? 0) > 0) return [];
    return [
      {
        subjects: [pod.id, id],
        title: `Does not ask for ${resource}`,
        detail: `${nameOf(pod.id)} names ${nameOf(id)}, whose devices come from ${resource}; no container of it requests that, so Multus has no device to hand on.`,
        evidence: [
          `Kubernetes: no container requests ${resource}`,
          `event FailedCreatePodSandBox: ${refusal.failure.detail}`,
        ],
        advice: `Add requests and limits of ${resource} to a container, or run the network resources injector.`,
        since: refusal.signal.firstAt,
      },
    ];
  });
}

export default defineRule({
  id: 'device-exhausted',
  severity: 'error',
  scope: 'pods',
  needs: ['kubernetes/pods', 'kubernetes/network-attachment-definitions'],
  check: (pod, context) =>
    hasNetworks(pod) && pod.phase === 'Pending'
      ? [...refusedByScheduler(pod, context), ...neverAsked(pod, context)]
      : [],
});
