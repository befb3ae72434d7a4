/**
 * Receives commits for a store from a sender that may stop responding or start over: the collecting thread, or another
 * ifscope.
 *
 * - While the sender is lost, its sources are not shown as live: they are `stale` (or `failing` if they had sent
 * nothing yet), with the reason. The records stay.
 * - While the sender is silent, possibly only busy, all its sources lag by that time.
 * - A sender that starts over sends everything again. Only the difference is applied, so viewers keep their picture and
 * their position in the stream.
 */
import type { TableDelta } from '../../model/delta';
import { UNMEASURED, unmeasuredSource, type Ages, type Lags, type SourceLag } from '../../model/lag';
import type { SourceStatus } from '../../model/observation';
import { TABLES, type RecordByTable, type RecordMaps, type SourceRecord, type Table } from '../../model/records';
import { applyTable } from '../../records/apply';
import { TableChanges } from '../../records/diff';
import { NO_CLUSTER } from '../../records/replica';
import { shareReferences } from '../../records/share-references';
import { partsOf } from './parts';
import type { Committed, Serving } from './roles';

type Rows = { readonly [T in Table]?: TableDelta<T> };

type CommitTarget = Pick<Serving, 'commit' | 'ages' | 'lags'>;

/** Passes on one sender's commits, ages and lags, corrected by the sender's own state. */
export class CommitReceiver implements CommitTarget {
  readonly #serving: CommitTarget;
  /** The records being served. */
  readonly #records: RecordMaps;
  /** The sources as sent; the shown states may be worse. */
  readonly #sent = new Map<string, SourceRecord>();
  /** Why the sender is lost; null while it is not. */
  #lost: string | null = null;
  #lags: Lags = {};
  #late: { readonly seconds: number; readonly cause: string } | null = null;
  /** The source record of the sender itself. */
  #senderRecord: SourceRecord | null = null;
  /** Ids received since the sender started over; null otherwise. */
  #resent: Map<Table, Set<string>> | null = null;
  #isClusterResent = false;

  constructor(serving: CommitTarget, records: RecordMaps) {
    this.#serving = serving;
    this.#records = records;
  }

  ages(ages: Ages): void {
    this.#serving.ages(ages);
  }

  lags(lags: Lags): void {
    this.#lags = lags;
    this.#sendLags();
  }

  /** The sender has been silent for this many seconds. */
  setLate(seconds: number, cause: string): void {
    const before = this.#late;
    this.#late = seconds === 0 ? null : { seconds, cause };
    if (before?.seconds !== this.#late?.seconds) this.#sendLags();
  }

  commit({ tables, cluster }: Committed): void {
    shareReferences(tables, this.#records);
    const { sources, ...rest } = this.#resent === null ? tables : this.#differences(tables, this.#resent);
    if (cluster !== undefined) this.#isClusterResent = true;
    const shown = sources === undefined ? {} : { sources: this.#shownAfter(sources) };
    const changed = { ...rest, ...shown };
    if (Object.keys(changed).length > 0 || cluster !== undefined)
      this.#serving.commit({ tables: changed, ...(cluster === undefined ? {} : { cluster }) });
  }

  /** The sender starts to send everything again. */
  beginResend(): void {
    this.#isClusterResent = false;
    this.#resent = new Map(TABLES.map((table) => [table, new Set()]));
  }

  /** Everything has been sent again: drops the records that were not, in short steps. */
  *endResend(): Generator<undefined, void> {
    const anew = this.#resent;
    this.#resent = null;
    if (anew === null) return;
    const drops: Partial<Record<Table, TableDelta<Table>>> = {};
    for (const table of TABLES) {
      const before = table === 'sources' ? this.#sent : this.#records[table];
      const drop = [...before.keys()].filter((id) => anew.get(table)?.has(id) !== true);
      if (drop.length > 0) drops[table] = { put: [], patch: [], drop };
    }
    const gone = { tables: drops as Committed['tables'], ...(this.#isClusterResent ? {} : { cluster: NO_CLUSTER }) };
    for (const part of partsOf(gone)) {
      this.commit(part);
      yield;
    }
  }

  /** Sets why the sender is lost; null: it is back. */
  setLost(reason: string | null): void {
    if (reason === this.#lost) return;
    this.#lost = reason;
    this.#show(this.#sent.keys());
  }

  /** Sets the source record of the sender itself; null: none. */
  setSenderStatus(status: SourceStatus | null): void {
    const before = this.#senderRecord;
    const own = status === null ? null : unmeasuredSource(status);
    this.#senderRecord = own;
    if (before !== null && before.id !== own?.id) this.#show([before.id]);
    if (own !== null) this.#show([own.id]);
  }

  #sendLags(): void {
    if (this.#late === null) {
      this.#serving.lags(this.#lags);
      return;
    }
    const { seconds, cause } = this.#late;
    const lags: Record<string, SourceLag> = {};
    for (const id of [...this.#sent.keys(), ...(this.#senderRecord === null ? [] : [this.#senderRecord.id])]) {
      const told = this.#lags[id] ?? UNMEASURED;
      lags[id] = { ...told, lagSeconds: (told.lagSeconds ?? 0) + seconds, cause };
    }
    this.#serving.lags(lags);
  }

  #show(ids: Iterable<string>): void {
    const sources = this.#shown(ids);
    if (sources.put.length + sources.drop.length > 0) this.#serving.commit({ tables: { sources } });
  }

  #shownAfter(sources: TableDelta<'sources'>): TableDelta<'sources'> {
    const touched = new Set<string>();
    applyTable('sources', this.#sent, sources, (id) => touched.add(id));
    return this.#shown(touched);
  }

  #shown(ids: Iterable<string>): TableDelta<'sources'> {
    const put: SourceRecord[] = [];
    const drop: string[] = [];
    for (const id of ids) {
      const told = this.#sent.get(id);
      if (this.#senderRecord?.id === id) put.push(this.#senderRecord);
      else if (told !== undefined) put.push(this.#lost === null ? told : unconfirmed(told, this.#lost));
      else drop.push(id);
    }
    return { put, patch: [], drop };
  }

  /** The changes compared with the served records. */
  #differences(tables: Rows, resent: ReadonlyMap<Table, Set<string>>): Rows {
    const changed: Partial<Record<Table, unknown>> = {};
    const take = <T extends Table>(table: T, rows: TableDelta<T> | undefined): void => {
      const before = this.#records[table] as ReadonlyMap<string, RecordByTable[T]>;
      const changes = new TableChanges(table);
      for (const record of rows?.put ?? []) {
        resent.get(table)?.add(record.id);
        changes.add(record.id, before.get(record.id), record);
      }
      if (changes.delta !== null) changed[table] = changes.delta;
    };
    for (const table of TABLES)
      if (table !== 'sources') take(table, tables[table] as TableDelta<typeof table> | undefined);
    for (const { id } of tables.sources?.put ?? []) resent.get('sources')?.add(id);
    return { ...(changed as Rows), ...(tables.sources === undefined ? {} : { sources: tables.sources }) };
  }
}

/** The record of a source whose sender is lost. */
function unconfirmed(source: SourceRecord, reason: string): SourceRecord {
  switch (source.state) {
    case 'live':
    case 'behind':
      return { ...source, state: 'stale', reason };
    case 'starting':
      return { ...source, state: 'failing', reason };
    default:
      return source;
  }
}
