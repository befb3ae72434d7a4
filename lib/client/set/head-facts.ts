/**
 * The head's facts about nodes whose chunk has not arrived: the few records that are drawn, and counts of the others.
 */
import type { HostNicRecord, PodRecord } from '../../model/records';
import type { NodeSums } from '../../snapshot/keyframe/summary';

class ByNode<R extends { readonly id: string; readonly node: string | null }> {
  readonly #records = new Map<string, R>();
  readonly #ids = new Map<string | null, Set<string>>();

  constructor(records: Iterable<R>) {
    for (const record of records) this.set(record);
  }

  get(id: string): R | undefined {
    return this.#records.get(id);
  }

  set(record: R): void {
    this.delete(record.id);
    this.#records.set(record.id, record);
    const ids = this.#ids.get(record.node) ?? new Set<string>();
    this.#ids.set(record.node, ids.add(record.id));
  }

  delete(id: string): void {
    const before = this.#records.get(id);
    if (before === undefined) return;
    this.#records.delete(id);
    const ids = this.#ids.get(before.node);
    ids?.delete(id);
    if (ids?.size === 0) this.#ids.delete(before.node);
  }

  on(node: string | null): readonly R[] {
    return [...(this.#ids.get(node) ?? [])].flatMap((id) => this.#records.get(id) ?? []);
  }

  values(): Iterable<R> {
    return this.#records.values();
  }
}

/** The facts of one head; they shrink as chunks arrive. */
export class HeadFacts {
  /** Pods that wait on their node or whose node no longer exists, until their chunk arrives. */
  readonly pods: ByNode<PodRecord>;
  /** Host NICs that are drawn; these are kept. */
  readonly nics: ByNode<HostNicRecord>;
  readonly #sums: ReadonlyMap<string, NodeSums>;

  constructor(pods: Iterable<PodRecord>, nics: Iterable<HostNicRecord>, sums: ReadonlyMap<string, NodeSums>) {
    this.pods = new ByNode(pods);
    this.nics = new ByNode(nics);
    this.#sums = sums;
  }

  hasVfs(nic: string | null): boolean {
    return nic !== null && (this.nics.get(nic)?.vfs?.total ?? 0) > 0;
  }

  /** Number of a node's interfaces on neither an ENI nor a virtual function. */
  looseCount(node: string): number {
    const loose = this.#sums.get(node)?.loose ?? [];
    return loose.reduce((sum, { hostNic, count }) => sum + (this.hasVfs(hostNic) ? 0 : count), 0);
  }

  sums(): Iterable<readonly [node: string, sums: NodeSums]> {
    return this.#sums;
  }
}
