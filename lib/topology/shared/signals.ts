/**
 * What a rule needs and no record holds: events by reason, counters that rose, annotations in the wrong place, networks that a policy
 * covers, address managers. Few pods have any of them, so no pod's record carries a field for it.
 */
import type { EventFact, PodFact } from '../../model/facts';
import { idParts, kindOfId, signalId } from '../../model/ids';
import { byCodeUnit } from '../../model/order';
import type { SignalRecord, Timestamp } from '../../model/records';
import { NODES, PODS } from '../facts/source-ids';
import { networksOf, type Facts } from '../facts/facts';
import { isFinished } from '../facts/finished';
import { splitRef } from '../facts/index-facts';
import { owns } from '../facts/subject';
import { selects } from './selector';

/** The kind of signal that a misplaced annotation gives to each pod of the workload (multus.md §6 P3). */
export const MISPLACED = 'annotation-on-workload';

/** The kind of signal that lists, as `namespace/name, …`, which of a pod's networks MultiNetworkPolicies cover (multus.md §1.1, §4.1). */
export const POLICY_FOR = 'policy-for';
/** A container of the pod assigns its addresses to ENIs (aws-ip-manager, multus.md §3.2). */
export const IP_MANAGER = 'ip-manager';

const LONGEST_TEXT = 256;

/** All signals about one record, in the order of their ids. */
export function deriveSignals(facts: Facts, subject: string): readonly SignalRecord[] {
  const [first = '', second = ''] = idParts(subject);
  const isPod = kindOfId(subject) === 'pod';
  const pod = isPod ? facts.get('pod', `${first}/${second}`) : undefined;
  const exists = isPod
    ? pod !== undefined || !facts.isKnown(PODS)
    : facts.get('node', first) !== undefined || facts.get('cniNode', first) !== undefined || !facts.isKnown(NODES);
  if (!exists) return [];
  return [
    ...fromEvents(facts, subject, pod),
    ...(isPod ? [] : fromCounters(facts, subject, first)),
    ...(pod === undefined
      ? []
      : [...fromWorkloads(facts, subject, pod), ...fromPolicies(facts, subject, pod), ...fromContainers(subject, pod)]),
  ].sort((a, b) => byCodeUnit(a.id, b.id));
}

const earlier = (a: Timestamp | null, b: Timestamp | null): Timestamp | null =>
  a === null ? b : b === null ? a : Date.parse(a) <= Date.parse(b) ? a : b;
const later = (a: Timestamp | null, b: Timestamp | null): Timestamp | null =>
  a === null ? b : b === null ? a : Date.parse(a) > Date.parse(b) ? a : b;

function fromEvents(facts: Facts, subject: string, pod: PodFact | undefined): SignalRecord[] {
  const byReason = new Map<string, EventFact[]>();
  for (const reference of facts.eventsBySubject.idsOf(subject)) {
    const [scope, key] = splitRef(reference);
    const event = facts.tables.event.in(scope, key);
    if (event === undefined) continue;
    // An older pod of the same name is none of this one's business.
    if (pod !== undefined && event.involved.uid !== '' && event.involved.uid !== pod.uid) continue;
    const list = byReason.get(event.reason);
    if (list === undefined) byReason.set(event.reason, [event]);
    else list.push(event);
  }
  return [...byReason].map(([kind, events]) => {
    const newest = events.reduce((a, b) => {
      const at = (event: EventFact): number => (event.lastAt === null ? 0 : Date.parse(event.lastAt));
      return at(b) > at(a) || (at(b) === at(a) && b.name > a.name) ? b : a;
    });
    return {
      id: signalId(subject, kind),
      subject,
      kind,
      count: events.reduce((sum, { count }) => sum + count, 0),
      firstAt: events.reduce<Timestamp | null>((at, { firstAt }) => earlier(at, firstAt), null),
      lastAt: events.reduce<Timestamp | null>((at, { lastAt }) => later(at, lastAt), null),
      text: newest.message,
    };
  });
}

function fromCounters(facts: Facts, subject: string, node: string): SignalRecord[] {
  return (facts.rises.get(node) ?? []).map((rise) => ({
    id: signalId(subject, `metric:${rise.name}`),
    subject,
    kind: `metric:${rise.name}`,
    count: rise.count,
    firstAt: rise.firstAt,
    lastAt: rise.lastAt,
    text: `${rise.name} rose from ${rise.from} to ${rise.to}`,
  }));
}

function fromWorkloads(facts: Facts, subject: string, pod: PodFact): SignalRecord[] {
  if (isFinished(pod)) return [];
  const found: SignalRecord[] = [];
  for (const reference of facts.misplaced) {
    const [scope, key] = splitRef(reference);
    const workload = facts.tables.workload.in(scope, key);
    if (workload === undefined || found.length > 0 || !owns(workload, pod)) continue;
    found.push({
      id: signalId(subject, MISPLACED),
      subject,
      kind: MISPLACED,
      count: 1,
      firstAt: null,
      lastAt: null,
      text: `${workload.kind} ${workload.namespace}/${workload.name} carries k8s.v1.cni.cncf.io/networks: ${(workload.annotationOnWorkload ?? '').slice(0, LONGEST_TEXT)}`,
    });
  }
  return found;
}

const standing = (subject: string, kind: string, text: string): SignalRecord => ({
  id: signalId(subject, kind),
  subject,
  kind,
  count: 1,
  firstAt: null,
  lastAt: null,
  text,
});

function fromPolicies(facts: Facts, subject: string, pod: PodFact): readonly SignalRecord[] {
  if (!facts.policiesByNamespace.has(pod.namespace)) return [];
  const own = networksOf(pod);
  const covered = new Set<string>();
  for (const reference of own.size === 0 ? [] : facts.policiesByNamespace.idsOf(pod.namespace)) {
    const [kind, key] = splitRef(reference);
    const policy = kind === 'multiNetworkPolicy' ? facts.get('multiNetworkPolicy', key) : undefined;
    if (policy === undefined || !selects(policy.podSelector, pod.labels)) continue;
    for (const network of policy.policyFor ?? []) if (own.has(network)) covered.add(network);
  }
  return covered.size === 0 ? [] : [standing(subject, POLICY_FOR, [...covered].sort(byCodeUnit).join(', '))];
}

const fromContainers = (subject: string, pod: PodFact): readonly SignalRecord[] =>
  pod.ipManager && !isFinished(pod)
    ? [standing(subject, IP_MANAGER, 'a container of the pod assigns its addresses to ENIs')]
    : [];
