/** Groups of records that share a text: counted, with the query that lists them. */
import { thousands } from '../../model/counted';
import { byCodeUnit } from '../../model/order';
import { tableOfKind } from '../../model/records';
import type { Replica } from '../../records/replica';
import type { KindFacts } from '../query/facts/fact';
import { FACTS, type RecordOfKind } from '../query/facts/index';
import { SEVERITIES } from '../../model/vocabulary';
import { keptFor } from '../../model/remembered';
import { KINDS, nounsOf, type Key, type Kind } from '../query/facts/keys';
import { inferKind } from '../query/infer-kind';
import { isEmptyQuery, printQuery, type Query, type Term } from '../query/query';
import { parseQuery } from '../query/parse';
import { factContext, testsOf } from '../query/tests';
import type { Group } from './answer';
import { textIndexOf, type TextIndex } from './text-index';

const tableOf = ({ records }: Replica, kind: Kind): ReadonlyMap<string, RecordOfKind[Kind]> =>
  records[tableOfKind(kind)];

/** Ids of a kind's records that match a query, in table order. */
function idsThatMatch(replica: Replica, kind: Kind, query: Query): readonly string[] {
  const tests = testsOf(kind, query);
  if (tests === null) return [];
  const context = factContext(replica);
  const found: string[] = [];
  const all = (record: RecordOfKind[Kind]): boolean => tests.every((test) => test(record, context));
  const [only] = tests;
  const test = only !== undefined && tests.length === 1 ? only : all;
  for (const [id, record] of tableOf(replica, kind)) if (test(record, context)) found.push(id);
  return found;
}

/** `348 interfaces named net1`. */
const groupOf = (kind: Kind, total: number, words: string, query: Query): Group => ({
  kind,
  query: printQuery(query),
  total,
  text: `${thousands(total)} ${total === 1 ? nounsOf(kind).one : nounsOf(kind).many} ${words}`.trimEnd(),
});

type Shared = readonly [kind: Kind, key: Key, words: (value: string) => string];

/** Keys whose values many records may share, with their words; for the small kinds. */
const SHARED: readonly Shared[] = [
  ['node', 'type', (value) => `of type ${value}`],
  ['node', 'zone', (value) => `in ${value}`],
  ['node', 'group', (value) => `in node group ${value}`],
  ['node', 'cni', (value) => `with VPC CNI ${value}`],
  ['node', 'label', (value) => `with label ${value}`],
  ['eni', 'sg', (value) => `with security group ${value}`],
  ['subnet', 'zone', (value) => `in ${value}`],
  ['network', 'plugin', (value) => `of plugin ${value}`],
  ['network', 'parent', (value) => `on parent ${value}`],
  ['finding', 'rule', (value) => `of rule ${value}`],
  ['finding', 'finding', (value) => `of severity ${value}`],
];

type SharedByMany = readonly [
  kind: Kind,
  key: Key,
  words: (value: string) => string,
  count: (index: TextIndex, value: string) => number,
];

/** The same for interfaces and pods, the large kinds. Kubernetes names are lower-case and compared as they are. */
const SHARED_BY_MANY: readonly SharedByMany[] = [
  ['interface', 'if', (value) => `named ${value}`, (index, value) => index.interfacesNamed(value)],
  ['pod', 'ns', (value) => `in namespace ${value}`, (index, value) => index.podsIn(value)],
  ['pod', 'owner', (value) => `of ${value}`, (index, value) => index.podsOf(value)],
  ['pod', 'label', (value) => `with a label ${value}`, (index, value) => index.podsLabelled(value)],
];

const termOf = (key: Key, text: string): Term => ({
  negated: false,
  key,
  operator: ':',
  values: [{ text, exact: /[\s,"*]/.test(text) }],
});

/** Whether the text is specific enough to be a value of the key. */
const isSpecific = (key: Key, text: string): boolean =>
  (key !== 'sg' || /^sg-[0-9a-f]+$/i.test(text)) && (key !== 'finding' || SEVERITIES.some((one) => one === text));

/** Minimum length of the text: shorter texts occur in too many labels. */
const MIN_IN_LABEL = 3;
/** Maximum number of labels on offer; those with the most pods first. */
const MAX_LABELS = 5;

/** Groups of pods by label: the label equals the text, has it as value, or contains it. */
function labelGroups(index: TextIndex, text: string): readonly Group[] {
  const wanted = text.toLowerCase();
  const isWhole = (label: string): boolean => label === wanted || label.slice(label.indexOf('=') + 1) === wanted;
  const lower = (test: (label: string) => boolean) => (label: string) => test(label.toLowerCase());
  let found = index.labelsWhere(lower(isWhole));
  if (found.size === 0 && wanted.length >= MIN_IN_LABEL)
    found = index.labelsWhere(lower((label) => label.includes(wanted)));
  return [...found]
    .sort(([a, pods], [b, others]) => others - pods || byCodeUnit(a, b))
    .slice(0, MAX_LABELS)
    .map(([label, pods]) =>
      groupOf('pod', pods, `with label ${label}`, { kind: 'pod', terms: [termOf('label', label)] }),
    );
}

/** Maximum number of ENIs with a security group that are named. */
const MAX_NAMED = 3;

/** The groups whose shared value equals the text. */
export function sharedGroups(replica: Replica, text: string): Group[] {
  const index = textIndexOf(replica);
  const many = SHARED_BY_MANY.map(
    ([kind, key, words, count]) => [kind, key, words, count(index, text.toLowerCase())] as const,
  );
  const few = SHARED.map(([kind, key, words]) => {
    const ids = isSpecific(key, text) ? idsThatMatch(replica, kind, { kind, terms: [termOf(key, text)] }) : [];
    // A few ENIs are what was asked for.
    const named = key === 'sg' && ids.length <= MAX_NAMED ? `: ${ids.toSorted(byCodeUnit).join(', ')}` : '';
    return [kind, key, (value: string) => `${words(value)}${named}`, ids.length] as const;
  });
  const shared = [...many, ...few].flatMap(([kind, key, words, count]) =>
    count === 0 ? [] : [groupOf(kind, count, words(text), { kind, terms: [termOf(key, text)] })],
  );
  return [...shared, ...labelGroups(index, text)];
}

/** Kinds with few enough records to search all their texts. */
const WORDED = ['node', 'eni', 'subnet', 'network', 'finding'] as const satisfies readonly Kind[];

/** All texts of a record, lower-case; cached because records are immutable. */
const texts = new WeakMap<object, string>();

/** How many records of the kind contain the text. */
function countWith(replica: Replica, kind: Kind, text: string): number {
  const context = factContext(replica);
  // Safe cast: the records of a kind's table are those that its facts read.
  const facts = FACTS[kind] as unknown as KindFacts<RecordOfKind[Kind]>;
  const wanted = text.toLowerCase();
  let count = 0;
  for (const record of tableOf(replica, kind).values()) {
    const all = keptFor(texts, record, () => facts.texts(record, context).join('\n').toLowerCase());
    if (all.includes(wanted)) count++;
  }
  return count;
}

/**
 * Groups of records with the text anywhere in names, tags, labels, groups or addresses, without those already found.
 */
export function wordedGroups(replica: Replica, text: string, known: readonly Group[]): Group[] {
  return WORDED.flatMap((kind) => {
    const total = countWith(replica, kind, text);
    const isKnown = known.some((group) => group.kind === kind && group.total === total);
    const terms: Query['terms'] = [{ negated: false, key: null, operator: ':', values: [{ text, exact: false }] }];
    return total === 0 || isKnown ? [] : [groupOf(kind, total, `with “${text}”`, { kind, terms })];
  });
}

/** The result of a typed query. */
interface Typed {
  /** Ids of the matching records of the query's kind; if that kind has none, of the first kind with a match. */
  readonly ids: readonly string[];
  /** That kind, and the other kinds that have every key, if they have a match. */
  readonly groups: readonly Group[];
  /** `no nodes match room:99`; null when some match. */
  readonly note: string | null;
}

/** The kinds that a query can be about, most likely first. */
function kindsOf({ kind, terms }: Query): readonly Kind[] {
  const meant = inferKind({ kind, terms });
  if (meant.kind === null) return KINDS.filter((one) => inferKind({ kind: one, terms }).kind === one);
  const { kind: first } = meant;
  return meant.any ? [first, ...KINDS.filter((one) => one !== first)] : [first];
}

const noneMatches = ([kind, ...others]: readonly Kind[], said: string): string =>
  kind === undefined || others.length > 0 ? `nothing matches ${said}` : `no ${nounsOf(kind).many} match ${said}`;

/** The result of a query; null for text without a key or a kind; `problem` for a query that cannot be parsed. */
export function typedQuery(replica: Replica, text: string): Typed | { readonly problem: string } | null {
  const parsed = parseQuery(text);
  // A query that fits several kinds is not ambiguous here: each kind is counted.
  const query = parsed.query ?? KINDS.map((kind) => parseQuery(`${kind} ${text}`).query).find((one) => one !== null);
  if (query === undefined) return { problem: parsed.problem ?? '' };
  const asked: Query = { kind: parsed.query === null ? null : query.kind, terms: query.terms };
  if (isEmptyQuery(asked) || (asked.kind === null && asked.terms.every(({ key }) => key === null))) return null;
  const said = printQuery({ kind: null, terms: asked.terms });
  const kinds = kindsOf(asked);
  const found = kinds
    .map((kind) => ({ kind, ids: idsThatMatch(replica, kind, { kind, terms: asked.terms }) }))
    .filter(({ ids }) => ids.length > 0);
  return {
    ids: found[0]?.ids ?? [],
    groups: found.map(({ kind, ids }) =>
      groupOf(kind, ids.length, said === '' ? '' : `${ids.length === 1 ? 'matches' : 'match'} ${said}`, {
        kind,
        terms: asked.terms,
      }),
    ),
    note: found.length > 0 ? null : noneMatches(kinds, said),
  };
}
