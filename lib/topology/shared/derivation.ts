/** The result of a unit of derivation. */
import type { RecordByTable, Table } from '../../model/records';
import type { Contribution } from '../facts/contributions';

/** Tables that units fill. */
export type DerivedTable = Exclude<Table, 'findings' | 'sources'>;

/** Records by table. */
export type RecordLists = { readonly [T in DerivedTable]?: readonly RecordByTable[T][] };

/** The result of a unit. */
export interface Derivation {
  readonly records: RecordLists;
  /** Null if the unit contributes to no network and no subnet. */
  readonly contribution: Contribution | null;
}

/** A result without records. */
export const NOTHING: Derivation = { records: {}, contribution: null };

/** A result that contributes to no network and no subnet. */
export const records = (lists: RecordLists): Derivation => ({ records: lists, contribution: null });
