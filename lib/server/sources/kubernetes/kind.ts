/**
 * The observations that are made with a row of the kinds table. A row binds a fact kind to its normaliser; TypeScript
 * cannot follow that bond through a list of rows, so the casts that state it stand here and nowhere else.
 */
import { objectKey, type FactByKind, type FactKind } from '../../../model/facts';
import type { Observation } from '../../../model/observation';
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';

export type { AnyKindRow } from '../../../normalise/kubernetes/kinds';

/** What is kept of one object. */
export interface Entry {
  readonly key: string;
  readonly fact: FactByKind[FactKind];
}

/** The name that an object itself gives: enough to say which one went when nothing else of it is kept. */
export interface Identity {
  readonly key: string;
  readonly uid: string | null;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

export function identityOf(object: unknown): Identity {
  const metadata = property(object, 'metadata');
  const uid = text(property(metadata, 'uid'));
  return {
    key: objectKey({ namespace: text(property(metadata, 'namespace')), name: text(property(metadata, 'name')) }),
    uid: uid === '' ? null : uid,
  };
}

export const upsertOf = (row: AnyKindRow, { key, fact }: Entry): Observation =>
  ({ op: 'upsert', kind: row.factKind, scope: row.id, key, fact }) as Observation;

export const removeOf = (row: AnyKindRow, key: string, uid: string | null): Observation => ({
  op: 'remove',
  kind: row.factKind,
  scope: row.id,
  key,
  uid,
});

export const replaceAllOf = (row: AnyKindRow, entries: readonly Entry[]): Observation =>
  ({
    op: 'replaceAll',
    kind: row.factKind,
    scope: row.id,
    facts: entries.map(({ key, fact }) => [key, fact] as const),
  }) as Observation;
