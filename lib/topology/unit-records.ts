/**
 * The records that units came to: those of the change in progress over those that stand. Which each unit had after its latest
 * run is kept, so that those it no longer has can go.
 */
import { TABLES, type InterfaceRecord, type PodRecord, type RecordByTable, type RecordMaps } from '../model/records';
import { equal } from '../records/equal';
import type { DerivedPod } from './facts/reader';
import { Pending } from './pending';
import type { DerivedTable, RecordLists } from './shared/derivation';

const DERIVED = TABLES.filter((table): table is DerivedTable => table !== 'findings' && table !== 'sources');

/** One flat list for each unit: the place of a table in `DERIVED`, and the ids of the records in it. */
type Ids = readonly (number | string)[];

const NO_IDS: Ids = [];
const PLACES = Object.fromEntries(DERIVED.map((table, place) => [table, place])) as Record<DerivedTable, number>;
const { pods: PODS, interfaces: INTERFACES } = PLACES;

export class UnitRecords {
  readonly #records: RecordMaps;
  readonly #ids = new Map<string, Map<string, Ids>>();
  #pending = new Pending();

  /** `records`: as they stand, of which the ids are shared. */
  constructor(records: RecordMaps) {
    this.#records = records;
  }

  /** The change in progress. */
  get pending(): Pending {
    return this.#pending;
  }

  /** Begins a new change. */
  begin(): void {
    this.#pending = new Pending();
  }

  /** Puts a unit's records in the place of its former ones; whether any differs. */
  replace(family: string, key: string, lists: RecordLists): boolean {
    const units = this.#ids.get(family) ?? new Map<string, Ids>();
    this.#ids.set(family, units);
    const before = units.get(key);
    if (before !== undefined) this.#had(before);
    const ids: (number | string)[] = [];
    let differs = false;
    for (const table in lists)
      if (this.#put(table as DerivedTable, lists[table as DerivedTable], ids, before === undefined)) differs = true;
    if (ids.length === 0) units.delete(key);
    else if (before === undefined || !equal(before, ids)) units.set(key, ids.slice());
    return differs || (before?.length ?? 0) !== ids.length;
  }

  /** A pod as its unit derived it; null where there is no record of it. */
  pod(key: string): DerivedPod | null {
    let pod: PodRecord | undefined;
    const interfaces: InterfaceRecord[] = [];
    let table = -1;
    for (const one of this.#ids.get('pods')?.get(key) ?? NO_IDS) {
      if (typeof one === 'number') table = one;
      else if (table === PODS) pod = this.#current('pods', one);
      else if (table === INTERFACES) {
        const record = this.#current('interfaces', one);
        if (record !== undefined) interfaces.push(record);
      }
    }
    return pod === undefined ? null : { pod, interfaces };
  }

  #current<T extends DerivedTable>(table: T, id: string): RecordByTable[T] | undefined {
    const records: ReadonlyMap<string, RecordByTable[T]> = this.#records[table];
    return this.#pending.get(table, id) ?? records.get(id);
  }

  #had(ids: Ids): void {
    let table = DERIVED[0];
    for (const one of ids) {
      if (typeof one === 'number') table = DERIVED[one];
      else if (table !== undefined) this.#pending.had(table, one);
    }
  }

  #put<T extends DerivedTable>(
    table: T,
    list: readonly RecordByTable[T][] | undefined,
    ids: (number | string)[],
    isNew: boolean,
  ): boolean {
    if (list === undefined || list.length === 0) return false;
    let differs = isNew;
    ids.push(PLACES[table]);
    for (const record of list) {
      if (isNew) {
        this.#pending.put(table, record);
        ids.push(record.id);
        continue;
      }
      const current = this.#current(table, record.id);
      // What is the same stays the same object, which is compared in no time.
      const isSame = equal(current, record);
      this.#pending.put(table, isSame && current !== undefined ? current : record);
      ids.push(current?.id ?? record.id);
      if (!isSame) differs = true;
    }
    return differs;
  }
}
