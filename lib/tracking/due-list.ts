/** Schedules keys by due time. The queue is a binary heap; a removed entry stays in it until it reaches the top. */

interface Entry<K> {
  readonly at: number;
  readonly key: K;
}

/** A priority queue of keys by due time, in epoch milliseconds. Each key has at most one due time. */
export class DueList<K extends string | number> {
  readonly #heap: Entry<K>[] = [];
  readonly #dueAt = new Map<K, number>();

  has(key: K): boolean {
    return this.#dueAt.has(key);
  }

  /** The earliest due time, epoch milliseconds; null when nothing is due. */
  get nextAt(): number | null {
    this.#dropStale();
    return this.#heap[0]?.at ?? null;
  }

  /** Schedules the key for `at`, epoch milliseconds. An earlier due time is kept. */
  schedule(key: K, at: number): void {
    const current = this.#dueAt.get(key);
    if (current !== undefined && current <= at) return;
    this.#dueAt.set(key, at);
    this.#heap.push({ at, key });
    let child = this.#heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfLater(parent, child)) break;
      child = parent;
    }
  }

  forget(key: K): void {
    this.#dueAt.delete(key);
  }

  /** Replaces the key's due time. */
  reschedule(key: K, at: number): void {
    if (this.#dueAt.get(key) === at) return;
    this.forget(key);
    this.schedule(key, at);
  }

  /** Removes and returns the keys due at `now`, earliest first; at most `limit` of them. */
  take(now: number, limit = Infinity): readonly K[] {
    const keys: K[] = [];
    for (let next = this.nextAt; next !== null && next <= now && keys.length < limit; next = this.nextAt) {
      const wish = this.#pop();
      if (wish === undefined) break;
      this.#dueAt.delete(wish.key);
      keys.push(wish.key);
    }
    return keys;
  }

  #dropStale(): void {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || this.#dueAt.get(top.key) === top.at) return;
      this.#pop();
    }
  }

  #pop(): Entry<K> | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (top === undefined || last === undefined || this.#heap.length === 0) return top;
    this.#heap[0] = last;
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      const right = left + 1;
      const earlier = (this.#heap[right]?.at ?? Infinity) < (this.#heap[left]?.at ?? Infinity) ? right : left;
      if (!this.#swapIfLater(parent, earlier)) return top;
      parent = earlier;
    }
  }

  #swapIfLater(parent: number, child: number): boolean {
    const above = this.#heap[parent];
    const below = this.#heap[child];
    if (above === undefined || below === undefined || above.at <= below.at) return false;
    this.#heap[parent] = below;
    this.#heap[child] = above;
    return true;
  }
}
