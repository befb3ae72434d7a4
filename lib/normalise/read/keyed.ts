import type { FactByKind, FactKind } from '../../model/facts';

/** A normalised object: its key in the fact store, and the fact. */
export interface Keyed<K extends FactKind> {
  readonly key: string;
  readonly fact: FactByKind[K];
}
