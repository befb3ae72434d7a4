/**
 * The observations of a row: a row (of the kinds table, of the EC2 calls) binds a fact kind to its normaliser. TypeScript
 * cannot follow that bond through a list of rows, so the casts that state it stand here and nowhere else.
 */
import type { FactByKind, FactKind } from '../../model/facts';
import type { Observation } from '../../model/observation';

/** What is kept of one object. */
export interface Entry {
  readonly key: string;
  readonly fact: FactByKind[FactKind];
}

export interface ObservedRow {
  /** Scope of its observations. */
  readonly id: string;
  readonly factKind: FactKind;
}

export const upsertOf = (row: ObservedRow, { key, fact }: Entry): Observation =>
  ({ op: 'upsert', kind: row.factKind, scope: row.id, key, fact }) as Observation;

export const removeOf = (row: ObservedRow, key: string, uid: string | null): Observation => ({
  op: 'remove',
  kind: row.factKind,
  scope: row.id,
  key,
  uid,
});

export const replaceAllOf = (row: ObservedRow, entries: readonly Entry[]): Observation =>
  ({
    op: 'replaceAll',
    kind: row.factKind,
    scope: row.id,
    facts: entries.map(({ key, fact }) => [key, fact] as const),
  }) as Observation;
