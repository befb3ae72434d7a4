/**
 * The records that units came to: those of the change in progress over those that stand. Which each unit had after its latest
 * run is kept, so that those it no longer has can go.
 */
import { TABLES, type InterfaceRecord, type PodRecord, type RecordByTable, type RecordMaps } from '../model/records';
import type { NextState } from '../records/apply';
import { reuse } from '../records/reuse';
import type { DerivedPod } from './facts/reader';
import { Pending } from './pending';
import type { DerivedTable, RecordLists } from './shared/derivation';

const DERIVED = TABLES.filter((table): table is DerivedTable => table !== 'findings' && table !== 'sources');

type AnyRecord = RecordByTable[DerivedTable];

/** One flat list for each unit: the place of a table in `DERIVED`, and the records in it. They are the replica's own objects. */
type Held = readonly (number | AnyRecord)[];

const NOTHING: Held = [];
const PLACES = Object.fromEntries(DERIVED.map((table, place) => [table, place])) as Record<DerivedTable, number>;
const { pods: PODS, interfaces: INTERFACES } = PLACES;

/** The records of each unit, to find what a new derivation changes. */
export class UnitRecords {
  readonly #records: RecordMaps;
  readonly #held = new Map<string, Map<string, Held>>();
  #pending = new Pending();

  /** `records`: as they stand. */
  constructor(records: RecordMaps) {
    this.#records = records;
  }

  /** The change in progress. */
  get pending(): Pending {
    return this.#pending;
  }

  /** Records as the change in progress leaves them. */
  readonly nextState: NextState = (table, id) => this.#pending.get(table, id);

  /** Begins a new change. */
  begin(): void {
    this.#pending = new Pending();
  }

  /** Puts a unit's records in the place of its former ones; whether any differs. */
  replace(family: string, key: string, lists: RecordLists): boolean {
    const units = this.#held.get(family) ?? new Map<string, Held>();
    this.#held.set(family, units);
    const before = units.get(key) ?? NOTHING;
    const held: (number | AnyRecord)[] = [];
    for (const table in lists) this.#put(table as DerivedTable, lists[table as DerivedTable], before, held);
    if (held.length === before.length && held.every((one, at) => one === before[at])) return false;
    this.#had(before);
    if (held.length === 0) units.delete(key);
    else units.set(key, held.slice());
    return true;
  }

  /** A pod as its unit derived it; null where there is no record of it. */
  pod(key: string): DerivedPod | null {
    let pod: PodRecord | undefined;
    const interfaces: InterfaceRecord[] = [];
    let table = -1;
    for (const one of this.#held.get('pods')?.get(key) ?? NOTHING) {
      if (typeof one === 'number') table = one;
      else if (table === PODS) pod = one as PodRecord;
      else if (table === INTERFACES) interfaces.push(one as InterfaceRecord);
    }
    return pod === undefined ? null : { pod, interfaces };
  }

  #had(held: Held): void {
    let table = DERIVED[0];
    for (const one of held) {
      if (typeof one === 'number') table = DERIVED[one];
      else if (table !== undefined) this.#pending.had(table, one.id);
    }
  }

  /** Most runs of a unit come to the same records in the same order: `before` has at the place of each its former state. */
  #put<T extends DerivedTable>(
    table: T,
    list: readonly RecordByTable[T][] | undefined,
    before: Held,
    held: (number | AnyRecord)[],
  ): void {
    if (list === undefined || list.length === 0) return;
    held.push(PLACES[table]);
    const records: ReadonlyMap<string, RecordByTable[T]> = this.#records[table];
    for (const record of list) {
      const former = before[held.length];
      const current =
        typeof former === 'object' && former.id === record.id
          ? (former as RecordByTable[T])
          : (this.#pending.get(table, record.id) ?? records.get(record.id));
      const next = current === undefined ? record : reuse<T>(current, record);
      this.#pending.put(table, next);
      held.push(next);
    }
  }
}
