/** Turns a complete list into one observation. The row's type ties the fact kind to its facts. */
import type { FactByKind, FactKind } from '../model/facts';
import type { Observation } from '../model/observation';

/** A `replaceAll` observation in the row's scope: facts of the scope that are not listed are removed. */
export const observeAll = <K extends FactKind>(
  row: { readonly id: string; readonly factKind: K },
  facts: readonly (readonly [key: string, fact: FactByKind[K]])[],
): Observation => ({ op: 'replaceAll', kind: row.factKind, scope: row.id, facts }) as Observation;
