/**
 * Two live interfaces have the same MAC on one link: switches send frames to the one that sent last. Interfaces that have
 * their parent's MAC by design (ipvlan, host-device) and the two pods of a live migration are not compared.
 */
import { NADS, PODS } from '../../model/source-ids';
import { canonicalMac } from '../../model/ip';
import type { InterfaceRecord } from '../../model/records';
import { isLive, networkOf, podOf } from '../guards/pod';
import { isOneMachine, shareLink } from '../guards/rivals';
import { MINUTE, olderThan } from '../guards/time';
import { listed, nameOf } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';

/** A pod that is being replaced keeps its MAC for less than this. Milliseconds. */
const MIN_DURATION = MINUTE;

/** Whether the interface has a MAC of its own, and uses it. */
function hasOwn(iface: InterfaceRecord, context: RuleContext): boolean {
  if (iface.mac === null || iface.state === 'requested') return false;
  if (networkOf(iface, context)?.semantics?.macPolicy !== 'own') return false;
  const pod = podOf(context, iface);
  return pod !== null && isLive(pod) && olderThan(pod.startedAt ?? pod.createdAt, MIN_DURATION, context);
}

/** Whether the interface's request in the annotation names the MAC. */
const isRequested = (iface: InterfaceRecord, mac: string, context: RuleContext): boolean =>
  podOf(context, iface)?.requested.some(
    ({ index, mac: asked }) => index === iface.requestIndex && asked !== null && canonicalMac(asked) === mac,
  ) === true;

export default defineRule({
  id: 'duplicate-mac',
  severity: 'error',
  scope: 'interfaces',
  needs: [PODS, NADS],
  check(iface, context) {
    if (!hasOwn(iface, context)) return null;
    const mac = iface.mac ?? '';
    const others = context.read
      .all('ownersByMac', mac)
      .filter(
        (other) =>
          other.pod !== iface.pod &&
          hasOwn(other, context) &&
          shareLink(iface, other, context) &&
          !isOneMachine(podOf(context, iface), podOf(context, other)),
      );
    if (others.length === 0) return null;
    const all = [iface, ...others];
    return {
      subjects: [iface.id, iface.pod, ...others.slice(0, 10).flatMap(({ id, pod }) => [id, pod]), iface.network],
      title: `${mac} is the MAC of ${all.length} live interfaces`,
      detail: `${listed(all.map(({ pod }) => nameOf(pod)).sort())} have ${mac} on ${nameOf(iface.network)}: frames reach only one of them at a time.`,
      evidence: all
        .slice(0, 10)
        .map(({ pod, name }) => `network-status of ${nameOf(pod)}: ${name ?? 'an interface'} has ${mac}`),
      advice: all.some((one) => isRequested(one, mac, context))
        ? 'Give each pod a MAC of its own: a MAC in the annotation of a workload is for one replica only.'
        : 'None of the pods asks for this MAC: look for "mac" in the config of the network (tuning and macvlan take one), which every pod on it then gets, and leave it out there.',
    };
  },
});
