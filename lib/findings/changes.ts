/** Collects the changes of a replica, as keys that checks may have read. */
import type { InterfaceRecord, PodRecord, RecordByTable, Table } from '../model/records';
import type { Replica } from '../records/replica';
import { indexKeysOf } from '../records/indexes';
import { holderKey, POD_SIGNALS, SPACES, wholeOf, type PodSignals } from './relations';
import { COLLECTIONS, type Collection } from './rule/reader';
import { isSteadyChange } from './rule/steady';

/** If more records than this change, every rule is evaluated, whether or not it is affected. */
const MAX_LISTED = 5_000;

type AnyRecord = RecordByTable[Table];

/** The changes of a delta, as keys that checks may have read. */
export class Changes {
  /** By table: ids of records that changed, were added or removed, and whether more than their counts changed. */
  readonly records = new Map<Table, Map<string, boolean>>();
  /** Collections with a changed, added or removed member, by the record that they belong to. */
  readonly collections = new Map<Collection | PodSignals, Set<string>>();
  /** Other changed keys, by space. */
  readonly keys = new Map<string, Set<string>>();
  /** By changed pod: the nodes that it was on before and after. */
  readonly #nodesOfPods = new Map<string, Set<string>>();
  #size = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  get areMany(): boolean {
    return this.#size > MAX_LISTED;
  }

  clear(): void {
    this.records.clear();
    this.collections.clear();
    this.keys.clear();
    this.#nodesOfPods.clear();
    this.#size = 0;
  }

  /** Notes a record that was added (`before` undefined), changed, or removed (`after` undefined). */
  note(table: Table, id: string, before: AnyRecord | undefined, after: AnyRecord | undefined): void {
    this.#size++;
    if (this.areMany) return;
    const steady = before === undefined || after === undefined || isSteadyChange(table, before, after);
    const ids = this.records.get(table) ?? new Map<string, boolean>();
    this.records.set(table, ids.set(id, steady || ids.get(id) === true));
    this.#key(wholeOf(table), id);
    if (steady) {
      this.#key(table, id);
      this.#key(SPACES.every, table);
    }
    for (const record of [before, after]) {
      if (record === undefined) continue;
      this.#memberships(table, record);
      if (table === 'pods') this.#podOn(id, (record as PodRecord).node);
    }
  }

  #memberships(table: Table, record: AnyRecord): void {
    indexKeysOf(table, record, (index, of) => {
      if (index in COLLECTIONS && COLLECTIONS[index as Collection] === table) this.#collection(index as Collection, of);
    });
    if (table !== 'interfaces') return;
    const { node, ips } = record as InterfaceRecord;
    if (node !== null) for (const ip of ips) this.#key(SPACES.holders, holderKey(node, ip));
  }

  #collection(collection: Collection | PodSignals, of: string): void {
    const set = this.collections.get(collection);
    if (set === undefined) this.collections.set(collection, new Set([of]));
    else set.add(of);
    this.#key(collection, of);
  }

  #key(space: string, key: string): void {
    const keys = this.keys.get(space);
    if (keys === undefined) this.keys.set(space, new Set([key]));
    else keys.add(key);
  }

  #podOn(pod: string, node: string | null): void {
    if (node === null) return;
    const nodes = this.#nodesOfPods.get(pod);
    if (nodes === undefined) this.#nodesOfPods.set(pod, new Set([node]));
    else nodes.add(node);
  }

  /**
   * Call once all changes are applied: notes the nodes whose pod signals changed, because a signal changed or because a pod
   * with signals was added, moved or removed.
   */
  settle({ records, indexes }: Pick<Replica, 'records' | 'indexes'>): void {
    const subjects = this.collections.get('signalsBySubject') ?? new Set();
    for (const [pod, nodes] of this.#nodesOfPods)
      if (subjects.has(pod) || indexes.signalsBySubject.has(pod))
        for (const node of nodes) this.#collection(POD_SIGNALS, node);
    for (const subject of subjects) {
      const node = records.pods.get(subject)?.node ?? null;
      if (node !== null) this.#collection(POD_SIGNALS, node);
    }
  }
}
