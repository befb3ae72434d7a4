/**
 * The record set as seen with one set of rights: a store with its own stream and keyframes, so that frames are encoded
 * once for all viewers with these rights. It follows the full set commit by commit and always equals the result of
 * `visibleSet`.
 */
import { TableChanges, diffTables } from '../../records/diff';
import { MultiSet } from './multi-set';
import type { Delta } from '../../model/delta';
import type { ClusterInfo, RecordByTable, RecordMaps, Table } from '../../model/records';
import { TABLES } from '../../model/records';
import { RIGHTS } from '../../model/source-ids';
import { equal } from '../../model/equal';
import type { Clock } from '../store/clock';
import { Keyframes } from '../store/keyframes';
import { Store } from '../store/store';
import { Hub } from '../stream/hub';
import type { Visibility } from './hidden-names';
import { namespaceOfId, visibleRecord } from './visible-record';
import { isHidden, networksOf, rightsSource, visibleSet, visibilityOf, type ViewerRights } from './visible-set';

/** The full record set. */
export interface RecordSet {
  readonly records: RecordMaps;
  readonly cluster: ClusterInfo;
}

/** Ids of the records that changed, by table. */
export type Changes = ReadonlyMap<Table, ReadonlySet<string>>;

type Tables = Delta['tables'];
type MutableTables = { -readonly [T in Table]?: Tables[T] };

/** The dependencies of a view. */
export interface ViewOptions {
  readonly epoch: string;
  readonly clock: Clock;
  /** The clock of the records, epoch milliseconds. */
  readonly now: () => number;
}

/** A view for one set of rights. */
export class RightsView {
  readonly store: Store;
  readonly hub: Hub;
  readonly keyframes: Keyframes;
  readonly #whole: RecordSet;
  readonly #visible: ViewerRights;
  /** Networks of hidden namespaces, counted by the records of visible pods that use them. */
  readonly #uses = new MultiSet();
  #visibility: Visibility;
  #cluster: ClusterInfo;

  constructor(whole: RecordSet, visible: ViewerRights, { epoch, clock, now }: ViewOptions) {
    this.#whole = whole;
    this.#visible = visible;
    this.#cluster = whole.cluster;
    this.store = new Store({ epoch, clock: { ...clock, now } });
    this.hub = new Hub(this.store, clock);
    this.keyframes = new Keyframes(this.store, clock);
    this.#visibility = visibilityOf(whole.records, visible.namespaces);
    this.reset();
  }

  /** Rebuilds everything. */
  reset(): void {
    const { records, cluster } = this.#whole;
    this.#uses.clear();
    for (const table of ['pods', 'interfaces'] as const)
      for (const record of records[table].values()) this.#use(record, 1);
    this.#visibility = visibilityOf(records, this.#visible.namespaces);
    this.#cluster = cluster;
    this.store.reset(visibleSet(records, this.#visible), cluster);
  }

  /** Follows a commit. `hidden`: the hidden namespaces if they have changed, otherwise null. */
  follow(changes: Changes, hidden: ReadonlySet<string> | null): void {
    const used = this.#usedAfter(changes);
    const isNew = hidden !== null || used !== this.#visibility.used;
    if (isNew) this.#visibility = { ...this.#visibility, used, hidden: hidden ?? this.#visibility.hidden };
    const tables = isNew ? this.#difference() : this.#changed(changes);
    const { cluster } = this.#whole;
    const isOther = cluster !== this.#cluster;
    if (Object.keys(tables).length === 0 && !isOther) return;
    this.#cluster = cluster;
    this.store.commit({ tables, ...(isOther ? { cluster } : {}) });
  }

  close(): void {
    this.hub.close();
    this.keyframes.close();
  }

  #use(record: RecordByTable['pods'] | RecordByTable['interfaces'], by: 1 | -1): void {
    const { namespaces } = this.#visible;
    if (!namespaces.has(namespaceOfId(record.id) ?? '')) return;
    for (const network of networksOf(record)) if (isHidden(network, namespaces)) this.#uses.add(network, by);
  }

  /** The networks in use; the same object as before if its members are the same. */
  #usedAfter(changes: Changes): ReadonlySet<string> {
    for (const table of ['pods', 'interfaces'] as const)
      for (const id of changes.get(table) ?? []) {
        const before = this.store.replica.records[table].get(id);
        const after = this.#whole.records[table].get(id);
        if (before !== undefined) this.#use(before, -1);
        if (after !== undefined) this.#use(after, 1);
      }
    return this.#uses.isLike(this.#visibility.used) ? this.#visibility.used : this.#uses.members();
  }

  #difference(): Tables {
    return diffTables(this.store.replica.records, visibleSet(this.#whole.records, this.#visible));
  }

  #changed(changes: Changes): Tables {
    const tables: MutableTables = {};
    const add = <T extends Table>(table: T, found: TableChanges<T>): void => {
      if (found.delta !== null) (tables as Record<Table, unknown>)[table] = found.delta;
    };
    for (const table of TABLES) if (table !== 'sources') add(table, this.#changesOf(table, changes));
    const { put = [], drop = [] } = tables.pods ?? {};
    const seenPods = this.store.replica.records.pods.size + put.length - drop.length;
    const sources = this.#changesOf('sources', changes);
    const before = this.store.replica.records.sources.get(RIGHTS);
    const after = rightsSource(this.#whole.records.pods.size - seenPods, this.#visible.trouble);
    if (before === undefined || !equal(before, after)) sources.add(RIGHTS, before, after);
    add('sources', sources);
    return tables;
  }

  #changesOf<T extends Table>(table: T, changes: Changes): TableChanges<T> {
    const found = new TableChanges(table);
    const seen = this.store.replica.records[table] as ReadonlyMap<string, RecordByTable[T]>;
    const all = this.#whole.records[table] as ReadonlyMap<string, RecordByTable[T]>;
    for (const id of changes.get(table) ?? []) {
      const record = all.get(id);
      const after = record === undefined ? null : visibleRecord(table, record, this.#visibility);
      found.add(id, seen.get(id), after ?? undefined);
    }
    return found;
  }
}
