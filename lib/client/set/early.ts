/**
 * Changes of records whose chunk has not come: the chunk is as of the keyframe, so what happened after it is kept until
 * then. An id tells nothing of its chunk, so they wait in one place.
 */
import type { Delta, RecordPatch } from '../../model/delta';
import type { Table } from '../../model/records';
import { squash } from '../../records/squash';
import type { Hash } from './id-table';

interface EarlyChange {
  readonly table: Table;
  readonly id: string;
  /** Null for a record that has gone, or of which a newer one came whole. */
  readonly patch: RecordPatch<Table> | null;
}

const keyOf = ([high, low]: Hash): number => high * 2 ** 21 + (low & 0x1fffff);

export class EarlyChanges {
  readonly #changes = new Map<number, EarlyChange>();

  get size(): number {
    return this.#changes.size;
  }

  /** What happened to a record that now comes; null: nothing. */
  take(hash: Hash): EarlyChange | null {
    const change = this.#changes.get(keyOf(hash)) ?? null;
    if (change !== null) this.#changes.delete(keyOf(hash));
    return change;
  }

  patch(hash: Hash, table: Table, patch: RecordPatch<Table>): void {
    const before = this.#changes.get(keyOf(hash));
    if (before?.patch === null) return;
    const one = (change: RecordPatch<Table>): Delta => ({
      ...{ epoch: '', from: 0, to: 0, at: 0 },
      tables: { [table]: { put: [], patch: [change], drop: [] } },
    });
    const both = before === undefined ? one(patch) : squash(one(before.patch), one(patch));
    const merged = both.tables[table]?.patch[0];
    this.#changes.set(keyOf(hash), { table, id: patch.id, patch: merged ?? patch });
  }

  /** The record has gone, or a newer one came whole: what comes later is not about this one. */
  end(hash: Hash, table: Table, id: string): void {
    this.#changes.set(keyOf(hash), { table, id, patch: null });
  }

  clear(): void {
    this.#changes.clear();
  }
}
