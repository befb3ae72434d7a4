/**
 * A query as data, and as text: `eni managed:no`, `node room:0`, `subnet free<5%`, `ns:core -state:warm "a phrase"`.
 *
 * The first word may name a kind. Every other part is a key with a value (`key:value`, or `<`, `<=`, `>`, `>=` with a
 * number), or a text. Parts combine with "and", comma-separated values with "or"; `-` before a part negates it. Quotes
 * keep blanks and commas together, and a quoted value must match exactly; in all other values `*` matches any
 * characters. `parseQuery(printQuery(query))` is `query`.
 */
import { kindOfWord, type Key, type Kind } from './facts/keys';

/** The operators of terms; an operator that starts with another one precedes it. */
export const OPERATORS = [':', '<=', '>=', '<', '>'] as const;
export type Operator = (typeof OPERATORS)[number];

/** A value of a term. */
export interface QueryValue {
  readonly text: string;
  /** Whether it was quoted: `*` has no special meaning, and the whole value must match. */
  readonly exact: boolean;
}

export interface Term {
  readonly negated: boolean;
  /** Null: a text, searched in every name and address. */
  readonly key: Key | null;
  /** `:`, except for numbers. */
  readonly operator: Operator;
  /** At least one; exactly one for a text. */
  readonly values: readonly QueryValue[];
}

export interface Query {
  /** Null: no kind is named. */
  readonly kind: Kind | null;
  readonly terms: readonly Term[];
}

/** Whether the query selects everything, that is, has no kind and no terms. */
export const isEmptyQuery = ({ kind, terms }: Query): boolean => kind === null && terms.length === 0;

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, (sign) => `\\${sign}`)}"`;

/** Matches text that starts like a key. */
export const KEY_START = /^([a-z][a-z-]*)(:|<=|>=|<|>|=)/i;

/** Whether a text needs no quotes. */
const isBare = (text: string): boolean =>
  /^[^\s"-][^\s]*$/.test(text) && !KEY_START.test(text) && kindOfWord(text) === null;

/** One part as typed: `-state:warm,cooling`. */
export function printTerm({ negated, key, operator, values }: Term): string {
  const said =
    key === null
      ? values.map(({ text }) => (isBare(text) ? text : quoted(text))).join(' ')
      : `${key}${operator}${values.map(({ text, exact }) => (exact ? quoted(text) : text)).join(',')}`;
  return negated ? `-${said}` : said;
}

/** The query as text; the inverse of `parseQuery`. */
export const printQuery = ({ kind, terms }: Query): string =>
  [...(kind === null ? [] : [kind]), ...terms.map(printTerm)].join(' ');
