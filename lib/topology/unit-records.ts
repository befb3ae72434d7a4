/**
 * The records of the units: those of the change in progress, over the current ones. The records of each unit's latest
 * run are kept, so that those that it no longer derives can be removed.
 */
import { TABLES, type InterfaceRecord, type PodRecord, type RecordByTable, type RecordMaps } from '../model/records';
import type { NextState } from '../records/apply';
import { reuse } from '../records/reuse';
import type { DerivedPod } from './facts/reader';
import { Pending } from './pending';
import type { DerivedTable, RecordLists } from './shared/derivation';

const DERIVED = TABLES.filter((table): table is DerivedTable => table !== 'findings' && table !== 'sources');

type AnyRecord = RecordByTable[DerivedTable];

/**
 * One flat list per unit: for each record, the position of its table in `DERIVED`, then the record. The records are the
 * replica's own objects.
 */
type Held = readonly (number | AnyRecord)[];

const NOTHING: Held = [];
const PLACES = Object.fromEntries(DERIVED.map((table, place) => [table, place])) as Record<DerivedTable, number>;
const { pods: PODS, interfaces: INTERFACES } = PLACES;

/** The records of each unit; used to find what a new derivation changes. */
export class UnitRecords {
  readonly #records: RecordMaps;
  readonly #held = new Map<string, Map<string, Held>>();
  #pending = new Pending();

  /** `records`: the current records. */
  constructor(records: RecordMaps) {
    this.#records = records;
  }

  /** The change in progress. */
  get pending(): Pending {
    return this.#pending;
  }

  /** Records as they are after the change in progress. */
  readonly nextState: NextState = (table, id) => this.#pending.get(table, id);

  /** Begins a new change. */
  begin(): void {
    this.#pending = new Pending();
  }

  /** Whether the unit's latest run derived any record. */
  has(family: string, key: string): boolean {
    return this.#held.get(family)?.has(key) === true;
  }

  /** Replaces a unit's records; returns whether any of them changed. */
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

  /** A pod as its unit derived it; null if it has no record. */
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

  /** Most runs derive the same records in the same order: `before` then holds each record's previous state at the same position. */
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
