/** Parses queries. A problem is one line that names the part and the remedy. */
import { canonicalIp, parseCidr } from '../../model/ip';
import { kindsWith } from './facts/index';
import { isKey, KEYS, nounsOf, kindOfWord, specOf, type Key, type Kind } from './facts/keys';
import { KEY_START, type Operator, type Query, type QueryValue, type Term } from './query';
import { inferKind } from './infer-kind';

/** A query, or why the text is not one. */
export type ParsedQuery =
  { readonly query: Query; readonly problem: null } | { readonly query: null; readonly problem: string };

class QueryProblem extends Error {}

/** The quoted text that begins at `from`, and its end. */
function readQuoted(text: string, from: number): { readonly text: string; readonly end: number } {
  let content = '';
  for (let at = from + 1; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') return { text: content, end: at + 1 };
    if (sign === '\\' && at + 1 < text.length) at++;
    content += text[at] ?? '';
  }
  throw new QueryProblem(`${text.slice(from)}: the quote is not closed; put a " at its end`);
}

const wordAt = (text: string, from: number): string => /^\S*/.exec(text.slice(from))?.[0] ?? '';

/** Addresses and MACs also contain colons. */
const isAddressLike = (word: string): boolean => /^[\da-f:.]*(?:\/\d+)?$/i.test(word);

interface Read {
  readonly term: Term;
  readonly end: number;
}

function readText(text: string, from: number, negated: boolean): Read {
  const { text: content, end } =
    text[from] === '"' ? readQuoted(text, from) : { text: wordAt(text, from), end: from + wordAt(text, from).length };
  if (content === '') throw new QueryProblem('"": an empty text matches everything; leave it out');
  return { term: { negated, key: null, operator: ':', values: [{ text: content, exact: false }] }, end };
}

function readValues(text: string, from: number): { readonly values: readonly QueryValue[]; readonly end: number } {
  const values: QueryValue[] = [];
  let at = from;
  for (;;) {
    if (text[at] === '"') {
      const { text: content, end } = readQuoted(text, at);
      if (content !== '') values.push({ text: content, exact: true });
      at = end;
    } else {
      const bare = /^[^\s,"]*/.exec(text.slice(at))?.[0] ?? '';
      if (bare !== '') values.push({ text: bare, exact: false });
      at += bare.length;
    }
    if (text[at] !== ',') break;
    at++;
  }
  if (at < text.length && !/\s/.test(text[at] ?? ''))
    throw new QueryProblem(`${text.slice(from, at)}${wordAt(text, at)}: put a space or a comma after the quote`);
  return { values, end: at };
}

const quoteHint = (word: string): string => `quote "${word}" to search for it as text`;

/** The key that was probably meant: one that begins with the text or contains it. */
function suggestKey(word: string): string {
  const keys = Object.keys(KEYS);
  const near = keys.filter((key) => key.startsWith(word.slice(0, 3)) || (word.length > 2 && word.startsWith(key)));
  return near.length === 0 ? '' : `did you mean ${near.slice(0, 3).join(', ')}? Or `;
}

function readTerm(text: string, from: number): Read {
  const negated = text[from] === '-' && /\S/.test(text[from + 1] ?? '');
  const start = negated ? from + 1 : from;
  const head = text[start] === '"' ? null : KEY_START.exec(text.slice(start));
  if (head === null) return readText(text, start, negated);
  const [all, word = '', sign = ':'] = head;
  const name = word.toLowerCase();
  if (!isKey(name)) {
    const termText = wordAt(text, start);
    if (sign === '=' || isAddressLike(termText)) return readText(text, start, negated);
    throw new QueryProblem(`${termText}: there is no key "${name}"; ${suggestKey(name)}${quoteHint(termText)}`);
  }
  const { values, end } = readValues(text, start + all.length);
  const operator = sign === '=' ? ':' : (sign as Operator);
  const termText = text.slice(from, end);
  if (values.length === 0) throw new QueryProblem(`${termText}: a value is missing, as in ${example(name)}`);
  return {
    term: { negated, key: name, operator, values: values.map((value) => checked(name, operator, value, termText)) },
    end,
  };
}

const example = (key: Key): string => `${key}:${specOf(key).example}`;

/** Checks a value and returns it in canonical form. */
function checked(key: Key, operator: Operator, value: QueryValue, termText: string): QueryValue {
  const { type, words = [], of } = specOf(key);
  if (type !== 'number' && operator !== ':')
    throw new QueryProblem(`${termText}: ${key} is not a number; write ${example(key)}`);
  switch (type) {
    case 'word': {
      const word = value.text.toLowerCase();
      if (!words.includes(word)) throw new QueryProblem(`${termText}: ${key} is one of ${words.join(', ')}`);
      return { text: word, exact: false };
    }
    case 'number': {
      if (operator === ':' && value.text.toLowerCase() === 'unknown') return { text: 'unknown', exact: false };
      const [, digits = '', percent = ''] = /^(\d{1,15}(?:\.\d{1,6})?)(%?)$/.exec(value.text) ?? [];
      if (digits === '')
        throw new QueryProblem(`${termText}: ${key} takes a number or unknown, as in ${key}:0 or ${key}<3`);
      if (percent !== '' && of === undefined)
        throw new QueryProblem(`${termText}: ${key} is not a share of anything; leave out the %`);
      return { text: `${Number(digits)}${percent}`, exact: false };
    }
    case 'address':
      if (!isAddress(value.text))
        throw new QueryProblem(
          `${termText}: ${key} takes an address, a range or the first octets, as in ${example(key)}`,
        );
      return { text: value.text.toLowerCase(), exact: false };
    case 'mac': {
      const octets = value.exact ? value.text : octetsOf(value.text);
      if (octets === null)
        throw new QueryProblem(`${termText}: ${key} takes a MAC address or some of its octets, as in ${example(key)}`);
      return { text: octets, exact: value.exact };
    }
    case 'id':
      if (!value.exact && !isId(value.text, specOf(key).prefix ?? ''))
        throw new QueryProblem(`${termText}: ${key} takes an id or its first digits, as in ${example(key)}`);
      return value;
    case 'rule':
      if (!value.exact && !words.includes(value.text.toLowerCase()) && !RULE.test(value.text))
        throw new QueryProblem(
          `${termText}: ${key} takes ${words.length === 0 ? '' : `${words.join(', ')} or `}the id of a rule, as in ${key}:eni-leaked`,
        );
      return value;
    case 'name':
    case 'whole':
      return value;
  }
}

/** The id of a rule has several words. */
const RULE = /^(?:[a-z][a-z\d]*(?:-[a-z\d]+)+|(?=.*\*)[a-z\d*-]+)$/i;

/** Digits of an AWS id, with or without its prefix; `*` is any text. */
const isId = (text: string, prefix: string): boolean => {
  const lower = text.toLowerCase();
  const digits = lower.startsWith(prefix) ? lower.slice(prefix.length) : lower;
  return /^[\da-f*]*$/.test(digits) && lower !== '';
};

/** Octets of a MAC with colons, as records have them: from `0A-1B`, `0a1b.2c3d` or `0a1b2c3d4e5f`; null for other text. */
function octetsOf(text: string): string | null {
  const lower = text.toLowerCase();
  const digits = /^[\da-f]{4}(?:\.[\da-f]{4}){1,2}$|^(?:[\da-f]{2}){2,6}$/.test(lower)
    ? lower.replaceAll('.', '')
    : null;
  if (digits !== null) return (digits.match(/../g) ?? []).join(':');
  const colons = lower.replaceAll('-', ':');
  return /^:?[\da-f*]{1,2}(?::[\da-f*]{1,2}){0,5}:?$|^(?=.*\*)[\da-f:*]{1,17}$/.test(colons) ? colons : null;
}

const isAddress = (text: string): boolean =>
  canonicalIp(text.toLowerCase()) !== null ||
  parseCidr(text.toLowerCase()) !== null ||
  /^(?=.*\.)(?:(?:1?\d?\d|2[0-4]\d|25[0-5])(?:\.|$)){1,3}$/.test(text);

/** `nodes`, `interfaces, pods or findings`. */
function kindNames(kinds: readonly Kind[], last: 'and' | 'or'): string {
  const names = kinds.map((kind) => nounsOf(kind).many);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1) ?? ''}`;
}

/** Throws when no kind has all keys of the query. */
function refuseMeaningless(query: Query): void {
  const { kind, missing, several } = inferKind(query);
  const term = missing ?? several?.term;
  if (kind !== null || term === undefined || term.key === null) return;
  const termText = `${term.negated ? '-' : ''}${term.key}${term.operator}${term.values.map(({ text }) => text).join(',')}`;
  if (several !== undefined)
    throw new QueryProblem(
      `${termText}: several kinds have ${term.key}; say which, as in ${several.kinds.map((one) => `${one} ${termText}`).join(' or ')}`,
    );
  const having = kindsWith(term.key);
  throw new QueryProblem(
    query.kind === null
      ? `${termText}: only ${kindNames(having, 'and')} have ${term.key}, and they lack another key of this query; leave one out`
      : `${termText}: ${nounsOf(query.kind).many} have no ${term.key}; leave it out, or ask for ${kindNames(having, 'or')}`,
  );
}

/** Parses a query. Never throws. */
export function parseQuery(text: string): ParsedQuery {
  try {
    let kind: Kind | null = null;
    const terms: Term[] = [];
    let at = /^\s*/.exec(text)?.[0].length ?? 0;
    const first = wordAt(text, at);
    const named = kindOfWord(first);
    if (named !== null) {
      kind = named;
      at += first.length;
    }
    for (;;) {
      while (at < text.length && /\s/.test(text[at] ?? '')) at++;
      if (at >= text.length) break;
      const { term, end } = readTerm(text, at);
      terms.push(term);
      at = end;
    }
    const query = { kind, terms };
    refuseMeaningless(query);
    return { query, problem: null };
  } catch (error) {
    if (!(error instanceof QueryProblem)) throw error;
    return { query: null, problem: error.message };
  }
}
