/** Maintains counts for the whole picture as records arrive and change, without reading them. */
import type { PodRecord } from '../../model/records';
import { keptFor } from '../../model/remembered';
import type { ChunkEntries } from './chunk-entries';

/** Counts by two keys. */
class Counts<A, B> {
  readonly #of = new Map<A, Map<B, number>>();

  add(a: A, b: B, count: number): void {
    const inner = this.#of.get(a) ?? new Map<B, number>();
    this.#of.set(a, inner);
    const sum = (inner.get(b) ?? 0) + count;
    if (sum === 0) inner.delete(b);
    else inner.set(b, sum);
  }

  under(a: A): ReadonlyMap<B, number> {
    return this.#of.get(a) ?? new Map<B, number>();
  }
}

/** Values by id and node id; each id is under at most one node. */
class Placed<V> {
  readonly #at = new Map<string | null, Map<string, V>>();
  readonly #where = new Map<string, string | null>();

  set(id: string, node: string | null, value: V): void {
    this.delete(id);
    const inner = this.#at.get(node) ?? new Map<string, V>();
    inner.set(id, value);
    this.#at.set(node, inner);
    this.#where.set(id, node);
  }

  delete(id: string): void {
    const node = this.#where.get(id);
    if (node === undefined) return;
    this.#where.delete(id);
    const inner = this.#at.get(node);
    inner?.delete(id);
    if (inner?.size === 0) this.#at.delete(node);
  }

  under(node: string | null): ReadonlyMap<string, V> {
    return this.#at.get(node) ?? new Map<string, V>();
  }

  get(id: string): V | undefined {
    const node = this.#where.get(id);
    return node === undefined ? undefined : this.#at.get(node)?.get(id);
  }

  *values(): Iterable<V> {
    for (const inner of this.#at.values()) yield* inner.values();
  }
}

/** The counts of one record set. */
export class Tallies {
  /** Numbers of networks, in order of first occurrence. */
  readonly #networks = new Map<string, number>();
  readonly #networkIds: string[] = [];
  /** Number of interfaces by the numbers of network and node. */
  readonly interfaces = new Counts<number, number>();
  readonly #namespaces = new Map<string, number>();
  /**
   * Pods that may be waiting for an address. Their records are held, because the picture needs them after every change.
   */
  readonly unaddressed = new Placed<PodRecord>();
  /** Interfaces on no ENI, with the host NIC of each. */
  readonly loose = new Placed<string | null>();

  networkNumber(id: string): number {
    return keptFor(this.#networks, id, () => this.#networkIds.push(id) - 1);
  }

  /** The number of a network; undefined for a network without interfaces so far. */
  knownNetwork(id: string): number | undefined {
    return this.#networks.get(id);
  }

  /** Number of pods by namespace. */
  get namespaces(): ReadonlyMap<string, number> {
    return this.#namespaces;
  }

  countPods(namespace: string, count: number): void {
    const sum = (this.#namespaces.get(namespace) ?? 0) + count;
    if (sum === 0) this.#namespaces.delete(namespace);
    else this.#namespaces.set(namespace, sum);
  }

  interfacesIn(network: string): number {
    const number = this.#networks.get(network);
    if (number === undefined) return 0;
    let sum = 0;
    for (const count of this.interfaces.under(number).values()) sum += count;
    return sum;
  }

  /** The numbers of the networks in the entries, by position. */
  numbersOf({ networks }: ChunkEntries): readonly number[] {
    return networks.map((id) => this.networkNumber(id));
  }
}
