/** Why does this pod have no address? */
import { EVENTS } from '../../model/source-ids';
import type { FindingRecord, PodRecord, SignalRecord } from '../../model/records';
import { recordsOf } from '../../view/view-source';
import { headroomSentence } from '../../view/sentences';
import type { Replica } from '../../records/replica';
import { fact, factOf, inferred, observed, unknown, type Evidence, type Reply } from '../shared/answer';
import { counted, enumerated, nameOf } from '../shared/words';

/** Rules that explain why a pod does not start, the most decisive first. */
const CAUSES = [
  'pod-ip-failed',
  'pod-eni-stuck',
  'multus-down',
  'plugin-binary-missing',
  'networks-annotation-invalid',
  'network-missing',
  'network-config-invalid',
  'parent-interface-missing',
  'device-exhausted',
  'ipam-pool-full',
  'host-device-conflict',
  'ipvlan-macvlan-conflict',
  'vpc-cni-as-secondary',
  'multi-nic-no-effect',
  'pod-start-failed',
];

/** Rules that report the most likely cause rather than a reported one. */
const LIKELY = new Set(['pod-ip-failed', 'pod-start-failed']);

/** Whether the finding only shows that the pod waits: the state of its node may be more informative. */
const isSilence = ({ rule, severity, evidence }: FindingRecord): boolean =>
  rule === 'pod-start-failed' && severity === 'warning' && evidence[0]?.startsWith('event ') !== true;

function causesOf({ records, indexes }: Replica, pod: PodRecord): readonly FindingRecord[] {
  const about = [pod.id, ...(indexes.interfacesByPod.get(pod.id) ?? [])];
  const found = new Map<string, FindingRecord>();
  for (const id of about)
    for (const one of recordsOf(indexes.findingsBySubject, id, records.findings))
      if ((one.severity === 'error' || CAUSES.includes(one.rule)) && !isSilence(one)) found.set(one.id, one);
  const place = ({ rule }: FindingRecord): number => (CAUSES.includes(rule) ? CAUSES.indexOf(rule) : CAUSES.length);
  return [...found.values()].sort((a, b) => place(a) - place(b) || (a.id < b.id ? -1 : 1));
}

/** The findings that a finding names as its cause; they share a subject. */
function namedBy({ records, indexes }: Replica, cause: FindingRecord): readonly Evidence[] {
  const rules = new Set(cause.evidence.flatMap((line) => /^see ([\w-]+)$/.exec(line)?.[1] ?? []));
  const found = new Map<string, FindingRecord>();
  for (const subject of cause.subjects)
    for (const one of recordsOf(indexes.findingsBySubject, subject, records.findings))
      if (rules.has(one.rule)) found.set(one.id, one);
  return [...found.values()].map(factOf);
}

const eventFact = ({ subject, kind, count, lastAt, text }: SignalRecord): Evidence =>
  fact(
    subject,
    `event ${kind} (seen ${count === 1 ? 'once' : `${count} times`}, last at ${lastAt ?? 'an unknown time'}): ${text}`,
  );

/** What the node's conditions and eks-node-monitoring-agent's Events report about its network. */
function nodeFacts({ records, indexes }: Replica, pod: PodRecord): readonly Evidence[] {
  const node = pod.node === null ? undefined : records.nodes.get(pod.node);
  if (node === undefined) return [];
  return [
    ...node.networkConditions.map(({ type, reason, message, since }) =>
      fact(
        node.id,
        `condition ${type}: ${[reason, message].filter((text) => text !== '').join(': ')} (since ${since ?? 'an unknown time'})`,
      ),
    ),
    ...recordsOf(indexes.signalsBySubject, node.id, records.signals)
      .filter(({ kind }) => kind === 'NetworkingReady')
      .map(eventFact),
  ];
}

/** Events of the pod, newest first. */
const eventsOf = ({ records, indexes }: Replica, pod: PodRecord): readonly SignalRecord[] =>
  recordsOf(indexes.signalsBySubject, pod.id, records.signals)
    .filter(({ kind }) => /^[A-Z]/.test(kind))
    .sort((a, b) => ((a.lastAt ?? '') < (b.lastAt ?? '') ? 1 : -1));

/** States of an instance on which nothing runs. */
const GONE = new Set(['shutting-down', 'terminated', 'stopped']);

function hasAddress({ records, indexes }: Replica, pod: PodRecord): Reply {
  const interfaces = recordsOf(indexes.interfacesByPod, pod.id, records.interfaces).sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const node = records.nodes.get(pod.node ?? '');
  if (node?.instanceState != null && GONE.has(node.instanceState))
    return {
      sentence: `${nameOf(pod.id)} is still listed with the address ${pod.ips.join(' and ')}, but no longer has it: its node ${node.name} is the instance ${node.instanceId ?? ''}, which is ${node.instanceState}.`,
      certainty: 'observed',
      evidence: [
        fact(pod.id, `Kubernetes: status.podIPs has ${pod.ips.join(', ')}`),
        fact(node.id, `EC2: ${node.instanceId ?? 'the instance'} is ${node.instanceState}`),
      ],
      advice: `Delete the node if nothing else does (kubectl delete node ${node.name}): its pods are then started elsewhere.`,
    };
  const lacking = interfaces.filter(({ state }) => state === 'requested');
  const sentence = `${nameOf(pod.id)} has the address ${pod.ips.join(' and ')}`;
  return observed(
    lacking.length === 0
      ? `${sentence}; nothing is missing.`
      : `${sentence}, but ${enumerated(lacking.map(({ name }) => name ?? 'an unnamed interface'))} (${enumerated(lacking.map(({ network }) => nameOf(network)))}) is requested but not reported.`,
    [
      fact(pod.id, `Kubernetes: status.podIPs has ${pod.ips.join(', ')}`),
      ...interfaces.map(({ id, name, ips, state, link }) =>
        fact(
          id,
          `${name ?? 'unnamed interface'}: ${state}, ${ips.length === 0 ? 'no address' : ips.join(', ')}${link.evidence === '' ? '' : `; ${link.evidence}`}`,
        ),
      ),
      ...(lacking.length === 0 ? [] : causesOf({ records, indexes } as Replica, pod).map(factOf)),
    ],
  );
}

/** Reasons with which the kubelet rejects a pod before it has a sandbox. */
const REFUSED =
  /^(OutOf|UnexpectedAdmissionError|TopologyAffinityError|NodeAffinity|NodePorts|PodOSNotSupported|InvalidNodeInfo)/;

function finished(replica: Replica, pod: PodRecord): Reply {
  const { failure, phase } = pod;
  const name = nameOf(pod.id);
  const causes = causesOf(replica, pod);
  const what =
    failure === null
      ? `${name} is finished (${phase}): its sandbox is gone, and its address with it.`
      : REFUSED.test(failure.reason)
        ? `${name} never had one: the kubelet rejected it (${failure.reason})${failure.message === '' ? '.' : `: ${failure.message}`}`
        : `${name} is finished (${phase}, ${failure.reason}): its sandbox is gone, and its address with it.`;
  return {
    sentence: what,
    certainty: 'observed',
    evidence: [
      fact(pod.id, `Kubernetes: status.phase is ${phase}`),
      ...(failure === null
        ? []
        : [
            fact(
              pod.id,
              `Kubernetes: status.reason is ${failure.reason}${failure.message === '' ? '' : `: ${failure.message}`}`,
            ),
          ]),
      ...causes.map(factOf),
      ...eventsOf(replica, pod).map(eventFact),
    ],
    ...(causes[0] === undefined ? {} : { advice: causes[0].advice, command: causes[0].command }),
  };
}

/** The pod is being deleted, and still has its address. */
function ending(replica: Replica, pod: PodRecord): Reply {
  const { records, indexes } = replica;
  const [stuck] = recordsOf(indexes.findingsBySubject, pod.id, records.findings).filter(
    ({ rule }) => rule === 'pod-stop-failed',
  );
  return {
    sentence:
      stuck?.detail ??
      `${nameOf(pod.id)} is being deleted, and holds its address ${pod.ips.join(' and ')} until the kubelet has taken its network down.`,
    certainty: 'observed',
    evidence: [
      fact(pod.id, 'Kubernetes: metadata.deletionTimestamp is set'),
      fact(pod.id, `Kubernetes: status.podIPs has ${pod.ips.join(', ')}`),
      ...eventsOf(replica, pod).map(eventFact),
    ],
    advice:
      stuck?.advice ??
      'If it stays, read the log of the kubelet: while aws-node does not answer there, the plugin cannot release the address.',
    command: stuck?.command ?? null,
  };
}

/** The reply for a pod that needs no address from the VPC, or no longer does; null for all others. */
function needsNone(replica: Replica, pod: PodRecord): Reply | null {
  const name = nameOf(pod.id);
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return finished(replica, pod);
  if (pod.hostNetwork && pod.node === null) return unscheduled(replica, pod, eventsOf(replica, pod));
  if (pod.hostNetwork) {
    const ips = replica.records.nodes.get(pod.node ?? '')?.internalIps ?? [];
    return observed(
      `${name} runs on the host network: it uses the address of its node${ips.length === 0 ? '' : `, ${ips.join(' and ')}`}, and gets none of its own.`,
      [fact(pod.id, 'Kubernetes: spec.hostNetwork is true')],
    );
  }
  if (pod.ips.length > 0 && pod.deleting) return ending(replica, pod);
  if (pod.ips.length > 0) return hasAddress(replica, pod);
  if (pod.deleting)
    return observed(`${name} is being deleted and has no address any more.`, [
      fact(pod.id, 'Kubernetes: metadata.deletionTimestamp is set'),
    ]);
  return null;
}

/** The scheduler reports only how many nodes are at their pod limit; by the kubelet's limit, it is these. */
function fullNodes({ records }: Replica, text: string): readonly Evidence[] {
  const match = /(\d+) Too many pods/.exec(text);
  if (match === null) return [];
  const full: Evidence[] = [];
  let more = 0;
  for (const { id, name, maxPods, podCount, hostNetworkPods } of records.nodes.values()) {
    if (maxPods === null || podCount === null || podCount < maxPods) continue;
    if (full.length < 5)
      full.push(
        fact(
          id,
          `node ${name} allows ${maxPods} pods and runs ${podCount}, ${hostNetworkPods} of them on the host network`,
        ),
      );
    else more += 1;
  }
  return more === 0 ? full : [...full, fact(null, `${counted(more, 'more node')} at max pods`)];
}

function unscheduled(replica: Replica, pod: PodRecord, events: readonly SignalRecord[]): Reply {
  const claims = pod.claims.filter(({ state }) => state === 'pending' || state === 'missing');
  const evidence = [
    fact(pod.id, 'Kubernetes: spec.nodeName is not set'),
    ...claims.map(({ name, claim, state }) =>
      fact(
        pod.id,
        `resource claim ${claim ?? name}: ${state === 'missing' ? 'does not exist' : 'no devices are allocated'}`,
      ),
    ),
    ...events.map(eventFact),
  ];
  const event = events.find(({ kind }) => kind === 'FailedScheduling');
  const name = nameOf(pod.id);
  if (event !== undefined)
    return observed(`${name} is not scheduled, so nothing gives it an address; the scheduler says: ${event.text}`, [
      ...fullNodes(replica, event.text),
      ...evidence,
    ]);
  return unknown(
    `${name} is not scheduled, so nothing gives it an address; ${isSilent(replica) ? 'Events cannot be read, so why is not known' : 'no Event says why'}.`,
    evidence,
  );
}

const isSilent = ({ records }: Replica): boolean => records.sources.get(EVENTS)?.state !== 'live';

/** The pod is on a node, has no address, and no rule finds the cause. */
function waitingReply(replica: Replica, pod: PodRecord, events: readonly SignalRecord[]): Reply {
  const node = replica.records.nodes.get(pod.node ?? '');
  const where = node === undefined ? nameOf(pod.node ?? '') : node.name;
  const evidence = [
    fact(pod.id, `Kubernetes: phase ${pod.phase}, no podIPs, on ${where} since ${pod.startedAt ?? 'an unknown time'}`),
    ...(node === undefined
      ? []
      : [
          fact(
            node.id,
            `node ${node.name}: ${node.ready === true ? 'Ready' : node.ready === false ? 'not Ready' : 'readiness not known'}`,
          ),
          ...(node.ipamd === null
            ? []
            : [
                fact(
                  node.id,
                  `aws-node ${node.ipamd.version ?? ''}: ${node.ipamd.ready === true ? 'Ready' : 'not Ready'}${node.agentTrouble === null ? '' : `; ${node.agentTrouble}`}`,
                ),
              ]),
          fact(node.id, headroomSentence(node)),
        ]),
    ...nodeFacts(replica, pod),
    ...events.map(eventFact),
  ];
  const name = nameOf(pod.id);
  const [event] = events;
  if (node?.gone === true)
    return observed(`${name} is bound to ${where}, which no longer exists: it gets no address there.`, evidence);
  if (event !== undefined)
    return observed(`${name} waits on ${where}; the newest Event (${event.kind}) says: ${event.text}`, evidence);
  if (node?.ready === false)
    return inferred(`${name} waits on ${where}, which is not Ready: its kubelet starts no sandbox.`, evidence);
  if (node?.ipamd?.ready === false)
    return inferred(
      `${name} waits on ${where}, whose aws-node is not Ready${node.agentTrouble === null ? '' : ` (${node.agentTrouble})`}: nothing assigns addresses there.`,
      evidence,
    );
  return unknown(
    `${name} waits on ${where} without an address; ${isSilent(replica) ? 'Events cannot be read, so why is not known' : 'no Event says why: it may be starting just now'}.`,
    evidence,
  );
}

/** Why a pod has no address, or that it has one. */
export function podAddress(replica: Replica, id: string): Reply {
  const pod = replica.records.pods.get(id);
  if (pod === undefined) return unknown(`${nameOf(id)} is not known.`);
  const none = needsNone(replica, pod);
  if (none !== null) return none;
  const [cause, ...others] = causesOf(replica, pod);
  const events = eventsOf(replica, pod);
  if (cause === undefined)
    return pod.node === null ? unscheduled(replica, pod, events) : waitingReply(replica, pod, events);
  const advised = namedBy(replica, cause);
  return {
    sentence: cause.detail,
    certainty: LIKELY.has(cause.rule) ? 'inferred' : 'observed',
    evidence: [
      fact(cause.id, `${counted(1, cause.severity)} ${cause.rule} since ${cause.since ?? 'an unknown time'}`),
      ...cause.evidence
        .filter((line) => !/^(see [\w-]+$|condition )/.test(line))
        .map((line) => fact(cause.subjects[0] ?? null, line)),
      ...nodeFacts(replica, pod),
      ...advised,
      ...others.map(factOf),
      ...events.slice(0, 3).map(eventFact),
    ],
    advice: cause.advice,
    command: cause.command,
  };
}
