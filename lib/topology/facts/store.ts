/**
 * All facts reported by the sources. Each fact is stored once, by reference. Every change is reported with the keys
 * under which it can be read, so that its readers (`FactReader`) run again. No other code reads or writes the store.
 *
 * Invariant: tables and indexes depend on the current facts, not on the order in which they arrived. A fact reported
 * under several scopes (two API groups) counts once, with the content of the first scope by name.
 */
import type { FactByKind, FactKind, PodFact } from '../../model/facts';
import { byCodeUnit } from '../../model/order';
import { unmeasuredSource } from '../../model/lag';
import type { SourceStatus } from '../../model/observation';
import type { SourceRecord } from '../../model/records';
import { FACTS } from '../../model/schema/facts/kinds';
import { equal } from '../../model/equal';
import { MultiMap } from '../../records/multi-map';
import { SubnetBlocks } from './blocks';
import { Contributions } from './contributions';
import { Histories } from './histories';
import { INDEXES, indexesOf, type IndexName } from './indexes';
import type { Changed, Collection } from './keys';
import { isSameShape } from './parts';
import { PodTable } from './pod-table';
import { FactTable } from './table';

/**
 * Kinds for which several scopes hold different facts under one key (a Deployment and a StatefulSet of one name, Events
 * by reason): each of them counts.
 */
const COUNTED_PER_SCOPE: ReadonlySet<FactKind> = new Set<FactKind>(['event', 'workload', 'sriovNodeState']);

/** States of a source that may have answered before. */
const ANSWERING_STATES: ReadonlySet<SourceRecord['state']> = new Set<SourceRecord['state']>(['live', 'behind']);
const ANSWERED_STATES: ReadonlySet<SourceRecord['state']> = new Set<SourceRecord['state']>([
  'live',
  'behind',
  'stale',
  'failing',
]);

type Tables = { readonly [K in FactKind]: FactTable<FactByKind[K]> } & { readonly pod: PodTable };

/** All facts and their indexes; reports each key that changes. */
export class FactStore {
  readonly #changed: Changed;
  readonly #tables = {
    ...Object.fromEntries(Object.keys(FACTS).map((kind) => [kind, new FactTable()])),
    pod: new PodTable(),
  } as unknown as Tables;
  readonly #indexes = Object.fromEntries(Object.keys(INDEXES).map((name) => [name, new MultiMap()])) as Record<
    IndexName,
    MultiMap
  >;
  readonly #lists = new Map<FactKind, readonly unknown[]>();
  readonly #sources = new Map<string, SourceRecord>();
  readonly blocks: SubnetBlocks;
  readonly histories: Histories;
  readonly contributions: Contributions;
  #vpc: string | null = null;
  #watchingSince: number | null = null;

  constructor(changed: Changed) {
    this.#changed = changed;
    this.blocks = new SubnetBlocks(changed);
    this.histories = new Histories(changed);
    this.contributions = new Contributions(changed);
  }

  get<K extends FactKind>(kind: K, key: string): FactByKind[K] | undefined {
    return this.#tableOf(kind).get(key);
  }

  /** The fact of one scope, for callers that mean only that scope: a late delete names the object of its own API group. */
  in<K extends FactKind>(kind: K, scope: string, key: string): FactByKind[K] | undefined {
    return this.#tableOf(kind).in(scope, nameOf(kind, scope, key));
  }

  /** Every fact of a kind, in the order of their keys. */
  all<K extends FactKind>(kind: K): readonly FactByKind[K][] {
    let list = this.#lists.get(kind);
    if (list === undefined) {
      list = [...this.#tableOf(kind).entries()].sort(([a], [b]) => byCodeUnit(a, b)).map(([, fact]) => fact);
      this.#lists.set(kind, list);
    }
    return list as readonly FactByKind[K][];
  }

  idsOf(index: IndexName, key: string): Iterable<string> {
    return this.#indexes[index].idsOf(key);
  }

  /** Whether any fact is filed under the key. */
  has(collection: FactKind | IndexName | 'usage', key: string): boolean {
    if (collection === 'usage') return this.contributions.has(key);
    if (isIndex(collection)) return this.#indexes[collection].has(key);
    return this.#tables[collection].has(key);
  }

  /** Whether that fact is filed under the key. */
  hasFact(index: IndexName, key: string, id: string): boolean {
    return this.#indexes[index].hasId(key, id);
  }

  isEmpty(index: IndexName): boolean {
    return this.#indexes[index].size === 0;
  }

  podIdOf(key: string): string | undefined {
    return this.#tables.pod.idOf(key);
  }

  /** Null for a pod without a node, and for an unknown pod. */
  nodeOfPod(key: string): string | null {
    return this.#tables.pod.nodeOf(key);
  }

  source(id: string): SourceRecord | undefined {
    return this.#sources.get(id);
  }

  /** Whether the source answers without lag, and with all that it has. */
  isLive(source: string): boolean {
    return this.#sources.get(source)?.state === 'live' && this.answers(source);
  }

  /** Whether the source answers, possibly late, and with all that it has. */
  answers(source: string): boolean {
    const record = this.#sources.get(source);
    return record !== undefined && !record.partial && ANSWERING_STATES.has(record.state);
  }

  /** Whether it answers with a part of what it has. */
  isPartial(source: string): boolean {
    return this.#sources.get(source)?.partial === true;
  }

  isKnown(source: string): boolean {
    const record = this.#sources.get(source);
    return record !== undefined && record.asOf !== null && !record.partial && ANSWERED_STATES.has(record.state);
  }

  /** Whether the source has not answered yet, but still may. */
  isAwaited(source: string): boolean {
    const record = this.#sources.get(source);
    return record !== undefined && record.asOf === null && ['starting', 'failing'].includes(record.state);
  }

  /** The time as of which the source answers, epoch milliseconds; null while it does not. */
  answeredAt(source: string): number | null {
    const asOf = this.answers(source) ? this.#sources.get(source)?.asOf : null;
    return asOf == null ? null : Date.parse(asOf);
  }

  /** The cluster's VPC; null while not known. */
  get vpc(): string | null {
    return this.#vpc;
  }

  set vpc(vpc: string | null) {
    if (vpc === this.#vpc) return;
    this.#vpc = vpc;
    this.#changed('vpc', '');
  }

  /** The time of the latest full list of pods, epoch milliseconds. Pods that came and went before it were not seen. */
  get watchingSince(): number | null {
    return this.#watchingSince;
  }

  set watchingSince(at: number | null) {
    if (at === this.#watchingSince) return;
    this.#watchingSince = at;
    this.#changed('watchingSince', '');
  }

  /** The source's record, without ages and lags; null if nothing in it changed. */
  setSource(status: SourceStatus): SourceRecord | null {
    const { id } = status;
    const source = unmeasuredSource(status);
    if (equal(this.#sources.get(id), source)) return null;
    const [wasLive, wasAnswering] = [this.isLive(id), this.answers(id)];
    const [wasKnown, wasAwaited] = [this.isKnown(id), this.isAwaited(id)];
    this.#sources.set(id, source);
    if (wasLive !== this.isLive(id)) this.#changed('live', id);
    if (wasAnswering !== this.answers(id)) this.#changed('answers', id);
    if (wasKnown !== this.isKnown(id)) this.#changed('known', id);
    if (wasAwaited !== this.isAwaited(id)) this.#changed('awaited', id);
    return source;
  }

  /** Removes the facts of a scope that are not listed. */
  keepOnly(kind: FactKind, scope: string, listed: ReadonlySet<string>, at: number): void {
    const names = COUNTED_PER_SCOPE.has(kind) ? new Set([...listed].map((key) => nameOf(kind, scope, key))) : listed;
    for (const name of this.#tables[kind].keysIn(scope)) {
      if (!names.has(name)) this.#replace(kind, scope, name, undefined, at);
    }
  }

  /** Replaces the fact under a scope and key; undefined removes it. `at`: when the source learned it, epoch milliseconds. */
  put<K extends FactKind>(kind: K, scope: string, key: string, fact: FactByKind[K] | undefined, at: number): void {
    this.#replace(kind, scope, nameOf(kind, scope, key), fact, at);
  }

  #replace<K extends FactKind>(
    kind: K,
    scope: string,
    name: string,
    fact: FactByKind[K] | undefined,
    at: number,
  ): void {
    const table = this.#tableOf(kind);
    const own = table.in(scope, name);
    if (equal(own, fact)) return;
    const isShadowed = table.isShadowed(scope, name);
    const before = own === undefined || isShadowed ? table.get(name) : own;
    const key = kind === 'pod' ? this.#tables.pod.keyOf(scope, name, (fact ?? own) as PodFact) : name;
    if (fact === undefined) table.delete(scope, key);
    else table.set(scope, key, fact);
    if (isShadowed) return;
    const after = fact ?? table.get(key);
    if (before !== own || after !== fact) if (equal(before, after)) return;
    this.#note(kind, key, before, after, at);
    const isShape =
      kind !== 'eni' || before === undefined || after === undefined || !isSameShape(before as never, after as never);
    this.#index(kind, key, before, after, isShape);
    this.#lists.delete(kind);
    this.#changed(kind, key);
    if (kind === 'eni' && isShape) this.#changed('eniShape', key);
    this.#changed('all', kind);
  }

  #note<K extends FactKind>(
    kind: K,
    key: string,
    before: FactByKind[K] | undefined,
    after: FactByKind[K] | undefined,
    at: number,
  ): void {
    if (kind === 'pod') this.histories.pod(key, before as never, after as never, at);
    else if (kind === 'node') this.histories.node(key, before as never, after as never, at);
    else if (kind === 'awsNodeMetrics') this.histories.metrics(key, before as never, after as never);
    else if (kind === 'resourceSlice') this.histories.slice(before as never, after as never);
    else if (kind === 'eni') this.blocks.replace(before as never, after as never);
  }

  /**
   * Reports each index key under which the fact was or is filed: whoever reads the key has read the fact. With
   * `isShape` false, only keys that were added or removed are reported, because the part that is read through the index
   * has not changed.
   */
  #index(kind: FactKind, key: string, before: unknown, after: unknown, isShape: boolean): void {
    for (const [name, keysOf] of indexesOf(kind)) {
      const index = this.#indexes[name];
      const wasEmpty = this.isEmpty(name);
      if (before === undefined) {
        for (const under of keysOf(after as never, key)) {
          index.append(under, key);
          this.#changed(name, under);
        }
        if (wasEmpty !== this.isEmpty(name)) this.#changed('some', name);
        continue;
      }
      const former = keysUnder(keysOf(before as never, key));
      const now = after === undefined ? NO_KEYS : keysUnder(keysOf(after as never, key));
      for (const under of now) {
        const isNew = !former.has(under);
        if (isNew) index.add(under, key);
        if (isNew || isShape) this.#changed(name, under);
      }
      for (const under of former) {
        if (now.has(under)) continue;
        index.remove(under, key);
        this.#changed(name, under);
      }
      if (wasEmpty !== this.isEmpty(name)) this.#changed('some', name);
    }
  }

  #tableOf<K extends FactKind>(kind: K): FactTable<FactByKind[K]> {
    return this.#tables[kind] as FactTable<FactByKind[K]>;
  }
}

/** Most facts have no key in most indexes. */
const NO_KEYS: ReadonlySet<string> = new Set();

function keysUnder(keys: Iterable<string>): ReadonlySet<string> {
  if (keys instanceof Set) return keys as ReadonlySet<string>;
  return Array.isArray(keys) && keys.length === 0 ? NO_KEYS : new Set(keys);
}

const nameOf = (kind: FactKind, scope: string, key: string): string =>
  COUNTED_PER_SCOPE.has(kind) ? `${scope} ${key}` : key;

const isIndex = (collection: Collection): collection is IndexName => Object.hasOwn(INDEXES, collection);
