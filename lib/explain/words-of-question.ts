/** The grammar of questions: the subject first, then the question. */
import { kindOfId } from '../model/ids';
import { QUESTION_IDS, questionsAbout, type QuestionId } from './catalogue';
import { NAMED_KINDS, type NamedKind } from './shared/by-name';
import { SUBJECT_KINDS, type SubjectKind } from './shared/subject-kinds';
import { isChange } from './questions/what-if';
import { queriedIp, queriedMac } from '../view/lookup/query-text';
import { CLUSTER, NAMED_AS, readSubject, type Subject } from './shared/subject';

/** A question parsed from words. */
export interface Asked {
  readonly subject: Subject;
  /** Null: all questions that apply to the subject. */
  readonly question: QuestionId | null;
  /** For `if`: the changed settings, as `NAME=VALUE`. */
  readonly changes: readonly string[] | null;
}

/** A question with a name without a namespace: the records decide what the name refers to. */
export interface AskedByName {
  readonly kinds: readonly NamedKind[];
  /** Words, one of which is the name. */
  readonly names: readonly string[];
  /** The question about the subject with that name; a text if the words are invalid. */
  readonly of: (subject: Subject) => Asked | string;
}

const isKind = (word: string): word is SubjectKind => (SUBJECT_KINDS as readonly string[]).includes(word);

/** Other names of the kinds, as used by kubectl and people. */
const ALSO: Readonly<Record<string, SubjectKind>> = {
  po: 'pod',
  pods: 'pod',
  no: 'node',
  nodes: 'node',
  iface: 'interface',
  interfaces: 'interface',
  enis: 'eni',
  subnets: 'subnet',
  networks: 'network',
  net: 'network',
  nad: 'network',
  nads: 'network',
  'net-attach-def': 'network',
  'network-attachment-definition': 'network',
  'network-attachment-definitions': 'network',
  ip: 'address',
  findings: 'finding',
};

const kindOf = (word: string): SubjectKind | undefined =>
  isKind(word) ? word : Object.hasOwn(ALSO, word) ? ALSO[word] : undefined;

/** The kind of a bare name, according to its form. */
const formOf = (word: string): SubjectKind | undefined =>
  /^eni-[0-9a-f]/.test(word)
    ? 'eni'
    : word.startsWith('subnet-')
      ? 'subnet'
      : /^i-[0-9a-f]{8,17}$/.test(word)
        ? 'node'
        : queriedIp(word) !== null
          ? 'address'
          : queriedMac(word) !== null
            ? 'mac'
            : undefined;

/** The words with the kind first: `pod/core/p1` and `eni-…` include theirs. */
function kindFirst(words: readonly string[]): readonly string[] {
  const [first = '', ...rest] = words;
  const kind = kindOf(first);
  if (kind !== undefined) return [kind, ...rest];
  const slash = first.indexOf('/');
  const typed = slash < 1 ? undefined : kindOf(first.slice(0, slash));
  if (typed !== undefined) return [typed, first.slice(slash + 1), ...rest];
  const form = SUBJECT_KINDS.find((one) => one === kindOfId(first)) ?? formOf(first);
  return form === undefined ? words : [form, ...words];
}

/** `p1` with `-n core` is `core/p1`. */
const within = (kind: SubjectKind, name: string, namespace: string | null): string =>
  namespace !== null && (kind === 'pod' || kind === 'network') && !name.includes('/') && !name.includes(':')
    ? `${namespace}/${name}`
    : name;

/** The question with that word, if it applies to the kind. */
const questionOf = (kind: Subject['kind'], word: string): QuestionId | undefined =>
  QUESTION_IDS.find((id) => id === word && questionsAbout(kind).includes(id));

/** The grammar in one line. */
const grammar = (): string =>
  `give the subject, then the question: ${SUBJECT_KINDS.map((kind) => `${kind} ${NAMED_AS[kind]}`).join(', ')}; of the whole cluster ${questionsAbout('cluster').join(', ')}`;

/** The changes of `if NAME=VALUE …`; a text if they are invalid. */
function readChanges(words: readonly string[]): readonly string[] | string {
  if (words.length === 0) return 'if what? Name a setting and its value: if WARM_IP_TARGET=5';
  const wrong = words.find((word) => !isChange(word));
  return wrong === undefined
    ? words
    : `"${wrong}" cannot be computed: give WARM_ENI_TARGET, WARM_IP_TARGET, MINIMUM_IP_TARGET, WARM_PREFIX_TARGET, MAX_ENI or max-pods a whole number, as in WARM_IP_TARGET=5, or prefix-mode=on`;
}

function readQuestion(subject: Subject, words: readonly string[]): Asked | string {
  const [word, ...rest] = words;
  if (word === undefined) return { subject, question: null, changes: null };
  if (word === 'if' && subject.kind === 'node') {
    const changes = readChanges(rest);
    return typeof changes === 'string' ? changes : { subject, question: null, changes };
  }
  if (rest.length > 0) return `"${rest.join(' ')}" is too much: ask one question at a time`;
  const question = questionOf(subject.kind, word);
  if (question !== undefined) return { subject, question, changes: null };
  const known = [...questionsAbout(subject.kind), ...(subject.kind === 'node' ? ['if NAME=VALUE'] : [])];
  return `"${word}" cannot be asked about ${subject.kind}: ask ${known.join(', ')}`;
}

/** A pod with its namespace, as in `kubectl get -A` and Events. */
const POD = /^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9.-]*$/;

/** Words in which users ask each question; the first question that applies to the subject counts. */
const ASKED_BY: readonly (readonly [RegExp, QuestionId])[] = [
  [/\bleak/i, 'leaked'],
  [/\b(where|which eni|on what eni)\b/i, 'where'],
  [/\b(who|whose|owns?|duplicate|conflict)\b/i, 'who'],
  [/\b(uses?|full|room|exhausted|holds?|left)\b/i, 'room'],
  [/\b(settings?|ignored|effective)\b/i, 'settings'],
  [/\btrunk\b/i, 'trunk'],
  [/\bgroups?\b/i, 'groups'],
  [/\b(overlaps?|clash)/i, 'clashes'],
  [/\b(differs?|peers?)\b/i, 'differs'],
  [/\b(ipamd|believes?)\b/i, 'ipamd'],
  [/./, 'address'],
];

/** A question in the user's own words: the subject by the form of its name, then what is asked about it. Null without a subject. */
const questionAbout = (subject: Subject, text: string): Asked => {
  const can = questionsAbout(subject.kind);
  const question = ASKED_BY.find(([pattern, id]) => can.includes(id) && pattern.test(text))?.[1] ?? null;
  return { subject, question, changes: null };
};

const namesIn = (text: string): readonly string[] =>
  text.split(/[\s,;!?"'`()]+/).map((word) => word.replace(/[.:]+$/, ''));

function ownWords(text: string): Asked | null {
  for (const name of namesIn(text)) {
    const kind =
      formOf(name) ?? (POD.test(name) && kindOf(name.slice(0, name.indexOf('/'))) === undefined ? 'pod' : undefined);
    const subject = kind === undefined ? name : readSubject(kind, name);
    if (typeof subject !== 'string') return questionAbout(subject, text);
  }
  return null;
}

/** The form of a Kubernetes name; for a pod's interface, the pod comes first. */
const BARE_WORDS = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;
const BARE_OF_KIND: Readonly<Partial<Record<SubjectKind, RegExp>>> = {
  pod: BARE_WORDS,
  network: BARE_WORDS,
  interface: /^[a-z0-9][a-z0-9.-]*\/[^/]+$/,
};

/** Shorter words of a question are not names. */
const MIN_NAME = 3;

/** A name alone: `web-1`, `web-1 where`, or a question in the user's own words; null if no word can be a name. */
function byName(words: readonly string[]): AskedByName | null {
  const [first = '', second, ...rest] = words;
  const isOne = second === undefined || (rest.length === 0 && QUESTION_IDS.some((id) => id === second));
  const names = isOne ? [first] : namesIn(words.join(' ')).filter((name) => name.length >= MIN_NAME);
  const bare = names.filter((name) => BARE_WORDS.test(name) && !QUESTION_IDS.some((id) => id === name));
  if (bare.length === 0) return null;
  return {
    kinds: ['pod', 'node', 'network'],
    names: bare,
    of: (subject) => (isOne ? readQuestion(subject, words.slice(1)) : questionAbout(subject, words.join(' '))),
  };
}

/** Parses the words; a text if they are invalid. `namespace`: the default for names without one. */
export function readWords(words: readonly string[], namespace: string | null = null): Asked | AskedByName | string {
  const [first = '', name, ...rest] = kindFirst(words);
  if (isKind(first)) {
    if (name === undefined) return `${first} needs a name: ${first} ${NAMED_AS[first]}`;
    const subject = readSubject(first, within(first, name, namespace));
    if (typeof subject === 'string') {
      const kind = NAMED_KINDS.find((one) => one === first);
      if (kind === undefined || BARE_OF_KIND[kind]?.test(name) !== true) return subject;
      return { kinds: [kind], names: [name], of: (one) => readQuestion(one, rest) };
    }
    const read = readQuestion(subject, rest);
    return typeof read === 'string' && rest.length > 2 ? (ownWords(words.join(' ')) ?? read) : read;
  }
  const question = questionOf('cluster', first);
  const own = question === undefined ? ownWords(words.join(' ')) : null;
  if (own !== null) return own;
  const named = question === undefined ? byName(words) : null;
  if (named !== null) return named;
  if (question === undefined) return `"${first}" cannot be explained: ${grammar()}`;
  if (name !== undefined) return `"${[name, ...rest].join(' ')}" is too much: ${first} is about the whole cluster`;
  return { subject: CLUSTER, question, changes: null };
}
