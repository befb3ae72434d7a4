/** The finder's options for a text, in order: answers, lists, completions, commands. */
import type { BrowserClient } from '../../lib/client/browser';
import { recentSearches, rememberSearch } from '../../lib/client/recent-searches';
import { kindOfId } from '../../lib/model/ids';
import { NO_FILTER } from '../../lib/view/filter';
import type { Group, Hit, LookupAnswer } from '../../lib/view/lookup/answer';
import { complete } from '../../lib/view/query/complete';
import type { Kind } from '../../lib/view/query/facts/keys';
import { planFilter } from '../../lib/view/query/filter-query';
import { kindWord } from '../../lib/view/record-label';
import { factsOf, type View } from '../../lib/view/views';
import { commandsFor, questionsFor, type Command } from './commands';

/** A line of the search that can be chosen. */
export interface FindOption {
  readonly key: string;
  /** The kind of option, in one word. */
  readonly kind: string;
  /** The distinctive text. */
  readonly main: string;
  readonly more: string;
  /** The text to continue with after choosing it; null: the finder closes. */
  readonly then: string | null;
  readonly run: () => void;
}

const VIEW_OF: Readonly<Record<Kind, View>> = {
  interface: 'interfaces',
  pod: 'interfaces',
  node: 'nodes',
  eni: 'enis',
  subnet: 'subnets',
  network: 'networks',
  finding: 'findings',
};

/** An option without `then` closes the finder; one without `run` only continues with `then`. */
const option = (key: string, kind: string, main: string, rest: Partial<FindOption>): FindOption => ({
  key,
  kind,
  main,
  more: '',
  then: null,
  run: () => undefined,
  ...rest,
});

/** Maximum number of answers above the lists: more would push these out of view. */
const FIRST_HITS = 7;

/** `twin`: how many answers before it are of the same kind and record. */
function hitOption(hit: Hit, twin: number, choose: (hit: Hit) => void): FindOption {
  const kind = kindOfId(hit.id);
  const [first, ...rest] = hit.path;
  return option(`hit ${hit.kind} ${hit.id} ${twin}`, kind === null ? '' : kindWord(kind), first?.text ?? hit.id, {
    more: rest.map(({ text }) => text).join(' · '),
    run: () => choose(hit),
  });
}

function groupOption({ kind, query, text }: Group, { location }: BrowserClient): FindOption {
  const view = VIEW_OF[kind];
  return option(`group ${query}`, 'List', text, {
    more: `show in ${factsOf(view).title}`,
    run: () => location.go({ view, focus: null, selection: [], sort: '', filter: { ...NO_FILTER, text: query } }),
  });
}

const NO_NAMESPACES: ReadonlyMap<string, number> = new Map();

function completions({ store }: BrowserClient, typed: string, labels: ReadonlySet<string>): readonly FindOption[] {
  const { replica } = store.getState();
  const known = { namespaces: replica.partial?.namespaces ?? NO_NAMESPACES, labels };
  return complete(typed, typed.length, replica, known).map(({ text, label, about }) =>
    option(`type ${label}`, 'Type', label, { more: about, then: text }),
  );
}

/** Keeps the view and hides what does not match. */
function filterOption({ location }: BrowserClient, text: string): readonly FindOption[] {
  if (planFilter({ ...NO_FILTER, text }).plan === null) return [];
  const run = (): void => location.go({ filter: { ...NO_FILTER, text } });
  return [option('filter', 'Filter', `Filter by ${text}`, { more: 'in every view', run })];
}

const commandOptions = (commands: readonly Command[]): readonly FindOption[] =>
  commands.map(({ label, run }) => option(`do ${label}`, 'Do', label, { run }));

const recent = (): readonly FindOption[] =>
  recentSearches().map((text) => option(`again ${text}`, 'Again', text, { then: text }));

/** All options. `answer`: for the text as typed now; null while it is pending. `labels`: of pods, for completion. */
export function findOptions(
  client: BrowserClient,
  typed: string,
  answer: Pick<LookupAnswer, 'asked' | 'hits' | 'groups'> | null,
  show: (id: string) => void,
  labels: ReadonlySet<string>,
): readonly FindOption[] {
  const text = typed.trim();
  if (text === '') return recent();
  const hits = (answer?.hits ?? []).map((hit, index, all) => {
    const twin = all.slice(0, index).filter(({ kind, id }) => kind === hit.kind && id === hit.id).length;
    return hitOption(hit, twin, ({ id }) => show(id));
  });
  const groups = (answer?.groups ?? []).map((group) => groupOption(group, client));
  // For a query or a part of an address, lists come first; a whole range may belong to a record.
  const exact = hits.filter(({ main }) => main === text).length;
  const first = answer?.asked === 'query' ? 0 : answer?.asked === 'range' ? exact : FIRST_HITS;
  // Questions precede the lists of records that merely contain the words: a finding that contains "no address" is not
  // the intended answer.
  const questions = commandOptions(questionsFor(client, text));
  const found = [...hits.slice(0, first), ...questions, ...groups, ...hits.slice(first)].map((one) => ({
    ...one,
    run: () => {
      rememberSearch(text);
      one.run();
    },
  }));
  const typeNext = completions(client, typed, labels);
  const commands = commandOptions(commandsFor(client, text));
  return [
    ...found,
    ...(found.length === questions.length ? [] : filterOption(client, text)),
    // Several words are more likely a command than the beginning of a key.
    ...(text.includes(' ') ? [...commands, ...typeNext] : [...typeNext, ...commands]),
  ];
}
