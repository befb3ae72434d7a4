/**
 * One kind of API object with its history, like an API server's watch cache. Values are immutable, so a page of a list, a
 * watch event and the truth can keep an old one; they are rendered to JSON only on request. The history is a growing ring,
 * like the API server's (`watch_cache.go`): under fast changes it holds the last 75 s, up to 102,400 changes, so that a
 * client whose list takes a minute can still watch from there.
 */
const FRESH_MS = 75_000;
const MAX_CHANGES = 102_400;
/** Changes that the ring keeps, however old they are. */
const RING_LIMIT = 10_000;

/** An object of a collection. */
export interface Entry<T> {
  /** `namespace/name`, or the bare name; lists are sorted by it. */
  readonly key: string;
  /** resourceVersion of the last change. */
  readonly rv: number;
  readonly value: T;
}

/** A change of a collection, as a watch reports it. */
export interface Change<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly rv: number;
  readonly entry: Entry<T>;
  /** The entry before the change; null if added. */
  readonly previous: Entry<T> | null;
}

/** The cluster-wide revision, like etcd's. */
export class Revisions {
  current = 1000;

  next(): number {
    this.current += 1;
    return this.current;
  }
}

/** The objects of one kind with their recent history, as in etcd and the watch cache. */
export class Collection<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private readonly listeners = new Set<(change: Change<T>) => void>();
  private ring: Change<T>[] = [];
  /** When each change of the ring was made, epoch milliseconds. */
  private times: number[] = [];
  private order: readonly Entry<T>[] = [];
  /** Keys of entries that have changed since `order` was made. */
  private readonly reordered = new Set<string>();
  /** Revision of the last change that was dropped from the ring; a watch cannot resume from before it. */
  private forgotten: number;

  constructor(
    private readonly revisions: Revisions,
    private readonly keyOf: (value: T) => string,
    private readonly now: () => number,
  ) {
    this.forgotten = revisions.current;
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string): T | undefined {
    return this.entries.get(key)?.value;
  }

  entry(key: string): Entry<T> | undefined {
    return this.entries.get(key);
  }

  put(value: T): Entry<T> {
    const key = this.keyOf(value);
    const previous = this.entries.get(key) ?? null;
    const entry = { key, rv: this.revisions.next(), value };
    this.entries.set(key, entry);
    this.reordered.add(key);
    this.record({ type: previous === null ? 'ADDED' : 'MODIFIED', rv: entry.rv, entry, previous });
    return entry;
  }

  delete(key: string): T | undefined {
    const previous = this.entries.get(key);
    if (previous === undefined) return undefined;
    this.entries.delete(key);
    this.reordered.add(key);
    const rv = this.revisions.next();
    this.record({ type: 'DELETED', rv, entry: { ...previous, rv }, previous });
    return previous.value;
  }

  values(): T[] {
    return [...this.entries.values()].map((entry) => entry.value);
  }

  /** All entries in key order, as the server lists them. The array is never modified afterwards. */
  sorted(): readonly Entry<T>[] {
    if (this.reordered.size > 0) this.order = this.merged();
    this.reordered.clear();
    return this.order;
  }

  /** Changes after that revision; null if the ring no longer goes back that far. */
  since(rv: number): readonly Change<T>[] | null {
    if (rv < this.forgotten) return null;
    let low = 0;
    let high = this.ring.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ring[middle]?.rv ?? Infinity) <= rv) low = middle + 1;
      else high = middle;
    }
    return this.ring.slice(low);
  }

  /** Drops the history, as a restart does: resuming from an older revision fails. */
  compact(): void {
    this.forgotten = this.revisions.current;
    this.ring = [];
    this.times = [];
  }

  /** Takes a snapshot of the current entries; the returned function restores them without an event, as a restore of etcd does. */
  backUp(): () => void {
    const kept = new Map(this.entries);
    return () => {
      this.entries.clear();
      for (const [key, entry] of kept) this.entries.set(key, entry);
      this.order = [];
      for (const key of kept.keys()) this.reordered.add(key);
      this.compact();
    };
  }

  listen(listener: (change: Change<T>) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The order with the changed entries merged in: sorting 165,000 keys anew takes a quarter of a second. */
  private merged(): readonly Entry<T>[] {
    const parts: (readonly Entry<T>[])[] = [];
    let from = 0;
    for (const key of [...this.reordered].sort()) {
      const at = this.indexFrom(from, key);
      const entry = this.entries.get(key);
      parts.push(this.order.slice(from, at), entry === undefined ? [] : [entry]);
      from = this.order[at]?.key === key ? at + 1 : at;
    }
    return [...parts, this.order.slice(from)].flat();
  }

  /** The index of the first entry with this key or a later one, from `start` on. */
  private indexFrom(start: number, key: string): number {
    let low = start;
    let high = this.order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.order[middle]?.key ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private record(change: Change<T>): void {
    this.ring.push(change);
    this.times.push(this.now());
    if (this.ring.length > RING_LIMIT * 1.25) this.forget();
    for (const listener of this.listeners) listener(change);
  }

  /** Drops what exceeds the limit, unless it is recent. */
  private forget(): void {
    const freshFrom = this.now() - FRESH_MS;
    const excess = this.ring.length - RING_LIMIT;
    const fresh = this.times.findIndex((time) => time >= freshFrom);
    const count = Math.max(Math.min(excess, fresh < 0 ? excess : fresh), this.ring.length - MAX_CHANGES);
    // In bulk, because each drop moves the remaining entries.
    if (count < RING_LIMIT / 4) return;
    this.forgotten = this.ring[count - 1]?.rv ?? this.forgotten;
    this.ring.splice(0, count);
    this.times.splice(0, count);
  }
}
