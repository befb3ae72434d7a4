/**
 * Takes a batch into the facts and says what it makes dirty. Applying a batch twice marks nothing the second time, but for
 * what a later answer of EC2 settles.
 */
import type { FactByKind, FactKind, NodeFact, PodFact } from '../../model/facts';
import type { Batch, Observation } from '../../model/observation';
import type { ClusterInfo, SourceRecord } from '../../model/records';
import { equal } from '../../records/equal';
import type { Dirty } from './dirty';
import { risesAfter } from './counters';
import { addressesOf, type Facts } from './facts';
import { isFinished } from './finished';
import { replaceFact } from './index-facts';
import { markChange } from './mark';
import {
  CNI_NODES,
  DAEMON_SETS,
  ENI_CONFIGS,
  ENIS,
  NADS,
  NODES,
  PODS,
  RESERVATIONS,
  SECURITY_GROUP_POLICIES,
} from './source-ids';

/** Sources whose silence or answer decides how every node is read. */
const DECISIVE: readonly string[] = [
  PODS,
  NODES,
  NADS,
  ENIS,
  DAEMON_SETS,
  ENI_CONFIGS,
  CNI_NODES,
  SECURITY_GROUP_POLICIES,
];

/** So many facts are taken in in one step. */
const FACTS_A_STEP = 200;

type ReplaceAll = Extract<Observation, { readonly op: 'replaceAll' }>;

const uidOf = (fact: unknown): string | null => {
  const uid = (fact as { readonly uid?: unknown }).uid;
  return typeof uid === 'string' && uid !== '' ? uid : null;
};

export class Reducer {
  readonly #facts: Facts;
  #cluster: ClusterInfo;

  constructor(facts: Facts, cluster: ClusterInfo) {
    this.#facts = facts;
    this.#cluster = cluster;
    facts.vpc = cluster.vpcId;
  }

  get cluster(): ClusterInfo {
    return this.#cluster;
  }

  /** Marks `dirty` as it goes; yields now and then. */
  *reduce(batch: Batch, dirty: Dirty): Generator<undefined, void> {
    for (const observation of batch.observations) {
      if (observation.op === 'replaceAll') yield* this.#replaceAll(observation, batch.at, dirty);
      else this.#observe(observation, batch.at, dirty);
    }
  }

  *#replaceAll(observation: ReplaceAll, at: number, dirty: Dirty): Generator<undefined, void> {
    const { kind, scope } = observation;
    const listed = new Set<string>();
    for (const [key, fact] of observation.facts) {
      listed.add(key);
      this.#change(kind, scope, key, fact, at, dirty);
      if (listed.size % FACTS_A_STEP === 0) yield;
    }
    for (const key of this.#facts.tables[kind].keysIn(scope)) {
      if (!listed.has(key)) this.#change(kind, scope, key, undefined, at, dirty);
    }
    if (kind === 'pod' && this.#facts.watchingSince !== at) {
      // What was deleted since the list before it may have been missed.
      dirty.relisted = true;
      this.#facts.watchingSince = at;
    }
  }

  #observe(observation: Exclude<Observation, ReplaceAll>, at: number, dirty: Dirty): void {
    switch (observation.op) {
      case 'upsert':
        this.#change(observation.kind, observation.scope, observation.key, observation.fact, at, dirty);
        return;
      case 'remove': {
        const before = this.#facts.tables[observation.kind].in(observation.scope, observation.key);
        // A late delete of an older object with the same name is ignored.
        if (before === undefined || (observation.uid !== null && uidOf(before) !== observation.uid)) return;
        this.#change(observation.kind, observation.scope, observation.key, undefined, at, dirty);
        return;
      }
      case 'status':
        this.#status(observation.source, dirty);
        return;
      case 'cluster': {
        const next = { ...this.#cluster, ...observation.cluster };
        if (equal(next, this.#cluster)) return;
        this.#cluster = next;
        dirty.cluster = true;
        if (next.vpcId === this.#facts.vpc) return;
        this.#facts.vpc = next.vpcId;
        dirty.allNodes = true;
        for (const [id] of this.#facts.tables.eni.entries()) dirty.enis.add(id);
      }
    }
  }

  #change<K extends FactKind>(
    kind: K,
    scope: string,
    name: string,
    after: FactByKind[K] | undefined,
    at: number,
    dirty: Dirty,
  ): void {
    const before = this.#facts.tables[kind].in(scope, name) as FactByKind[K] | undefined;
    if (equal(before, after)) return;
    const pod = kind === 'pod' ? ((after ?? before) as PodFact) : undefined;
    const key = pod === undefined ? name : this.#facts.tables.pod.keyOf(scope, name, pod);
    if (kind === 'awsNodeMetrics') this.#metrics(before as never, after as never);
    if (kind === 'node') this.#node(key, before as NodeFact | undefined, after as NodeFact | undefined, at);
    if (kind === 'pod') this.#pod(key, before as PodFact | undefined, after as PodFact | undefined, at);
    markChange(this.#facts, dirty, kind, key, before, after);
    replaceFact(this.#facts, kind, scope, key, before, after);
    markChange(this.#facts, dirty, kind, key, before, after);
  }

  /** EC2 is asked for the ENIs of the instances, and of the addresses, that nodes name: it must be asked after they did. */
  #node(name: string, before: NodeFact | undefined, after: NodeFact | undefined, at: number): void {
    const { nodeSeenAt } = this.#facts;
    if (after === undefined) nodeSeenAt.delete(name);
    else if (before?.instanceId !== after.instanceId || !equal(before.internalIps, after.internalIps)) {
      nodeSeenAt.set(name, at);
    }
  }

  #metrics(before: FactByKind['awsNodeMetrics'] | undefined, after: FactByKind['awsNodeMetrics'] | undefined): void {
    const node = (after ?? before)?.node;
    if (node === undefined) return;
    const rises = after === undefined ? [] : risesAfter(this.#facts.rises.get(node) ?? [], before, after);
    if (rises.length === 0) this.#facts.rises.delete(node);
    else this.#facts.rises.set(node, rises);
  }

  /** Remembers which addresses a pod gave back, and since when it has the ones it has. */
  #pod(key: string, before: PodFact | undefined, after: PodFact | undefined, at: number): void {
    const { releases, endedMultiNic, seenAt } = this.#facts;
    const old = before === undefined ? null : addressesOf(before);
    const now = after === undefined ? null : addressesOf(after);
    if (before?.node != null && old !== null) {
      for (const ip of old) {
        if (now?.has(ip) === true && after?.node === before.node) continue;
        const freed = releases.get(before.node) ?? new Map<string, { readonly at: number }>();
        releases.set(before.node, freed.set(ip, { at }));
      }
    }
    const stays = after !== undefined && !isFinished(after) && after.node === before?.node && after.uid === before.uid;
    if (before?.node != null && before.nicConfig !== null && old !== null && old.size > 0 && !stays) {
      endedMultiNic.set(before.node, [...(endedMultiNic.get(before.node) ?? []), { at, pod: before }]);
    }
    if (after === undefined || isFinished(after)) seenAt.delete(key);
    else if (
      before === undefined ||
      before.uid !== after.uid ||
      before.node !== after.node ||
      !equal([...(old ?? [])], [...(now ?? [])]) ||
      !equal(before.podEni, after.podEni)
    ) {
      seenAt.set(key, at);
    }
  }

  #status(source: SourceRecord, dirty: Dirty): void {
    const { sources } = this.#facts;
    const before = sources.get(source.id);
    if (equal(before, source)) return;
    const was = [this.#facts.isKnown(source.id), this.#facts.isLive(source.id)];
    sources.set(source.id, source);
    dirty.sources.add(source.id);
    const is = [this.#facts.isKnown(source.id), this.#facts.isLive(source.id)];
    if (!equal(was, is)) {
      if (DECISIVE.includes(source.id)) dirty.allNodes = true;
      if (source.id === SECURITY_GROUP_POLICIES) dirty.allLonePods = true;
      if (source.id === ENIS) dirty.allSubnets = true;
      if (source.id === PODS || source.id === RESERVATIONS) dirty.allPools = true;
      if (source.id === PODS) dirty.allSignals = true;
      if (source.id === NADS) for (const key of this.#facts.podsByNetwork.keys()) dirty.networks.add(key);
    }
    if (source.id === ENIS) dirty.ec2AskedAgain = true;
    if (source.id === PODS) dirty.watchedOn = true;
  }
}
