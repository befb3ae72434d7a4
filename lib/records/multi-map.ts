/**
 * A map from a key to the ids filed under it. Most keys of the large indexes have one or two ids (the pod of an
 * interface, the owners of an address), so a single id is stored bare, a few ids as an array, and only larger sets as a
 * Set: one Set per key would take more memory than the record.
 */

/** The read-only view, like a `ReadonlyMap` of sets. A returned set may not follow later changes. */
export interface Index {
  get(key: string): ReadonlySet<string> | undefined;
  /** The ids without copying; empty if the key is absent. Valid until the next change. */
  idsOf(key: string): Iterable<string>;
  has(key: string): boolean;
  keys(): IterableIterator<string>;
  readonly size: number;
}

/** Up to this many ids (the pods of a node, for example), an array takes a third of a Set's memory and is searched as fast. */
const MAX_IN_ARRAY = 64;

/** The index with `add` and `remove`, both idempotent. */
export class MultiMap implements Index {
  readonly #ids = new Map<string, string | string[] | Set<string>>();

  get size(): number {
    return this.#ids.size;
  }

  get(key: string): ReadonlySet<string> | undefined {
    const held = this.#ids.get(key);
    if (held === undefined || held instanceof Set) return held;
    return new Set(typeof held === 'string' ? [held] : held);
  }

  idsOf(key: string): Iterable<string> {
    const held = this.#ids.get(key);
    if (held === undefined) return [];
    return typeof held === 'string' ? [held] : held;
  }

  has(key: string): boolean {
    return this.#ids.has(key);
  }

  /** Whether the id is filed under the key. */
  hasId(key: string, id: string): boolean {
    const held = this.#ids.get(key);
    if (held === undefined || typeof held === 'string') return held === id;
    return held instanceof Set ? held.has(id) : held.includes(id);
  }

  keys(): IterableIterator<string> {
    return this.#ids.keys();
  }

  add(key: string, id: string): void {
    const held = this.#ids.get(key);
    if (held === undefined) this.#ids.set(key, id);
    else if (held instanceof Set) held.add(id);
    else if (typeof held === 'string') {
      if (held !== id) this.#ids.set(key, [held, id]);
    } else if (!held.includes(id)) {
      if (held.length < MAX_IN_ARRAY) held.push(id);
      else this.#ids.set(key, new Set(held).add(id));
    }
  }

  /**
   * Adds an id that is not filed under the key yet, except possibly as its last one. Searching a long list for it would
   * dominate the cost of building an index.
   */
  append(key: string, id: string): void {
    const held = this.#ids.get(key);
    if (!Array.isArray(held)) this.add(key, id);
    else if (held.at(-1) !== id) {
      if (held.length < MAX_IN_ARRAY) held.push(id);
      else this.#ids.set(key, new Set(held).add(id));
    }
  }

  remove(key: string, id: string): void {
    const held = this.#ids.get(key);
    if (held === undefined) return;
    if (typeof held === 'string') {
      if (held === id) this.#ids.delete(key);
    } else if (held instanceof Set) {
      held.delete(id);
      if (held.size === 0) this.#ids.delete(key);
    } else {
      const at = held.indexOf(id);
      if (at < 0) return;
      if (held.length === 1) this.#ids.delete(key);
      else held.splice(at, 1);
    }
  }

  clear(): void {
    this.#ids.clear();
  }
}
