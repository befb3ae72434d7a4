/** Which records each unit had after its latest run, so that those it no longer has can go. */
import { TABLES, type RecordByTable, type RecordMaps } from '../model/records';
import type { Pending } from './pending';
import type { DerivedTable, RecordLists } from './shared/derivation';

type Ids = readonly (readonly [table: DerivedTable, ids: readonly string[]])[];

const DERIVED = TABLES.filter((table): table is DerivedTable => table !== 'findings' && table !== 'sources');

export class UnitRecords {
  readonly #records: RecordMaps;
  readonly #ids = new Map<string, Ids>();

  /** `records`: as they stand, of which the ids are shared. */
  constructor(records: RecordMaps) {
    this.#records = records;
  }

  replace(unit: string, lists: RecordLists, pending: Pending): void {
    for (const [table, ids] of this.#ids.get(unit) ?? []) for (const id of ids) pending.had(table, id);
    const ids = DERIVED.flatMap((table) => this.#put(table, lists[table] ?? [], pending));
    if (ids.length === 0) this.#ids.delete(unit);
    else this.#ids.set(unit, ids);
  }

  #put<T extends DerivedTable>(table: T, list: readonly RecordByTable[T][], pending: Pending): Ids {
    if (list.length === 0) return [];
    for (const record of list) pending.put(table, record);
    return [[table, list.map(({ id }) => this.#records[table].get(id)?.id ?? id)]];
  }
}
