/** Adds a part to a filter, for example a value clicked in a table. */
import { NO_FILTER, type Filter } from '../filter';
import { specOf, type Key, type Kind } from './facts/keys';
import { planFilter } from './filter-query';
import { parseQuery } from './parse';
import { printQuery, printTerm } from './query';

/** Whether a value has a meaning of its own unless it is quoted, or is refused. */
function needsQuotes(key: Key, value: string): boolean {
  const { prefix } = specOf(key);
  const digits = prefix !== undefined && value.startsWith(prefix) ? value.slice(prefix.length) : null;
  return /[^\w.-]|^-/.test(value) || (prefix !== undefined && !/^[\da-f]+$/.test(digits ?? ''));
}

/** `node:"ip-10-0-1-9"`: exactly this value. */
export const partFor = (key: Key, value: string | number): string =>
  printTerm({
    negated: false,
    key,
    operator: ':',
    values: [{ text: String(value), exact: typeof value === 'string' && needsQuotes(key, value) }],
  });

/**
 * The filter with one more part, which replaces contradictory ones. Adds `kind` if the query would otherwise be
 * ambiguous or fit no kind.
 */
export function narrowed(filter: Filter, kind: Kind, part: string): Filter {
  const { query } = parseQuery(filter.text);
  const before = query === null ? '' : printQuery(query);
  if (query !== null && printQuery({ kind: null, terms: query.terms }).split(' ').includes(part)) return filter;
  const rest = query === null ? '' : printQuery({ kind: null, terms: query.terms });
  const texts = [`${before} ${part}`, `${kind} ${rest} ${part}`].map((text) => text.trim().replace(/ {2,}/g, ' '));
  const text = texts.find((one) => planFilter({ ...filter, text: one }).problem === null);
  return text === undefined ? { ...NO_FILTER, text: `${kind} ${part}` } : { ...filter, text };
}
