/** The units that are to run, in the order in which they run: by family, and within it those near each other together. */
import type { FactStore } from './facts/store';
import { FAMILIES, type Family } from './units';

export class StaleUnits {
  readonly #facts: FactStore;
  /** Keys by family and by what they are near. */
  readonly #keys = new Map<Family, Map<string, Set<string>>>(FAMILIES.map((family) => [family, new Map()]));

  constructor(facts: FactStore) {
    this.#facts = facts;
  }

  add(family: Family, key: string): void {
    const near = family.near?.(this.#facts, key) ?? '';
    const groups = this.#keys.get(family);
    const keys = groups?.get(near);
    if (keys === undefined) groups?.set(near, new Set([key]));
    else keys.add(key);
  }

  /** Takes the next one; null when none is left. */
  take(): readonly [family: Family, key: string] | null {
    for (const [family, groups] of this.#keys)
      for (const [near, keys] of groups) {
        for (const key of keys) {
          keys.delete(key);
          if (keys.size === 0) groups.delete(near);
          return [family, key];
        }
      }
    return null;
  }
}
