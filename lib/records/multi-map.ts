/**
 * A map from a key to the ids that have it. Most keys of the large indexes have one or two ids (an interface's pod, an
 * address's owners), so a single id is stored bare, a few as an array, and only more as a Set: a Set for each key would
 * cost more memory than the record.
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

/** Up to this many ids (a node's pods, for example), an array takes a third of a Set's memory and is searched as fast. */
const MAX_IN_ARRAY = 64;

/** The index itself, with `add` and `remove`. Both are idempotent. */
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

  /** Whether the id is one of the key's. */
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

  /** Adds an id that the key does not have, unless it was given to the key just before. To look for it among many costs more than all else. */
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
