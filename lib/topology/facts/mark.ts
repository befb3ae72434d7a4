/**
 * Which units a changed fact makes worth deriving again, by kind. Marking too much costs time, marking too little would
 * leave a record wrong.
 */
import type { EniFact, FactByKind, FactKind, PodFact } from '../../model/facts';
import { objectKey } from '../../model/facts';
import { nodeId, podId } from '../../model/ids';
import { parseCidr } from '../../model/ip';
import { equal } from '../../records/equal';
import type { Dirty } from './dirty';
import { addressesOf, ipsOf, networksOf, type Facts } from './facts';
import { isFinished } from './finished';
import { configOf } from './nad-config';
import { feeds } from './pool-match';
import { poolsHolding, poolsOverlapping, rangeOf } from './pool-ranges';
import { subjectOf } from './subject';

type Marker<K extends FactKind> = (facts: Facts, dirty: Dirty, key: string, fact: FactByKind[K]) => void;

function markEni(facts: Facts, dirty: Dirty, eni: EniFact): void {
  dirty.enis.add(eni.id);
  const node = facts.nodeOfEni(eni);
  if (node !== null) dirty.nodes.add(node);
}

const markPods = (facts: Facts, dirty: Dirty, keys: Iterable<string>): void => {
  for (const key of keys) {
    const node = facts.tables.pod.nodeOf(key);
    if (node != null) dirty.nodes.add(node);
  }
};

/** An ENI whose place or addresses may have changed: its node, and pods anywhere that claim one of its addresses. */
function markWithClaimants(facts: Facts, dirty: Dirty, eni: EniFact): void {
  markEni(facts, dirty, eni);
  for (const ip of ipsOf(eni)) markPods(facts, dirty, facts.podsByIp.idsOf(ip));
  markPods(facts, dirty, facts.podsByEni.idsOf(eni.id));
  for (const prefix of [...eni.ipv4Prefixes, ...eni.ipv6Prefixes]) {
    const cidr = parseCidr(prefix);
    if (cidr?.family === 6) markPods(facts, dirty, facts.podsByPrefix80.idsOf(cidr.text));
    else if (cidr?.prefixLength === 28) {
      const base = cidr.text.slice(0, cidr.text.lastIndexOf('.') + 1);
      const from = Number(cidr.first & 255n);
      for (let i = 0; i < 16; i++) markPods(facts, dirty, facts.podsByIp.idsOf(`${base}${from + i}`));
    }
  }
}

function markByEni(facts: Facts, dirty: Dirty, _key: string, eni: EniFact): void {
  markWithClaimants(facts, dirty, eni);
  // A branch follows its trunk, one step: tags are foreign text and may well form a ring.
  for (const branch of facts.enis(facts.branchesByTrunk.idsOf(eni.id))) markWithClaimants(facts, dirty, branch);
  if (eni.subnet !== null) dirty.subnets.add(eni.subnet);
}

function markByPod(facts: Facts, dirty: Dirty, key: string, pod: PodFact): void {
  if (pod.node === null) dirty.pods.add(key);
  else dirty.nodes.add(pod.node);
  for (const network of networksOf(pod)) dirty.networks.add(network);
  for (const entry of pod.podEni ?? []) {
    const eni = facts.get('eni', entry.eniId);
    if (eni !== undefined) markWithClaimants(facts, dirty, eni);
  }
  const onFargate = pod.node !== null && facts.get('node', pod.node)?.computeType === 'fargate';
  for (const ip of addressesOf(pod)) {
    for (const eni of facts.enisWith(ip)) {
      // A Fargate pod's address makes the ENI its node's; an ENI that no node has is shown only while a pod claims it.
      if (onFargate) markWithClaimants(facts, dirty, eni);
      else if (facts.nodeOfEni(eni) !== pod.node) dirty.enis.add(eni.id);
    }
  }
}

/** Several may claim one instance: a node, and what remembers an older one. */
function markNodesOfInstance(facts: Facts, dirty: Dirty, instanceId: string): void {
  for (const node of facts.nodesByInstance.idsOf(instanceId)) dirty.nodes.add(node);
  for (const node of facts.cniNodesByInstance.idsOf(instanceId)) dirty.nodes.add(node);
}

function markInstance(facts: Facts, dirty: Dirty, instanceId: string | null): void {
  if (instanceId === null) return;
  markNodesOfInstance(facts, dirty, instanceId);
  for (const eni of facts.enis(facts.enisByInstance.idsOf(instanceId))) markByEni(facts, dirty, eni.id, eni);
}

const byNode = (_facts: Facts, dirty: Dirty, _key: string, fact: { readonly node: string }): void => {
  dirty.nodes.add(fact.node);
};

const byNamespace = (_facts: Facts, dirty: Dirty, _key: string, fact: { readonly namespace: string }): void => {
  dirty.namespaces.add(fact.namespace);
};

const allNodes = (_facts: Facts, dirty: Dirty): void => {
  dirty.allNodes = true;
};

const MARKERS: { readonly [K in FactKind]?: Marker<K> } = {
  node: (facts, dirty, key) => {
    dirty.nodes.add(key);
    if (facts.eventsBySubject.has(nodeId(key))) dirty.subjects.add(nodeId(key));
  },
  pod: markByPod,
  nad: (facts, dirty, key) => {
    dirty.networks.add(key);
    markPods(facts, dirty, facts.podsByNetwork.idsOf(key));
    dirty.allPools = true;
  },
  daemonSet: allNodes,
  eni: markByEni,
  instance: (facts, dirty, key) => markNodesOfInstance(facts, dirty, key),
  instanceType: (facts, dirty, key) => {
    for (const [name, node] of facts.tables.node.entries()) if (node.instanceType === key) dirty.nodes.add(name);
    for (const instance of facts.tables.instance.values()) {
      if (instance.instanceType === key) markNodesOfInstance(facts, dirty, instance.id);
    }
  },
  subnetReservation: (_facts, dirty, _key, reservation) => dirty.subnets.add(reservation.subnet),
  awsNodeMetrics: (_facts, dirty, _key, metrics) => {
    dirty.nodes.add(metrics.node);
    dirty.subjects.add(nodeId(metrics.node));
  },
  ipamdEnis: byNode,
  eniConfig: allNodes,
  cniNode: (facts, dirty, key, cniNode) => {
    dirty.nodes.add(key);
    markInstance(facts, dirty, cniNode.instanceId);
  },
  whereaboutsPool: (facts, dirty, key, pool) => {
    dirty.pools.add(key);
    // A pool around or inside of it reads its allocations, and so does the one that is cut into slices.
    for (const other of poolsOverlapping(facts, rangeOf(pool))) dirty.pools.add(other);
    for (const [network, nad] of facts.tables.nad.entries())
      if (feeds(pool, configOf(nad))) dirty.networks.add(network);
  },
  whereaboutsReservation: (facts, dirty, _key, reservation) => {
    for (const pool of poolsHolding(facts, reservation.ip)) dirty.pools.add(pool);
  },
  nodeSlicePool: (_facts, dirty) => {
    dirty.allPools = true;
  },
  sriovNodeState: byNode,
  nodeNetworkState: byNode,
  nodeEni: (_facts, dirty, _key, nodeEni) => {
    for (const attachment of nodeEni.attachments) dirty.nodes.add(attachment.node);
  },
  multiNetworkPolicy: byNamespace,
  networkPolicy: byNamespace,
  securityGroupPolicy: byNamespace,
  workload: (_facts, dirty, _key, workload) => {
    if (workload.annotationOnWorkload !== null) dirty.allSignals = true;
  },
  event: (_facts, dirty, _key, event) => {
    const subject = subjectOf(event.involved);
    if (subject !== null) dirty.subjects.add(subject);
  },
};

/** What of a node decides about things outside of it. */
function markNodeChange(
  facts: Facts,
  dirty: Dirty,
  key: string,
  before?: FactByKind['node'],
  after?: FactByKind['node'],
) {
  if (before?.instanceId !== after?.instanceId) {
    markInstance(facts, dirty, before?.instanceId ?? null);
    markInstance(facts, dirty, after?.instanceId ?? null);
  }
  // A CNINode's word counts while there is no node.
  if ((before === undefined) !== (after === undefined)) {
    markInstance(facts, dirty, facts.get('cniNode', key)?.instanceId ?? null);
  }
  for (const node of [before, after]) {
    if (node?.computeType !== 'fargate') continue;
    for (const ip of node.internalIps) {
      for (const eni of facts.enis(facts.enisByIp.idsOf(ip))) markWithClaimants(facts, dirty, eni);
    }
  }
  if (before?.computeType === after?.computeType) return;
  for (const pod of facts.podsOn(key)) markByPod(facts, dirty, objectKey(pod), pod);
}

/** What of a pod decides about things that are not derived with its node. */
function markPodChange(facts: Facts, dirty: Dirty, key: string, before?: PodFact, after?: PodFact): void {
  const wasLive = before !== undefined && !isFinished(before);
  const isLive = after !== undefined && !isFinished(after);
  if (wasLive !== isLive || before?.uid !== after?.uid) {
    for (const pool of facts.poolsByPod.idsOf(key)) dirty.pools.add(pool);
  }
  const pod = after ?? before;
  if (pod === undefined) return;
  const subject = podId(pod.namespace, pod.name);
  const changed = before?.uid !== after?.uid || !equal(before?.owner, after?.owner) || wasLive !== isLive;
  const mayChange =
    (changed && (facts.eventsBySubject.has(subject) || facts.misplaced.size > 0)) ||
    before?.ipManager === true ||
    after?.ipManager === true ||
    facts.policiesByNamespace.has(pod.namespace);
  if (mayChange) dirty.subjects.add(subject);
}

/** What of a subnet nodes read, by its tags those that have no ENI in it too; its free addresses are another matter (`derive/supply`). */
function markSubnetChange(dirty: Dirty, key: string, before?: FactByKind['subnet'], after?: FactByKind['subnet']) {
  dirty.subnets.add(key);
  const same =
    before?.id === after?.id &&
    before?.vpc === after?.vpc &&
    before?.cidr === after?.cidr &&
    before?.ipv6Cidr === after?.ipv6Cidr &&
    before?.zone === after?.zone &&
    equal(before?.tags, after?.tags);
  if (!same) dirty.allNodes = true;
}

/** Called before the indexes are brought up to date and again afterwards: what was, and what came to be, are both marked. */
export function markChange<K extends FactKind>(
  facts: Facts,
  dirty: Dirty,
  kind: K,
  key: string,
  before: FactByKind[K] | undefined,
  after: FactByKind[K] | undefined,
): void {
  const marker = MARKERS[kind];
  if (before !== undefined) marker?.(facts, dirty, key, before);
  if (after !== undefined) marker?.(facts, dirty, key, after);
  switch (kind) {
    case 'node':
      markNodeChange(
        facts,
        dirty,
        key,
        before as FactByKind['node'] | undefined,
        after as FactByKind['node'] | undefined,
      );
      return;
    case 'pod':
      markPodChange(facts, dirty, key, before as PodFact | undefined, after as PodFact | undefined);
      return;
    case 'subnet':
      markSubnetChange(
        dirty,
        key,
        before as FactByKind['subnet'] | undefined,
        after as FactByKind['subnet'] | undefined,
      );
      return;
    default:
  }
}
