/** A whole list as one observation. The row ties the fact kind to its facts. */
import type { FactByKind, FactKind } from '../model/facts';
import type { Observation } from '../model/observation';

export const observeAll = <K extends FactKind>(
  row: { readonly id: string; readonly factKind: K },
  facts: readonly (readonly [key: string, fact: FactByKind[K]])[],
): Observation => ({ op: 'replaceAll', kind: row.factKind, scope: row.id, facts }) as Observation;
