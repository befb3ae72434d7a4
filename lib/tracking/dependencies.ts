/**
 * Which unit of derivation read which key, both ways.
 *
 * A unit is whatever is derived again as a whole; a key is whatever may change. Both are strings that their owners name. The edges of
 * a unit are replaced after each run, so that a unit is woken by what its latest run read and by nothing else.
 */
import { MultiMap } from '../records/multi-map';

const NONE: readonly string[] = [];

export class Dependencies {
  readonly #keysOf = new Map<string, readonly string[]>();
  readonly #readersOf = new MultiMap();
  /** One string for each key that is read: whoever reads it brings a copy, and 300,000 copies are 20 MB. */
  readonly #names = new Map<string, string>();
  #edges = 0;

  /** How many (unit, key) pairs are kept. */
  get edges(): number {
    return this.#edges;
  }

  /** The keys that each unit's latest run read. */
  entries(): Iterable<readonly [unit: string, keys: readonly string[]]> {
    return this.#keysOf;
  }

  /** The units whose latest run read the key. A copy: units may run while it is walked. */
  readersOf(key: string): readonly string[] {
    return this.#readersOf.has(key) ? [...this.#readersOf.idsOf(key)] : NONE;
  }

  isRead(key: string): boolean {
    return this.#readersOf.has(key);
  }

  /** Notes what the latest run of a unit read, in place of what it read before. An empty set forgets the unit. */
  replace(unit: string, keys: ReadonlySet<string>): void {
    const before = this.#keysOf.get(unit) ?? NONE;
    if (before.length === keys.size && before.every((key) => keys.has(key))) return;
    const known = new Set(before);
    for (const key of before) {
      if (keys.has(key)) continue;
      this.#readersOf.remove(key, unit);
      if (!this.#readersOf.has(key)) this.#names.delete(key);
    }
    for (const key of keys) if (!known.has(key)) this.#readersOf.add(this.#nameOf(key), unit);
    this.#edges += keys.size - before.length;
    if (keys.size === 0) this.#keysOf.delete(unit);
    else
      this.#keysOf.set(
        unit,
        Array.from(keys, (key) => this.#nameOf(key)),
      );
  }

  #nameOf(key: string): string {
    const name = this.#names.get(key);
    if (name !== undefined) return name;
    this.#names.set(key, key);
    return key;
  }

  /** The unit is no more. */
  forget(unit: string): void {
    this.replace(unit, new Set());
  }
}
