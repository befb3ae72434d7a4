/**
 * The pure core: batches of facts in, changes of records out.
 *
 * Always holds: the replica equals what a new engine makes of the same facts, and equals its own changes applied in order.
 * A batch applied twice changes nothing; batches of different sources commute. The clock is `batch.at` and `tick`.
 */
import type { Delta } from '../model/delta';
import { CLUSTER_NETWORK, ipPoolId, networkId, nodeId, podId } from '../model/ids';
import type { Batch } from '../model/observation';
import type { ClusterInfo } from '../model/records';
import { Contributions, type Moved } from './shared/contributions';
import { deriveLoneEni } from './enis/lone-eni';
import { deriveIpPool, poolKeys } from './shared/ip-pools';
import { deriveClusterNetwork, deriveNetwork } from './shared/networks';
import { addressesHeld, deriveNode, type Contribution } from './node/node';
import { derivePod } from './node/pods';
import { deriveSignals } from './shared/signals';
import { deriveSubnet } from './shared/subnets';
import { Stock, type Asked } from './pools/supply';
import { equal } from '../records/equal';
import { Dirty } from './facts/dirty';
import { Facts } from './facts/facts';
import { Reducer } from './facts/reduce';
import { ENIS } from './facts/source-ids';
import { Pending } from './pending';
import { createReplica, NO_CLUSTER, type Replica } from '../records/replica';

export interface Change {
  /** Whole, when anything in it changed. */
  readonly cluster?: ClusterInfo;
  /** Never the findings table. */
  readonly tables: Delta['tables'];
}

export interface Engine {
  /** Takes in one batch. Null when no kept field changed; a source's newer `asOf` alone is no change. */
  readonly apply: (batch: Batch) => Change | null;
  /**
   * The same in steps of a few milliseconds, for who has others to serve meanwhile: the records move in the last step
   * alone, so between two steps the replica still stands as before. No other batch and no `tick` until the steps have ended.
   */
  readonly steps: (batch: Batch) => Generator<undefined, Change | null>;
  /** Derives again what depends on time alone: an address whose cooldown is over. `now` in epoch milliseconds. */
  readonly tick: (now: number) => Change | null;
  /** When `tick` may next change something, epoch milliseconds; null when nothing waits. */
  readonly nextTickAt: number | null;
  readonly replica: Replica;
}

/** So many nodes are derived again in one tick, so that none blocks for long. */
const NODES_A_TICK = 100;

/** So many nodes are derived in one step. */
const NODES_A_STEP = 8;

/** Freed addresses are forgotten after the longest cooldown that anybody would set. Milliseconds. */
const FORGET_RELEASE = 10 * 60_000;

const NO_NETWORKS: Contribution['networks'] = new Map();

export function createEngine(): Engine {
  return new TopologyEngine();
}

class TopologyEngine implements Engine {
  readonly replica = createReplica();
  readonly #facts = new Facts();
  readonly #reducer = new Reducer(this.#facts, NO_CLUSTER);
  readonly #contributions = new Contributions();
  /** Nodes that time alone will change, and when. */
  readonly #ticks = new Map<string, number>();
  /** Nodes where something waits for EC2's next answer. */
  readonly #waiting = new Set<string>();
  /** What nodes asked of subnets and were told, by subnet and node. */
  readonly #told = new Map<string, Map<string, { readonly asked: Asked; readonly answer: string }>>();
  readonly #askedBy = new Map<string, readonly string[]>();
  /** Nodes on which it is not known yet what cools, and until when pods must be watched for that, epoch milliseconds. */
  readonly #unwatched = new Map<string, number>();
  /** Nodes to be derived again because that came to be known, or is known no more. */
  readonly #unsettled = new Set<string>();
  #now = 0;

  readonly apply = (batch: Batch): Change | null => {
    const steps = this.steps(batch);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  };

  *steps(batch: Batch): Generator<undefined, Change | null> {
    this.#now = Math.max(this.#now, batch.at);
    const dirty = new Dirty();
    yield* this.#reducer.reduce(batch, dirty);
    return yield* this.#derive(dirty);
  }

  readonly tick = (now: number): Change | null => {
    this.#now = Math.max(this.#now, now);
    const pending = new Pending();
    const moved: Moved = { networks: new Set(), subnets: new Set() };
    const due = new Set<string>();
    for (const [node, at] of this.#ticks) if (at <= this.#now && due.size < NODES_A_TICK) due.add(node);
    for (const node of this.#unsettled) if (due.size < NODES_A_TICK) due.add(node);
    for (const node of due) this.#node(node, pending, moved);
    this.#shared(pending, moved);
    return this.#commit(pending.diff(this.replica.records), false);
  };

  get nextTickAt(): number | null {
    if (this.#unsettled.size > 0) return this.#now;
    let next: number | null = null;
    for (const at of this.#ticks.values()) if (next === null || at < next) next = at;
    return next;
  }

  *#derive(dirty: Dirty): Generator<undefined, Change | null> {
    const facts = this.#facts;
    const { records } = this.replica;
    const pending = new Pending();
    const moved: Moved = { networks: new Set(dirty.networks), subnets: new Set(dirty.subnets) };

    for (const id of dirty.sources) {
      const source = facts.sources.get(id);
      if (source !== undefined) pending.put('sources', source);
    }
    this.#watched(dirty);
    this.#spread(dirty);
    let derived = 0;
    for (const name of dirty.nodes) {
      this.#node(name, pending, moved);
      if (++derived % NODES_A_STEP === 0) yield;
    }
    for (const id of dirty.enis) this.#loneEni(id, pending, moved);
    for (const key of dirty.pods) this.#lonePod(key, pending);
    if (dirty.allSubnets) for (const id of records.subnets.keys()) moved.subnets.add(id);
    for (const key of dirty.allPools ? new Set([...dirty.pools, ...poolKeys(facts)]) : dirty.pools) {
      pending.had('ipPools', ipPoolIdOf(key));
      const pool = deriveIpPool(facts, key);
      if (pool !== null) pending.put('ipPools', pool);
    }
    if (dirty.allPools) for (const id of records.ipPools.keys()) pending.had('ipPools', id);
    for (const subject of this.#subjects(dirty)) this.#signals(subject, pending);
    this.#shared(pending, moved);
    const changes = yield* pending.diffSteps(records);
    return this.#commit(changes, dirty.cluster);
  }

  /** Every node with pools is affected at once: they are left to the ticks, a few at a time. */
  #watched(dirty: Dirty): void {
    if (dirty.relisted) {
      for (const { name, pools } of this.replica.records.nodes.values())
        if (pools.length > 0) this.#unsettled.add(name);
    }
    if (!dirty.watchedOn) return;
    const until = this.#facts.watchedUntil();
    for (const [name, knownAt] of this.#unwatched) if (knownAt <= until) this.#unsettled.add(name);
  }

  /** What a mark of a whole kind comes to in nodes, ENIs and pods. */
  #spread(dirty: Dirty): void {
    const facts = this.#facts;
    if (dirty.allNodes) {
      for (const [name] of facts.tables.node.entries()) dirty.nodes.add(name);
      for (const name of facts.podsByNode.keys()) dirty.nodes.add(name);
      for (const [name] of facts.tables.cniNode.entries()) dirty.nodes.add(name);
      for (const node of this.replica.records.nodes.values()) dirty.nodes.add(node.name);
    }
    if (dirty.namespaces.size > 0) {
      for (const [key, pod] of facts.tables.pod.entries()) {
        if (!dirty.namespaces.has(pod.namespace)) continue;
        dirty.subjects.add(podId(pod.namespace, pod.name));
        if (pod.node === null) dirty.pods.add(key);
        else dirty.nodes.add(pod.node);
      }
    }
    if (dirty.allLonePods)
      for (const [key, pod] of facts.tables.pod.entries()) if (pod.node === null) dirty.pods.add(key);
    if (dirty.ec2AskedAgain) this.#askedAgain(dirty);
    for (const id of dirty.subnets) {
      const stock = new Stock(facts, id);
      for (const [name, { asked, answer }] of this.#told.get(id) ?? []) {
        if (stock.answer(asked) !== answer) dirty.nodes.add(name);
      }
    }
  }

  /** EC2's newer answer settles what waited for it. */
  #askedAgain(dirty: Dirty): void {
    const asOf = this.#facts.sources.get(ENIS)?.asOf;
    if (asOf == null || !this.#facts.isLive(ENIS)) return;
    const askedAt = Date.parse(asOf);
    for (const seenAt of [this.#facts.seenAt, this.#facts.nodeSeenAt])
      for (const [key, at] of seenAt) if (at <= askedAt) seenAt.delete(key);
    for (const name of this.#waiting) dirty.nodes.add(name);
  }

  #node(name: string, pending: Pending, moved: Moved): void {
    const id = nodeId(name);
    const { indexes, records } = this.replica;
    this.#forgetReleases(name);
    const slice = deriveNode(this.#facts, name, this.#now);
    if (records.nodes.has(id)) pending.had('nodes', id);
    for (const card of indexes.cardsByNode.get(id) ?? []) pending.had('networkCards', card);
    for (const nic of indexes.hostNicsByNode.get(id) ?? []) pending.had('hostNics', nic);
    for (const eni of indexes.enisByNode.get(id) ?? []) pending.had('enis', eni);
    for (const pod of indexes.podsByNode.get(id) ?? []) pending.had('pods', pod);
    for (const face of indexes.interfacesByNode.get(id) ?? []) pending.had('interfaces', face);
    for (const attachment of indexes.attachmentsByNode.get(id) ?? []) pending.had('attachments', attachment);
    const empty = slice.node === null && slice.enis.length === 0 && slice.pods.length === 0;
    this.#contributions.replace(id, empty ? null : slice.contribution, moved);
    if (slice.node !== null) pending.put('nodes', slice.node);
    for (const card of slice.cards) pending.put('networkCards', card);
    if (slice.node !== null) for (const nic of slice.hostNics) pending.put('hostNics', nic);
    for (const eni of slice.enis) pending.put('enis', eni);
    for (const pod of slice.pods) pending.put('pods', pod);
    for (const face of slice.interfaces) pending.put('interfaces', face);
    for (const attachment of slice.attachments) pending.put('attachments', attachment);
    if (slice.nextTickAt === null) this.#ticks.delete(name);
    else this.#ticks.set(name, slice.nextTickAt);
    if (slice.coolingKnownAt === null) this.#unwatched.delete(name);
    else this.#unwatched.set(name, slice.coolingKnownAt);
    this.#unsettled.delete(name);
    if (slice.waiting) this.#waiting.add(name);
    else this.#waiting.delete(name);
    this.#remember(name, slice.asked);
  }

  #remember(name: string, asked: ReadonlyMap<string, Asked>): void {
    for (const id of this.#askedBy.get(name) ?? []) {
      const nodes = this.#told.get(id);
      nodes?.delete(name);
      if (nodes?.size === 0) this.#told.delete(id);
    }
    if (asked.size === 0) this.#askedBy.delete(name);
    else this.#askedBy.set(name, [...asked.keys()]);
    for (const [id, what] of asked) {
      const nodes = this.#told.get(id) ?? new Map<string, { readonly asked: Asked; readonly answer: string }>();
      this.#told.set(id, nodes.set(name, { asked: what, answer: new Stock(this.#facts, id).answer(what) }));
    }
  }

  #forgetReleases(node: string): void {
    const releases = this.#facts.releases.get(node);
    for (const [ip, { at }] of releases ?? []) if (at + FORGET_RELEASE <= this.#now) releases?.delete(ip);
    if (releases?.size === 0) this.#facts.releases.delete(node);
    const { endedMultiNic } = this.#facts;
    const ended = endedMultiNic.get(node)?.filter(({ at }) => at + FORGET_RELEASE > this.#now);
    if (ended !== undefined) endedMultiNic.set(node, ended);
    if (ended?.length === 0) endedMultiNic.delete(node);
  }

  #loneEni(id: string, pending: Pending, moved: Moved): void {
    const eni = this.#facts.get('eni', id);
    const before = this.replica.records.enis.get(id);
    if (before?.node === null || eni === undefined) pending.had('enis', id);
    const lone = eni === undefined || this.#facts.nodeOfEni(eni) !== null ? null : deriveLoneEni(this.#facts, eni);
    // Another instance's ENIs are shown, but what they hold is not this cluster's.
    const subnet = lone === null || lone.instanceId !== null ? null : lone.subnet;
    this.#contributions.replace(
      id,
      subnet === null || eni === undefined
        ? null
        : { networks: NO_NETWORKS, subnets: new Map([[subnet, addressesHeld(eni)]]), vpcCni: false },
      moved,
    );
    if (lone !== null) pending.put('enis', lone);
  }

  #lonePod(key: string, pending: Pending): void {
    const pod = this.#facts.get('pod', key);
    const [namespace = '', name = ''] = splitKey(key);
    const id = podId(namespace, name);
    if (this.replica.records.pods.get(id)?.node === null) pending.had('pods', id);
    if (pod?.node === null) pending.put('pods', derivePod(this.#facts, pod, id, null));
  }

  #signals(subject: string, pending: Pending): void {
    for (const id of this.replica.indexes.signalsBySubject.get(subject) ?? []) pending.had('signals', id);
    for (const signal of deriveSignals(this.#facts, subject)) pending.put('signals', signal);
  }

  #subjects(dirty: Dirty): ReadonlySet<string> {
    if (!dirty.allSignals) return dirty.subjects;
    const facts = this.#facts;
    const subjects = new Set(dirty.subjects);
    for (const subject of facts.eventsBySubject.keys()) subjects.add(subject);
    for (const subject of this.replica.indexes.signalsBySubject.keys()) subjects.add(subject);
    for (const node of facts.rises.keys()) subjects.add(nodeId(node));
    if (facts.misplaced.size > 0) {
      for (const pod of facts.tables.pod.values()) subjects.add(podId(pod.namespace, pod.name));
    }
    return subjects;
  }

  /** Networks and subnets last, when all that nodes add to them has moved. */
  #shared(pending: Pending, moved: Moved): void {
    const facts = this.#facts;
    for (const key of moved.networks) {
      if (key === '') {
        pending.had('networks', CLUSTER_NETWORK);
        const own = deriveClusterNetwork(this.#contributions.usageOf(''), this.#contributions.vpcCniNodes);
        if (own !== null) pending.put('networks', own);
        continue;
      }
      const [namespace = '', name = ''] = splitKey(key);
      pending.had('networks', networkId(namespace, name));
      const network = deriveNetwork(facts, key, this.#contributions.usageOf(key));
      if (network !== null) pending.put('networks', network);
    }
    for (const id of moved.subnets) {
      pending.had('subnets', id);
      const subnet = deriveSubnet(facts, id, this.#contributions.heldIn(id));
      if (subnet !== null) pending.put('subnets', subnet);
    }
  }

  #commit(tables: Delta['tables'] | null, cluster: boolean): Change | null {
    const info = cluster ? this.#reducer.cluster : undefined;
    if (tables === null && info === undefined) return null;
    this.replica.apply(tables ?? {}, info);
    return withoutAges(tables ?? {}, info);
  }
}

/** Ages travel as heartbeats: a source of which only `asOf` moved is no change for viewers (architecture.md, "The flow" 5). */
function withoutAges(tables: Delta['tables'], cluster: ClusterInfo | undefined): Change | null {
  const { sources, ...others } = tables;
  const patch = sources?.patch.filter(({ set }) => !equal(Object.keys(set), ['asOf'])) ?? [];
  const kept = sources !== undefined && sources.put.length + patch.length + sources.drop.length > 0;
  const shown = kept ? { sources: { ...sources, patch }, ...others } : others;
  if (Object.keys(shown).length === 0 && cluster === undefined) return null;
  return cluster === undefined ? { tables: shown } : { cluster, tables: shown };
}

const splitKey = (key: string): readonly string[] => {
  const slash = key.indexOf('/');
  return slash < 0 ? ['', key] : [key.slice(0, slash), key.slice(slash + 1)];
};

const ipPoolIdOf = (key: string): string => {
  const [namespace = '', name = ''] = splitKey(key);
  return ipPoolId(namespace, name);
};
