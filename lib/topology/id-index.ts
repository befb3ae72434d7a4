/**
 * Ids by a key. Most keys have one id, so one id is kept as it is and only several as a set: an index over 150,000 pods must not
 * be 150,000 sets. Empty sets are never kept.
 */
export interface ReadonlyIdIndex {
  /** The ids of a key, or undefined when there are none. A set to read now, not one to keep. */
  get(key: string): ReadonlySet<string> | undefined;
  has(key: string): boolean;
  keys(): IterableIterator<string>;
  readonly size: number;
}

export class IdIndex implements ReadonlyIdIndex {
  readonly #ids = new Map<string, string | Set<string>>();

  get size(): number {
    return this.#ids.size;
  }

  keys(): IterableIterator<string> {
    return this.#ids.keys();
  }

  has(key: string): boolean {
    return this.#ids.has(key);
  }

  get(key: string): ReadonlySet<string> | undefined {
    const ids = this.#ids.get(key);
    return typeof ids === 'string' ? new Set([ids]) : ids;
  }

  add(key: string, id: string): void {
    const ids = this.#ids.get(key);
    if (ids === undefined || ids === id) this.#ids.set(key, id);
    else if (typeof ids === 'string') this.#ids.set(key, new Set([ids, id]));
    else ids.add(id);
  }

  remove(key: string, id: string): void {
    const ids = this.#ids.get(key);
    if (ids === undefined) return;
    if (typeof ids === 'string') {
      if (ids === id) this.#ids.delete(key);
      return;
    }
    ids.delete(id);
    const [only] = ids;
    if (ids.size === 1 && only !== undefined) this.#ids.set(key, only);
  }

  clear(): void {
    this.#ids.clear();
  }
}
