/**
 * The order in which stale units run: by family, and the pods of a node together just before the node, because they
 * read the same answers.
 */
import { FAMILIES, type Family } from './units';

type Unit = readonly [family: Family, key: string];

const [NODES] = FAMILIES.filter(({ name }) => name === 'nodes');

/** Queues stale units so that each runs after the units that it reads. */
export class StaleUnits {
  readonly #nodeOfPod: (key: string) => string | null;
  /** Keys by family; for pods, grouped by node. */
  readonly #keys = new Map<Family, Map<string, Set<string>>>(FAMILIES.map((family) => [family, new Map()]));
  /** The node whose pods have all run. */
  #node: string | null = null;

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

  /** Removes and returns the next unit; null if none is left. */
  take(): Unit | null {
    const node = this.#takeNode();
    if (node !== null) return node;
    for (const [family, groups] of this.#keys)
      for (const [node, keys] of groups) {
        for (const key of keys) {
          keys.delete(key);
          if (keys.size === 0) groups.delete(node);
          if (keys.size === 0 && family.isOfPods === true) this.#node = node;
          return [family, key];
        }
      }
    return null;
  }

  /** The node whose last pod was taken, if it is stale as well. */
  #takeNode(): Unit | null {
    const node = this.#node;
    this.#node = null;
    if (node === null || NODES === undefined) return null;
    const groups = this.#keys.get(NODES);
    const keys = groups?.get('');
    if (keys?.delete(node) !== true) return null;
    if (keys.size === 0) groups?.delete('');
    return [NODES, node];
  }
}
