/** Collects what changes in a replica, as the keys that checks may have read. */
import type { InterfaceRecord, RecordByTable, Table } from '../model/records';
import type { Replica } from '../records/replica';
import { placesOf } from '../records/indexes';
import { holderKey, POD_SIGNALS, SPACES, wholeOf, type PodSignals } from './relations';
import { COLLECTIONS, type Collection } from './rule/reader';
import { isSteadyChange } from './rule/steady';

/** A change of more records than this is judged by every rule, whether or not it concerns the rule. */
const MANY = 5_000;

type AnyRecord = RecordByTable[Table];

/** What a delta changed, in the terms in which checks read. */
export class Changes {
  /** By table the ids of records that changed, came or went, and whether in more than their counts. */
  readonly records = new Map<Table, Map<string, boolean>>();
  /** Collections that changed, by the record that has them: a member came, went or changed. */
  readonly collections = new Map<Collection | PodSignals, Set<string>>();
  /** What else changed that a check may have read, by space. */
  readonly keys = new Map<string, Set<string>>();
  #size = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  get areMany(): boolean {
    return this.#size > MANY;
  }

  clear(): void {
    this.records.clear();
    this.collections.clear();
    this.keys.clear();
    this.#size = 0;
  }

  /** A record came (`before` undefined), changed, or went (`after` undefined). */
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
    for (const record of [before, after]) if (record !== undefined) this.#memberships(table, record);
  }

  #memberships(table: Table, record: AnyRecord): void {
    placesOf(table, record, (index, of) => {
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

  /** Once all is applied: signals about pods count for the pods' nodes. A pod that left its node changed that node's pods. */
  settle({ records }: Pick<Replica, 'records'>): void {
    for (const subject of this.collections.get('signalsBySubject') ?? []) {
      const node = records.pods.get(subject)?.node ?? null;
      if (node !== null) this.#collection(POD_SIGNALS, node);
    }
  }
}
