/**
 * What a rule needs and no record holds: events by reason, counters that rose, annotations in the wrong place, networks that a policy
 * covers, address managers. Few pods have any of them, so no pod's record carries a field for it.
 */
import { NODES, PODS } from '../../model/source-ids';
import type { EventFact, PodFact } from '../../model/facts';
import { idParts, kindOfId, signalId } from '../../model/ids';
import { byCodeUnit } from '../../model/order';
import type { SignalRecord, Timestamp } from '../../model/records';
import { isFinished, networksOf } from '../facts/parts';
import { namespaceFacts } from '../facts/namespace';
import type { FactReader } from '../facts/reader';
import { owns } from '../facts/subjects';
import { selects } from './selector';

/** The kind of signal that a misplaced annotation gives to each pod of the workload (multus §6 P3). */
export const MISPLACED = 'annotation-on-workload';

/** The kind of signal that tells which keys of a pod Multus ignores and was probably meant to read (multus §1.1): `KEY for MEANT`. */
export const MISTYPED = 'annotation-key';

/** The kind of signal that lists, as `namespace/name, …`, which of a pod's networks MultiNetworkPolicies cover (multus §1.1, §4.1). */
export const POLICY_FOR = 'policy-for';
/** A container of the pod assigns its addresses to ENIs (aws-ip-manager, multus §3.2). */
export const IP_MANAGER = 'ip-manager';

/** The SR-IOV operator could not set the node's links up as its policies want. */
export const SRIOV_FAILED = 'sriov-failed';

const LONGEST_TEXT = 256;

const earlier = (a: Timestamp | null, b: Timestamp | null): Timestamp | null =>
  a === null ? b : b === null ? a : Date.parse(a) <= Date.parse(b) ? a : b;
const later = (a: Timestamp | null, b: Timestamp | null): Timestamp | null =>
  a === null ? b : b === null ? a : Date.parse(a) > Date.parse(b) ? a : b;

/** Signals of the Events about a record, one for each reason. None once it is known that there is no such record. */
export function eventSignals(facts: FactReader, subject: string): readonly SignalRecord[] {
  const [first = '', second = ''] = idParts(subject);
  const isPod = kindOfId(subject) === 'pod';
  const pod = isPod ? facts.get('pod', `${first}/${second}`) : undefined;
  const exists = isPod
    ? pod !== undefined || !facts.isKnown(PODS)
    : facts.get('node', first) !== undefined || facts.get('cniNode', first) !== undefined || !facts.isKnown(NODES);
  if (!exists) return [];
  // The events of an older pod of the same name are not this pod's.
  const ownEvents = [...facts.factsOf('eventsBySubject', subject)].filter(
    ({ involved }) => pod === undefined || involved.uid === '' || involved.uid === pod.uid,
  );
  return [...Map.groupBy(ownEvents, ({ reason }) => reason)].map(([kind, events]) => {
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

const standing = (subject: string, kind: string, text: string): SignalRecord => ({
  id: signalId(subject, kind),
  subject,
  kind,
  count: 1,
  firstAt: null,
  lastAt: null,
  text,
});

/** Signals of aws-node's counters that rose, and of the SR-IOV operator. `subject`: the node's record id. */
export const nodeSignals = (facts: FactReader, subject: string, node: string): readonly SignalRecord[] => [
  ...facts
    .factsOf('sriovStatesByNode', node)
    .flatMap(({ failure }) => (failure === null ? [] : [standing(subject, SRIOV_FAILED, failure)]))
    .slice(0, 1),
  ...facts.risesOn(node).map((rise) => ({
    id: signalId(subject, `metric:${rise.name}`),
    subject,
    kind: `metric:${rise.name}`,
    count: rise.count,
    firstAt: rise.firstAt,
    lastAt: rise.lastAt,
    text: `${rise.name} rose from ${rise.from} to ${rise.to}`,
  })),
];

/** Signals of what the pod, its workload and the policies of its namespace say. `subject`: the pod's record id. */
export function podSignals(facts: FactReader, subject: string, pod: PodFact): readonly SignalRecord[] {
  const found: SignalRecord[] = [];
  const workload = isFinished(pod)
    ? undefined
    : facts.ask(namespaceFacts, pod.namespace).misplaced.find((one) => owns(one, pod));
  if (workload !== undefined) {
    const annotation = (workload.annotationOnWorkload ?? '').slice(0, LONGEST_TEXT);
    const text = `${workload.kind} ${workload.namespace}/${workload.name} carries k8s.v1.cni.cncf.io/networks: ${annotation}`;
    found.push(standing(subject, MISPLACED, text));
  }
  if (pod.mistyped.length > 0 && !isFinished(pod)) {
    const said = pod.mistyped.map(
      ({ key, isLabel, meant }) => `${isLabel ? 'label' : 'annotation'} ${key} for ${meant}`,
    );
    found.push(standing(subject, MISTYPED, said.join(', ').slice(0, LONGEST_TEXT)));
  }
  const covered = coveredNetworks(facts, pod);
  if (covered.length > 0) found.push(standing(subject, POLICY_FOR, covered.join(', ')));
  if (pod.ipManager && !isFinished(pod))
    found.push(standing(subject, IP_MANAGER, 'a container of the pod assigns its addresses to ENIs'));
  return found;
}

const NONE: readonly string[] = [];

/** Which of the pod's networks MultiNetworkPolicies cover. */
function coveredNetworks(facts: FactReader, pod: PodFact): readonly string[] {
  const { multiNetworkPolicies } = facts.ask(namespaceFacts, pod.namespace);
  if (multiNetworkPolicies.length === 0) return NONE;
  const own = networksOf(pod);
  const covered = multiNetworkPolicies
    .filter(({ podSelector }) => selects(podSelector, pod.labels))
    .flatMap(({ policyFor }) => policyFor?.filter((network) => own.has(network)) ?? []);
  return [...new Set(covered)].sort(byCodeUnit);
}
