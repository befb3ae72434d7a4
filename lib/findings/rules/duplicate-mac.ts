/**
 * Two live interfaces have the same MAC on one link: switches send frames to the one that sent last. Not compared are interfaces that have
 * their parent's MAC by design (ipvlan, host-device), and the two pods of a live migration.
 */
import { NADS, PODS } from '../../model/source-ids';
import type { InterfaceRecord } from '../../model/records';
import { isLive, podOf } from '../guards/pod';
import { isOneMachine, meet } from '../guards/rivals';
import { MINUTE, olderThan } from '../guards/time';
import { listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

/** A pod that is replaced keeps its MAC for less than this. Milliseconds. */
const PASSING = MINUTE;

/** It has a MAC of its own, and uses it. */
function hasOwn(face: InterfaceRecord, context: RuleContext): boolean {
  if (face.mac === null || face.state === 'requested') return false;
  if (context.read.one('networks', face.network)?.semantics?.macPolicy !== 'own') return false;
  const pod = podOf(context, face);
  return pod !== null && isLive(pod) && olderThan(pod.startedAt ?? pod.createdAt, PASSING, context);
}

export default defineRule({
  id: 'duplicate-mac',
  severity: 'error',
  scope: 'interfaces',
  needs: [PODS, NADS],
  check(face, context) {
    if (!hasOwn(face, context)) return [];
    const mac = face.mac ?? '';
    const others = context.read
      .all('ownersByMac', mac)
      .filter(
        (other) =>
          other.pod !== face.pod &&
          hasOwn(other, context) &&
          meet(face, other, context) &&
          !isOneMachine(podOf(context, face), podOf(context, other)),
      );
    if (others.length === 0) return [];
    const all = [face, ...others];
    return [
      {
        subjects: [face.id, face.pod, ...others.slice(0, 10).flatMap(({ id, pod }) => [id, pod]), face.network],
        title: `${mac} is the MAC of ${all.length} live interfaces`,
        detail: `${listed(all.map(({ pod }) => nameOf(pod)).sort())} have ${mac} on ${nameOf(face.network)}: frames reach only one of them at a time.`,
        evidence: all
          .slice(0, 10)
          .map(({ pod, name }) => `network-status of ${nameOf(pod)}: ${name ?? 'an interface'} has ${mac}`),
        advice: 'Give each pod a MAC of its own: a MAC in the annotation of a workload is for one replica only.',
      },
    ];
  },
});
