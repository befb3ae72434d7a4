/** What a key reads of a record. */
import type { FindingRecord } from '../../../model/records';
import type { ViewSource } from '../../view-source';
import type { Key } from './keys';

/** A number, and of how many; `of` is null where that is not known. */
export interface Amount {
  readonly value: number;
  readonly of: number | null;
}

/** Texts of which one must match, or an amount; null: not known, which no value but `unknown` matches. */
export type Fact = readonly string[] | Amount | null;

export interface FactContext {
  readonly source: ViewSource;
  /** The findings that name a record. */
  readonly findingsOn: (id: string) => readonly FindingRecord[];
  /** Those on a node, its pods and its ENIs. */
  readonly findingsAt: (node: string) => readonly FindingRecord[];
}

export type FactOf<R> = (record: R, context: FactContext) => Fact;

/** What a kind knows: facts by key, and the texts that a word without a key is looked for in. */
export interface KindFacts<R> {
  readonly keys: Readonly<Partial<Record<Key, FactOf<R>>>>;
  readonly texts: (record: R, context: FactContext) => readonly (string | null | undefined)[];
}

export const amount = (value: number | null | undefined, of: number | null = null): Fact =>
  value === null || value === undefined ? null : { value, of };

/** One text; null when not known. */
export const one = (value: string | null | undefined): Fact => (value === null || value === undefined ? null : [value]);

export const yesNo = (value: boolean | null | undefined): Fact =>
  value === null || value === undefined ? null : [value ? 'yes' : 'no'];

/** The sum of known numbers; null as soon as one is not known, or there is none. */
export const total = (values: readonly (number | null)[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);

/** The keys on findings, for a kind whose findings are those that `read` gives. */
export const findingKeys = <R>(
  read: (record: R, context: FactContext) => readonly FindingRecord[],
): KindFacts<R>['keys'] => ({
  finding: (record, context) => {
    const found = read(record, context);
    return found.length === 0 ? ['none'] : ['any', ...found.flatMap(({ severity, rule }) => [severity, rule])];
  },
  severity: (record, context) => read(record, context).map(({ severity }) => severity),
  rule: (record, context) => read(record, context).map(({ rule }) => rule),
});

/** The same, for those that name the record itself. */
export const ownFindingKeys = <R extends { readonly id: string }>(): KindFacts<R>['keys'] =>
  findingKeys(({ id }, { findingsOn }) => findingsOn(id));
