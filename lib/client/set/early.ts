/**
 * Changes of records whose chunk has not arrived. The chunk has the keyframe's version, so later changes are kept until
 * it arrives. They are kept in one place, because an id does not reveal its chunk.
 */
import type { Delta, RecordPatch } from '../../model/delta';
import type { Table } from '../../model/records';
import { squash } from '../../records/squash';
import type { Hash } from './id-table';

interface EarlyChange {
  readonly table: Table;
  readonly id: string;
  /** Null for a record that was removed or replaced by a newer one. */
  readonly patch: RecordPatch<Table> | null;
}

const keyOf = ([high, low]: Hash): number => high * 2 ** 21 + (low & 0x1fffff);

/** The waiting changes, by hash of record id. */
export class EarlyChanges {
  readonly #changes = new Map<number, EarlyChange>();

  get size(): number {
    return this.#changes.size;
  }

  /** Removes and returns the change of a record that has now arrived; null without one. */
  take(hash: Hash): EarlyChange | null {
    const change = this.#changes.get(keyOf(hash)) ?? null;
    if (change !== null) this.#changes.delete(keyOf(hash));
    return change;
  }

  patch(hash: Hash, table: Table, patch: RecordPatch<Table>): void {
    const before = this.#changes.get(keyOf(hash));
    if (before?.patch === null) return;
    const deltaOf = (change: RecordPatch<Table>): Delta => ({
      ...{ epoch: '', from: 0, to: 0, at: 0 },
      tables: { [table]: { put: [], patch: [change], drop: [] } },
    });
    const both = before === undefined ? deltaOf(patch) : squash(deltaOf(before.patch), deltaOf(patch));
    const merged = both.tables[table]?.patch[0];
    this.#changes.set(keyOf(hash), { table, id: patch.id, patch: merged ?? patch });
  }

  /** The record was removed or replaced by a newer one; later patches do not apply to it. */
  end(hash: Hash, table: Table, id: string): void {
    this.#changes.set(keyOf(hash), { table, id, patch: null });
  }

  clear(): void {
    this.#changes.clear();
  }
}
