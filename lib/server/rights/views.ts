/**
 * One view per set of rights in use, created on demand, limited in number, dropped when unused. All follow the full
 * set.
 */
import type { Ages, Lags } from '../../model/lag';
import type { RecordByTable, Table } from '../../model/records';
import { keptFor } from '../../model/remembered';
import type { Clock } from '../store/clock';
import type { Store } from '../store/store';
import { MultiSet } from './multi-set';
import { namespaceOfRecord, type ViewerRights } from './visible-set';
import { RightsView, type Changes } from './view';

/** At 5,000 nodes, a view takes tens of megabytes. */
const MAX_VIEWS = 16;
const IDLE_MS = 5 * 60_000;

export interface ViewsOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Creates an epoch that no view has had before. */
  readonly newEpoch: () => string;
  readonly most?: number;
}

interface CachedView {
  readonly view: RightsView;
  readonly visible: ViewerRights;
  usedAt: number;
}

const keyOf = ({ namespaces, trouble }: ViewerRights): string => JSON.stringify([trouble, ...[...namespaces].sort()]);

/** The views in use. */
export class Views {
  readonly #options: ViewsOptions;
  readonly #most: number;
  /** The namespaces of the whole set, counted by records. */
  readonly #namespaces = new MultiSet();
  readonly #cached = new Map<string, CachedView>();
  readonly #changes = new Map<Table, Set<string>>();
  readonly #listeners = new Set<() => void>();
  readonly #stopListening: () => void;
  #members: ReadonlySet<string> = new Set();
  /**
   * Namespaces present since the last sweep, so that a namespace that empties and fills again does not force a rebuild.
   */
  readonly #names = new Set<string>();
  #areNew = false;
  #version: number;
  #cancelSweep: (() => void) | null = null;

  constructor(options: ViewsOptions) {
    const { store, most = MAX_VIEWS } = options;
    this.#options = options;
    this.#most = most;
    this.#version = store.version;
    this.#count();
    store.replica.onChange((table, id, before, after) => this.#changed(table, id, before, after));
    this.#stopListening = store.onCommit(() => this.#committed());
  }

  /** The namespaces of the full set's records, now or in the last few minutes. */
  get namespaces(): ReadonlySet<string> {
    return this.#names;
  }

  get size(): number {
    return this.#cached.size;
  }

  /** Calls `listener` when the set of namespaces changes, until the returned function is called. */
  onNamespaces(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The view for these rights; null when too many others are in use. */
  viewFor(visible: ViewerRights): RightsView | null {
    const { clock, store, newEpoch } = this.#options;
    const key = keyOf(visible);
    const known = this.#cached.get(key);
    if (known !== undefined) {
      known.usedAt = clock.now();
      return known.view;
    }
    if (this.#cached.size === 0) this.#forget();
    if (this.#cached.size >= this.#most && !this.#dropOldest()) return null;
    const view = new RightsView(store.replica, visible, { epoch: newEpoch(), clock, now: () => store.now() });
    view.store.setAges(store.ages);
    view.store.setLags(store.lags);
    this.#cached.set(key, { view, visible, usedAt: clock.now() });
    this.#armSweep();
    return view;
  }

  setAges(ages: Ages): void {
    for (const { view } of this.#cached.values()) view.store.setAges(ages);
  }

  setLags(lags: Lags): void {
    for (const { view } of this.#cached.values()) view.store.setLags(lags);
  }

  close(): void {
    this.#stopListening();
    this.#cancelSweep?.();
    for (const { view } of this.#cached.values()) view.close();
    this.#cached.clear();
  }

  #changed<T extends Table>(
    table: T,
    id: string,
    before: RecordByTable[T] | undefined,
    after: RecordByTable[T] | undefined,
  ): void {
    const namespace = namespaceOfRecord(table, id);
    if (namespace !== null && before === undefined && this.#namespaces.add(namespace, 1)) this.#areNew = true;
    if (namespace !== null && after === undefined && this.#namespaces.add(namespace, -1)) this.#areNew = true;
    if (this.#cached.size === 0) return;
    keptFor(this.#changes, table, () => new Set<string>()).add(id);
  }

  #committed(): void {
    const { store } = this.#options;
    // No delta leads from the previous version to this one, so everything has changed.
    const isReset = store.distanceFrom(this.#version) === null;
    this.#version = store.version;
    if (isReset) this.#count();
    else if (this.#areNew) this.#take();
    const changes: Changes = new Map(this.#changes);
    this.#changes.clear();
    for (const { view, visible } of this.#cached.values()) {
      if (isReset) view.reset();
      else view.follow(changes, this.#areNew ? this.#hiddenFrom(visible) : null);
    }
    const tell = isReset || this.#areNew;
    this.#areNew = false;
    if (tell) for (const listener of [...this.#listeners]) listener();
  }

  #hiddenFrom({ namespaces }: ViewerRights): ReadonlySet<string> {
    return new Set([...this.#members].filter((name) => !namespaces.has(name)));
  }

  #count(): void {
    this.#namespaces.clear();
    const { records } = this.#options.store.replica;
    for (const table of ['pods', 'networks', 'ipPools'] as const)
      for (const id of records[table].keys()) {
        const namespace = namespaceOfRecord(table, id);
        if (namespace !== null) this.#namespaces.add(namespace, 1);
      }
    this.#take();
  }

  #take(): void {
    this.#members = this.#namespaces.members();
    for (const name of this.#members) this.#names.add(name);
  }

  #forget(): void {
    for (const name of this.#names) if (!this.#members.has(name)) this.#names.delete(name);
  }

  /** Drops the oldest unused view; returns false when all have viewers. */
  #dropOldest(): boolean {
    const idle = [...this.#cached].filter(([, { view }]) => view.hub.viewers === 0);
    const [oldest] = idle.sort(([, a], [, b]) => a.usedAt - b.usedAt);
    if (oldest === undefined) return false;
    this.#drop(oldest[0]);
    return true;
  }

  #drop(key: string): void {
    this.#cached.get(key)?.view.close();
    this.#cached.delete(key);
  }

  #armSweep(): void {
    const { clock } = this.#options;
    this.#cancelSweep ??= clock.after(IDLE_MS, () => {
      this.#cancelSweep = null;
      for (const [key, { view, usedAt }] of this.#cached)
        if (view.hub.viewers === 0 && clock.now() - usedAt >= IDLE_MS) this.#drop(key);
      this.#forget();
      if (this.#cached.size > 0) this.#armSweep();
    });
  }
}
