/** Keeps the indexes of `Facts` in step with its tables: under which keys a fact stands, by kind. */
import type { FactByKind, FactKind } from '../../model/facts';
import { parseCidr } from '../../model/ip';
import type { MultiMap } from '../../records/multi-map';
import { addressesOf, ipsOf, networksOf, TRUNK_TAG, type Facts } from './facts';
import { isMisplaced, subjectOf } from './subject';

type Emit = (index: MultiMap, key: string, id: string) => void;

type Indexer<K extends FactKind> = (facts: Facts, key: string, fact: FactByKind[K], emit: Emit, scope: string) => void;

const INDEXERS: { readonly [K in FactKind]?: Indexer<K> } = {
  node: (facts, key, node, emit) => {
    if (node.instanceId !== null) emit(facts.nodesByInstance, node.instanceId, key);
    if (node.computeType === 'fargate') for (const ip of node.internalIps) emit(facts.fargateNodesByIp, ip, key);
  },
  pod: (facts, key, pod, emit) => {
    if (pod.node !== null) emit(facts.podsByNode, pod.node, key);
    for (const ip of addressesOf(pod)) {
      emit(facts.podsByIp, ip, key);
      const around = ip.includes(':') ? parseCidr(`${ip}/80`)?.text : undefined;
      if (around !== undefined) emit(facts.podsByPrefix80, around, key);
    }
    for (const entry of pod.podEni ?? []) emit(facts.podsByEni, entry.eniId, key);
    for (const network of networksOf(pod)) emit(facts.podsByNetwork, network, key);
  },
  eni: (facts, key, eni, emit) => {
    if (eni.instanceId !== null) emit(facts.enisByInstance, eni.instanceId, key);
    const trunk = eni.tags[TRUNK_TAG];
    if (trunk !== undefined) emit(facts.branchesByTrunk, trunk, key);
    if (eni.subnet !== null) emit(facts.enisBySubnet, eni.subnet, key);
    for (const ip of ipsOf(eni)) emit(facts.enisByIp, ip, key);
    for (const prefix of [...eni.ipv4Prefixes, ...eni.ipv6Prefixes]) {
      emit(facts.enisByPrefix, parseCidr(prefix)?.text ?? prefix, key);
    }
  },
  subnetReservation: (facts, key, reservation, emit) => emit(facts.reservationsBySubnet, reservation.subnet, key),
  cniNode: (facts, key, cniNode, emit) => {
    if (cniNode.instanceId !== null) emit(facts.cniNodesByInstance, cniNode.instanceId, key);
  },
  sriovNodeState: (facts, key, state, emit) => emit(facts.hostStatesByNode, state.node, `sriovNodeState ${key}`),
  nodeNetworkState: (facts, key, state, emit) => emit(facts.hostStatesByNode, state.node, `nodeNetworkState ${key}`),
  nodeEni: (facts, key, nodeEni, emit) => {
    for (const attachment of nodeEni.attachments) emit(facts.nodeEnisByNode, attachment.node, key);
  },
  networkPolicy: (facts, key, policy, emit) =>
    emit(facts.policiesByNamespace, policy.namespace, `networkPolicy ${key}`),
  multiNetworkPolicy: (facts, key, policy, emit) =>
    emit(facts.policiesByNamespace, policy.namespace, `multiNetworkPolicy ${key}`),
  securityGroupPolicy: (facts, key, policy, emit) =>
    emit(facts.securityGroupPoliciesByNamespace, policy.namespace, key),
  whereaboutsPool: (facts, key, pool, emit) => {
    for (const podRef of new Set(pool.allocations.map((allocation) => allocation.podRef))) {
      emit(facts.poolsByPod, podRef, key);
    }
  },
  event: (facts, key, event, emit, scope) => {
    const subject = subjectOf(event.involved);
    if (subject !== null) emit(facts.eventsBySubject, subject, `${scope} ${key}`);
  },
};

const add: Emit = (index, key, id) => index.add(key, id);
const remove: Emit = (index, key, id) => index.remove(key, id);

/** Puts a fact in the place of another under one scope and key; either may be undefined. */
export function replaceFact<K extends FactKind>(
  facts: Facts,
  kind: K,
  scope: string,
  key: string,
  before: FactByKind[K] | undefined,
  after: FactByKind[K] | undefined,
): void {
  const indexer = INDEXERS[kind];
  if (before !== undefined) {
    indexer?.(facts, key, before, remove, scope);
    if (kind === 'eni') facts.blocks.remove(before as FactByKind['eni']);
    if (kind === 'workload') facts.misplaced.delete(`${scope} ${key}`);
    if (after === undefined) facts.tables[kind].delete(scope, key);
  }
  if (after !== undefined) {
    (facts.tables[kind] as { set(scope: string, key: string, fact: FactByKind[K]): void }).set(scope, key, after);
    indexer?.(facts, key, after, add, scope);
    if (kind === 'eni') facts.blocks.add(after as FactByKind['eni']);
    if (kind === 'workload' && isMisplaced(after as FactByKind['workload'])) facts.misplaced.add(`${scope} ${key}`);
  }
}

/** `scope key` or `kind key` of an index, taken apart; keys hold no blank. */
export const splitRef = (reference: string): readonly [first: string, key: string] => {
  const space = reference.indexOf(' ');
  return [reference.slice(0, space), reference.slice(space + 1)];
};
