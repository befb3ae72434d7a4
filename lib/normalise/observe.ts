/**
 * Observations from rows. Here, once, the compiler is told that a row's fact kind and its facts belong together: a union of
 * rows loses that link, although each row keeps it.
 */
import type { FactByKind, FactKind } from '../model/facts';
import type { Observation } from '../model/observation';
import type { Keyed } from './keyed';

interface Row<K extends FactKind> {
  /** The scope of the row's observations. */
  readonly id: string;
  readonly factKind: K;
}

export const observeAll = <K extends FactKind>(
  row: Row<K>,
  facts: readonly (readonly [key: string, fact: FactByKind[K]])[],
): Observation => ({ op: 'replaceAll', kind: row.factKind, scope: row.id, facts }) as Observation;

export const observeUpsert = <K extends FactKind>(row: Row<K>, { key, fact }: Keyed<K>): Observation =>
  ({ op: 'upsert', kind: row.factKind, scope: row.id, key, fact }) as Observation;

export const observeRemove = <K extends FactKind>(row: Row<K>, key: string, uid: string | null): Observation => ({
  op: 'remove',
  kind: row.factKind,
  scope: row.id,
  key,
  uid,
});
