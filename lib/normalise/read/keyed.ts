import type { FactByKind, FactKind } from '../../model/facts';

/** What a normaliser makes of an object: its key in the fact store and its fact. */
export interface Keyed<K extends FactKind> {
  readonly key: string;
  readonly fact: FactByKind[K];
}
