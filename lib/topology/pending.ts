/** The records that the units of one change derived, next to their previous ones. */
import type { Delta, TableDelta } from '../model/delta';
import { TABLES, type RecordByTable, type RecordMaps, type Table } from '../model/records';
import { TableChanges } from '../records/diff';

/** Maximum number of records compared per step. */
const RECORDS_PER_STEP = 500;

type NextMaps = { readonly [T in Table]: Map<string, RecordByTable[T]> };

/**
 * A record may move from one unit to another in the same change (an ENI that is attached elsewhere): it is removed only
 * if no unit derives it.
 */
export class Pending {
  readonly #next = Object.fromEntries(TABLES.map((table) => [table, new Map()])) as unknown as NextMaps;
  readonly #former = Object.fromEntries(TABLES.map((table) => [table, new Set<string>()])) as Record<
    Table,
    Set<string>
  >;

  get<T extends Table>(table: T, id: string): RecordByTable[T] | undefined {
    const next: ReadonlyMap<string, RecordByTable[T]> = this.#next[table];
    return next.size === 0 ? undefined : next.get(id);
  }

  /** Adds a record that a unit derived. */
  put<T extends Exclude<Table, 'findings'>>(table: T, record: RecordByTable[T]): void {
    const next: Map<string, RecordByTable[T]> = this.#next[table];
    next.set(record.id, record);
  }

  /** Notes a record that a unit derived before. */
  had(table: Exclude<Table, 'findings' | 'sources'>, id: string): void {
    this.#former[table].add(id);
  }

  /** The difference from the current records; null if there is none. */
  diff(records: RecordMaps): Delta['tables'] | null {
    const steps = this.diffSteps(records);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  /** Same as `diff`, in steps; the records must not change in between. */
  *diffSteps(records: RecordMaps): Generator<undefined, Delta['tables'] | null> {
    const tables: Partial<Record<Table, unknown>> = {};
    let any = false;
    for (const table of TABLES) {
      const delta = yield* this.#diffTable(table, records);
      if (delta === null) continue;
      tables[table] = delta;
      any = true;
    }
    return any ? (tables as Delta['tables']) : null;
  }

  *#diffTable<T extends Table>(
    table: T,
    records: { readonly [U in T]: ReadonlyMap<string, RecordByTable[U]> },
  ): Generator<undefined, TableDelta<T> | null> {
    const next: ReadonlyMap<string, RecordByTable[T]> = this.#next[table];
    const former = this.#former[table];
    if (next.size === 0 && former.size === 0) return null;
    const before: ReadonlyMap<string, RecordByTable[T]> = records[table];
    const changes = new TableChanges(table);
    let compared = 0;
    for (const [id, record] of next) {
      changes.add(id, before.get(id), record);
      if (++compared % RECORDS_PER_STEP === 0) yield;
    }
    for (const id of former) if (!next.has(id)) changes.add(id, before.get(id), undefined);
    return changes.delta;
  }
}
