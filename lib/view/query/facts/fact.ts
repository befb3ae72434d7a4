/** How query keys read records. */
import type { FindingRecord, NodeRecord } from '../../../model/records';
import { groupKeyOf } from '../../node-groups';
import type { ViewSource } from '../../view-source';
import type { Key } from './keys';

/** A number and its total; `of` is null when the total is not known. */
export interface Amount {
  readonly value: number;
  readonly of: number | null;
}

/** Texts of which one must match, or a number; null: not known, which matches only `unknown`. */
export type Fact = readonly string[] | Amount | null;

/** The data that facts are read from, besides the record. */
export interface FactContext {
  readonly source: ViewSource;
  /** The findings with this record as a subject. */
  readonly findingsOn: (id: string) => readonly FindingRecord[];
  /** The findings about a node, its pods and its ENIs. */
  readonly findingsAt: (node: string) => readonly FindingRecord[];
}

/** Reads a fact of a record. */
export type FactOf<R> = (record: R, context: FactContext) => Fact;

/** The facts of a kind by key, and the texts in which words without a key are searched. */
export interface KindFacts<R> {
  readonly keys: Readonly<Partial<Record<Key, FactOf<R>>>>;
  readonly texts: (record: R, context: FactContext) => readonly (string | null | undefined)[];
}

/** A number with its total; null when the number is not known. */
export const amount = (value: number | null | undefined, of: number | null = null): Fact =>
  value === null || value === undefined ? null : { value, of };

/** One text; null when not known. */
export const single = (value: string | null | undefined): Fact =>
  value === null || value === undefined ? null : [value];

/** `yes` or `no`; null when not known. */
export const yesNo = (value: boolean | null | undefined): Fact =>
  value === null || value === undefined ? null : [value ? 'yes' : 'no'];

const nodeUnder = ({ node }: { readonly node: string | null }, { source }: FactContext): NodeRecord | undefined =>
  source.records.nodes.get(node ?? '');

/** The keys of the node that a record is on. */
export const placeKeys = <R extends { readonly node: string | null }>(): KindFacts<R>['keys'] => ({
  zone: (record, context) => single(nodeUnder(record, context)?.zone),
  type: (record, context) => single(nodeUnder(record, context)?.instanceType),
  group: (record, context) => {
    const node = nodeUnder(record, context);
    return node === undefined ? null : [groupKeyOf(context.source, node, 'node-group')];
  },
});

/** The keys about findings, for a kind; `read` returns a record's findings. */
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

/** The same for findings that have the record as a subject. */
export const ownFindingKeys = <R extends { readonly id: string }>(): KindFacts<R>['keys'] =>
  findingKeys(({ id }, { findingsOn }) => findingsOn(id));
