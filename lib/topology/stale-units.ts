/** The units that are to run, in the order in which they run: by family, and the pods of one node together. */
import { FAMILIES, type Family } from './units';

export class StaleUnits {
  readonly #nodeOfPod: (key: string) => string | null;
  /** Keys by family and, of pods, by node. */
  readonly #keys = new Map<Family, Map<string, Set<string>>>(FAMILIES.map((family) => [family, new Map()]));

  constructor(nodeOfPod: (key: string) => string | null) {
    this.#nodeOfPod = nodeOfPod;
  }

  add(family: Family, key: string): void {
    const node = family.isOfPods === true ? (this.#nodeOfPod(key) ?? '') : '';
    const groups = this.#keys.get(family);
    const keys = groups?.get(node);
    if (keys === undefined) groups?.set(node, new Set([key]));
    else keys.add(key);
  }

  /** Takes the next one; null when none is left. */
  take(): readonly [family: Family, key: string] | null {
    for (const [family, groups] of this.#keys)
      for (const [node, keys] of groups) {
        for (const key of keys) {
          keys.delete(key);
          if (keys.size === 0) groups.delete(node);
          return [family, key];
        }
      }
    return null;
  }
}
