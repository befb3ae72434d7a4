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
  #edges = 0;

  /** How many (unit, key) pairs are kept. */
  get edges(): number {
    return this.#edges;
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
    for (const key of before) if (!keys.has(key)) this.#readersOf.remove(key, unit);
    for (const key of keys) if (!known.has(key)) this.#readersOf.add(key, unit);
    this.#edges += keys.size - before.length;
    if (keys.size === 0) this.#keysOf.delete(unit);
    else this.#keysOf.set(unit, [...keys]);
  }

  /** The unit is no more. */
  forget(unit: string): void {
    this.replace(unit, new Set());
  }
}
