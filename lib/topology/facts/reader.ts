/**
 * The only way for the derivation to read facts: every access is noted, so that a unit runs again when something it
 * depends on changes. Reading an absent fact is noted as well, and so is reading the clock.
 *
 * Lists are ordered by key: no result may depend on the order in which facts arrived.
 */
import type { FactByKind, FactKind, SubnetReservationFact } from '../../model/facts';
import type { InterfaceRecord, PodRecord } from '../../model/records';
import type { Query } from '../../tracking/queries';
import { waitFor, type Trace } from '../../tracking/tracker';
import { byCodeUnit } from '../../model/order';
import { ENIS, INSTANCES } from '../../model/source-ids';
import type { FreeBlocks } from './blocks';
import type { Usage } from './contributions';
import type { Rise } from './counters';
import type { EndedPod, NamedMac } from './histories';
import { INDEXES, type IndexedKind, type IndexName } from './indexes';
import { spaceOf, type Collection } from './keys';
import type { EniShape } from './parts';
import type { FactStore } from './store';

export type { FreeBlocks };

/** The part of a fact that is read through an index. */
type Indexed<K extends FactKind> = K extends 'eni' ? EniShape : FactByKind[K];

/** A query over facts whose answer several units share. */
export type FactQuery<T> = Query<FactReader, T>;

/** The records that a pod's own unit derived. */
export interface DerivedPod {
  readonly pod: PodRecord;
  /** In the pod's order. */
  readonly interfaces: readonly InterfaceRecord[];
}

/** The dependencies of a reader besides the facts. */
export interface ReaderContext {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly ask: <T>(query: FactQuery<T>, key: string, trace: Trace) => T;
  /** By the pod's key; null if its unit derived no record. */
  readonly derivedPod: (key: string) => DerivedPod | null;
}

/** A fact filed under a key of `along` also reads what is filed under the same key of `reads`, and runs again when that changes. */
export interface Relation {
  readonly reads: IndexName;
  readonly along: IndexName;
}

/** The subject of a unit: the unit runs again whenever it changes, without noting the read. */
export interface UnitSubject {
  readonly of: readonly Collection[];
  readonly key: string;
  /** Reads whose edges the store's own indexes already hold. */
  readonly relations: readonly Relation[];
}

/** A unit's only access to facts. It notes every key that is read. */
export class FactReader {
  readonly #store: FactStore;
  readonly #trace: Trace;
  readonly #context: ReaderContext;
  readonly #subject: UnitSubject | null;

  /** `subject`: null for a query. */
  constructor(store: FactStore, trace: Trace, context: ReaderContext, subject: UnitSubject | null) {
    this.#store = store;
    this.#trace = trace;
    this.#context = context;
    this.#subject = subject;
  }

  #note(collection: Collection, key: string): void {
    const own = this.#subject;
    if (own !== null) {
      if (own.key === key && own.of.includes(collection)) return;
      for (const { reads, along } of own.relations)
        if (reads === collection && this.#store.hasFact(along, key, own.key)) return;
    }
    this.#trace.keys.push(spaceOf(collection), key);
  }

  get<K extends FactKind>(kind: K, key: string): FactByKind[K] | undefined {
    this.#note(kind, key);
    return this.#store.get(kind, key);
  }

  /** Same as `get`, except that a change of addresses alone does not run the unit again. */
  eniShape(id: string): EniShape | undefined {
    this.#note('eniShape', id);
    return this.#store.get('eni', id);
  }

  /** Every fact of a kind. For queries, whose readers need not run for each change. */
  all<K extends Exclude<FactKind, 'pod'>>(kind: K): readonly FactByKind[K][] {
    this.#note('all', kind);
    return this.#store.all(kind);
  }

  idsOf(index: IndexName, key: string): readonly string[] {
    this.#note(index, key);
    const ids = [...this.#store.idsOf(index, key)];
    return ids.length < 2 ? ids : ids.sort(byCodeUnit);
  }

  /** The facts filed under a key of an index; a change of any of them is a change of the key. */
  factsOf<N extends IndexName>(index: N, key: string): readonly Indexed<IndexedKind<N>>[] {
    const kind: IndexedKind<N> = INDEXES[index].kind;
    const facts: Indexed<IndexedKind<N>>[] = [];
    for (const id of this.idsOf(index, key)) {
      const fact = this.#store.get(kind, id);
      if (fact !== undefined) facts.push(fact as Indexed<IndexedKind<N>>);
    }
    return facts;
  }

  has(index: IndexName, key: string): boolean {
    this.#note(index, key);
    return this.#store.has(index, key);
  }

  /** Whether an index has no fact at all. */
  isEmpty(index: IndexName): boolean {
    this.#note('some', index);
    return this.#store.isEmpty(index);
  }

  /** The record id of an existing pod: one string object shared by all its records. */
  podIdOf(key: string): string {
    this.#note('pod', key);
    return this.#store.podIdOf(key) ?? '';
  }

  /** The records of a node's pods, ordered by namespace and name. */
  podsOn(node: string): readonly DerivedPod[] {
    this.#note('podsByNode', node);
    this.#note('recordsOfPods', node);
    const pods: DerivedPod[] = [];
    for (const key of this.#store.idsOf('podsByNode', node)) {
      const derived = this.#context.derivedPod(key);
      if (derived !== null) pods.push(derived);
    }
    return pods.sort((a, b) => byName(a.pod, b.pod));
  }

  /** The answer of a query. The unit runs again only if the answer changes. */
  ask<T>(query: FactQuery<T>, key = ''): T {
    return this.#context.ask(query, key, this.#trace);
  }

  /**
   * Whether the source answers without lag, so that what it does not list does not exist. Not for what every node
   * reads; see `answers`.
   */
  isLive(source: string): boolean {
    this.#note('live', source);
    return this.#store.isLive(source);
  }

  /**
   * Whether the source answers, possibly late. For what is read as of a given moment, or is settled once the source
   * lists it: a source that is briefly `behind`, as under load, must not run all of its readers again.
   */
  answers(source: string): boolean {
    this.#note('answers', source);
    return this.#store.answers(source);
  }

  /** Whether the source has listed everything at least once, so that what it listed may still be shown. */
  isKnown(source: string): boolean {
    this.#note('known', source);
    return this.#store.isKnown(source);
  }

  /**
   * Whether all ENIs of instances are known: where EC2 listed only some ENIs, the instances' own lists have completed
   * them, but for branch ENIs and those that are not attached.
   */
  areNodeEnisKnown(): boolean {
    return this.isKnown(ENIS) || (this.#store.isPartial(ENIS) && this.isKnown(INSTANCES));
  }

  /** Whether the source answers with a part of what it has. */
  isPartial(source: string): boolean {
    this.#note('answers', source);
    return this.#store.isPartial(source);
  }

  /** Whether the source has not answered yet, so that nothing can be concluded. */
  isAwaited(source: string): boolean {
    this.#note('awaited', source);
    return this.#store.isAwaited(source);
  }

  /** Whether the source answers as of `at` or later, epoch milliseconds. */
  hasAnsweredSince(source: string, at: number): boolean {
    if (!this.answers(source)) return false;
    const answered = this.#store.answeredAt(source);
    if (answered !== null && answered >= at) return true;
    waitFor(this.#trace, source, at);
    return false;
  }

  /** Whether a moment, epoch milliseconds, has passed. */
  isPast(at: number): boolean {
    if (at <= this.#context.now()) return true;
    this.#trace.rerunAt = Math.min(at, this.#trace.rerunAt ?? Infinity);
    return false;
  }

  /** The cluster's VPC; null while not known. */
  get vpc(): string | null {
    this.#note('vpc', '');
    return this.#store.vpc;
  }

  /** The time of the latest full list of pods, epoch milliseconds; null before the first. */
  get watchingSince(): number | null {
    this.#note('watchingSince', '');
    return this.#store.watchingSince;
  }

  /** When each address was released by a pod of the node, epoch milliseconds, by address. */
  releasesOn(node: string): ReadonlyMap<string, number> {
    this.#note('releases', node);
    return this.#store.histories.releasesOn(node, this.#context.now());
  }

  endedMultiNicOn(node: string): readonly EndedPod[] {
    this.#note('endedMultiNic', node);
    return this.#store.histories.endedMultiNicOn(node, this.#context.now());
  }

  risesOn(node: string): readonly Rise[] {
    this.#note('rises', node);
    return this.#store.histories.risesOn(node);
  }

  /**
   * The MAC that the node's slices listed for a device before a pod received it; null when none was seen. `device`:
   * `DRIVER/POOL/NAME`.
   */
  macOfDevice(node: string, device: string): NamedMac | null {
    this.#note('macsOfDevices', node);
    return this.#store.histories.macOfDevice(node, device);
  }

  /** When a pod's addresses were first seen, epoch milliseconds; null once EC2 has been read after that. */
  podSeenAt(key: string): number | null {
    this.#note('pod', key);
    return this.#store.histories.podSeenAt(key);
  }

  /** As `podSeenAt`, for a node's instance and addresses. */
  nodeSeenAt(name: string): number | null {
    this.#note('node', name);
    return this.#store.histories.nodeSeenAt(name);
  }

  /** See `SubnetBlocks.free`. */
  freeBlocks(
    subnet: string,
    cidr: string,
    reservations: readonly Pick<SubnetReservationFact, 'cidr' | 'type'>[],
  ): FreeBlocks | null {
    this.#note('blocks', subnet);
    return this.#store.blocks.free(subnet, cidr, reservations);
  }

  usageOf(network: string): Usage {
    this.#note('usage', network);
    return this.#store.contributions.usageOf(network);
  }

  /** Whether ipamd runs on any node. */
  get hasVpcCni(): boolean {
    this.#note('usage', '');
    return this.#store.contributions.hasVpcCni;
  }

  /** Number of addresses of a subnet that ENIs of this cluster hold. */
  heldIn(subnet: string): number {
    this.#note('held', subnet);
    return this.#store.contributions.heldIn(subnet);
  }
}

/** Kubernetes' order of objects: by namespace, then by name. */
export const byName = (
  a: { readonly namespace: string; readonly name: string },
  b: { readonly namespace: string; readonly name: string },
): number => byCodeUnit(a.namespace, b.namespace) || byCodeUnit(a.name, b.name);
