/**
 * Creates observations from the facts of a row (of the kinds table or the EC2 calls). A row ties a fact kind to its
 * normaliser; TypeScript cannot infer that through a list of rows, so the casts are here and nowhere else.
 */
import type { FactByKind, FactKind } from '../../model/facts';
import type { Observation } from '../../model/observation';

/** The fact of one object, and its key in the scope. */
export interface Entry {
  readonly key: string;
  readonly fact: FactByKind[FactKind];
}

/** The part of a row that observations need. */
export interface ObservedRow {
  /** Scope of its observations. */
  readonly id: string;
  readonly factKind: FactKind;
}

/** The fact is new or changed. */
export const upsertOf = (row: ObservedRow, { key, fact }: Entry): Observation =>
  ({ op: 'upsert', kind: row.factKind, scope: row.id, key, fact }) as Observation;

/** The object was removed; `uid` as in `Remove`. */
export const removeOf = (row: ObservedRow, key: string, uid: string | null): Observation => ({
  op: 'remove',
  kind: row.factKind,
  scope: row.id,
  key,
  uid,
});

/** The end of a list whose facts were already sent: facts with other keys are removed. */
export const keepOnlyOf = ({ id, factKind }: ObservedRow, keys: ReadonlySet<string>): Observation => ({
  op: 'keepOnly',
  kind: factKind,
  scope: id,
  keys,
});

/** A complete list: facts not in it are removed. */
export const replaceAllOf = (row: ObservedRow, entries: readonly Entry[]): Observation =>
  ({
    op: 'replaceAll',
    kind: row.factKind,
    scope: row.id,
    facts: entries.map(({ key, fact }) => [key, fact] as const),
  }) as Observation;
