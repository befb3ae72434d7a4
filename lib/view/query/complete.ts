/** Completes queries with values from the cluster. */
import { byNaturalName } from '../../model/order';
import { ruleWords } from '../cause-words';
import { groupKeyOf } from '../node-groups';
import type { ViewSource } from '../view-source';
import { hasKey, kindsWith } from './facts/index';
import { KEYS, KINDS, nounsOf, isKey, kindOfWord, specOf, type Key, type Kind } from './facts/keys';
import { networkNames, tagTexts } from './facts/names';

export interface Completion {
  /** The whole text after accepting it. */
  readonly text: string;
  /** Position of the caret in that text. */
  readonly caret: number;
  readonly label: string;
  /** Explanation; empty when the label is enough. */
  readonly about: string;
}

const MAX_COMPLETIONS = 8;

interface KnownOfPods {
  readonly namespaces: ReadonlyMap<string, number>;
  /** `app=web` */
  readonly labels?: ReadonlySet<string>;
}

const NOTHING: KnownOfPods = { namespaces: new Map() };

/** The part being typed: from the last blank outside quotes to the caret. */
function partBefore(text: string, caret: number): { readonly from: number; readonly typed: string } {
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < caret; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /\s/.test(text[at] ?? '')) from = at + 1;
  }
  return { from, typed: text.slice(from, caret) };
}

const distinct = (values: Iterable<string | null | undefined>): readonly string[] => {
  const found = new Set<string>();
  for (const value of values) if (typeof value === 'string' && value !== '') found.add(value);
  return [...found].sort(byNaturalName);
};

/** The values in small tables; empty for keys with as many values as pods. */
function valuesIn(source: ViewSource, key: Key, known: KnownOfPods): readonly string[] {
  const { nodes, networks, subnets, findings } = source.records;
  const ofNodes = (
    read: (node: typeof nodes extends ReadonlyMap<string, infer N> ? N : never) => string | null | undefined,
  ) => distinct([...nodes.values()].map(read));
  switch (key) {
    case 'ns':
      return distinct(known.namespaces.keys());
    case 'zone':
      return ofNodes(({ zone }) => zone);
    case 'type':
      return ofNodes(({ instanceType }) => instanceType);
    case 'group':
      return ofNodes((node) => groupKeyOf(source, node, 'node-group'));
    case 'cni':
      return ofNodes(({ cni }) => cni?.version);
    case 'node':
      return ofNodes(({ name }) => name);
    case 'net':
      return distinct([...networks.values()].map(({ id }) => networkNames(id)[0]));
    case 'plugin':
      return distinct([...networks.values()].flatMap(({ plugins }) => plugins));
    case 'parent':
      return distinct([...networks.values()].map(({ parent }) => parent.value));
    case 'subnet':
      return distinct(subnets.keys());
    case 'label':
      return distinct([
        ...(known.labels ?? []),
        ...[...nodes.values()].flatMap(({ labels }) => tagTexts(labels).filter((text) => text.includes('='))),
      ]);
    case 'tag':
      return distinct([...subnets.values()].flatMap(({ tags }) => tagTexts(tags).filter((text) => text.includes('='))));
    case 'ip':
      return distinct([...subnets.values()].map(({ cidr }) => cidr));
    case 'rule':
      return distinct([...findings.values()].map(({ rule }) => rule));
    case 'finding':
      return ['error', 'warning', 'info', 'any', 'none', ...distinct([...findings.values()].map(({ rule }) => rule))];
    default:
      return [];
  }
}

/** Suggestions for the text before the caret. `known`: namespaces and labels of pods, which the record set itself cannot list cheaply. */
export function complete(
  text: string,
  caret: number,
  source: ViewSource,
  known: KnownOfPods = NOTHING,
): readonly Completion[] {
  const { from, typed } = partBefore(text, caret);
  const negated = typed.startsWith('-') ? '-' : '';
  const bare = typed.slice(negated.length);
  const rest = text.slice(caret);
  const taken = (insert: string, label: string, about: string): Completion => {
    const before = `${text.slice(0, from)}${negated}${insert}`;
    return { text: before + rest, caret: before.length, label: `${negated}${label}`, about };
  };
  const kind = from === 0 ? null : kindOfWord(/^\S*/.exec(text)?.[0] ?? '');
  const [, word = '', , value = ''] = /^([a-z-]+)(:)(.*)$/i.exec(bare) ?? [];
  if (isKey(word.toLowerCase())) {
    const key = word.toLowerCase() as Key;
    const comma = value.lastIndexOf(',') + 1;
    const asked = value.slice(comma).replace(/^"/, '').toLowerCase();
    return (specOf(key).words ?? valuesIn(source, key, known))
      .filter((one) => one.toLowerCase().includes(asked) && one.toLowerCase() !== asked)
      .slice(0, MAX_COMPLETIONS)
      .map((one) => {
        const said = /[\s,"*]/.test(one) ? `"${one}"` : one;
        return taken(`${word}:${value.slice(0, comma)}${said} `, one, key === 'rule' ? ruleWords(one) : '');
      });
  }
  if (bare === '' ? from > 0 && kind === null && negated === '' : !/^[a-z-]+$/i.test(bare)) return [];
  const lower = bare.toLowerCase();
  const kinds = from === 0 && negated === '' ? KINDS.filter((one) => one.startsWith(lower) && one !== lower) : [];
  return [
    ...kinds.map((one) => taken(`${one} `, one, nounsOf(one).many)),
    ...keysFrom(lower, kind).map((key) => taken(`${key}:`, `${key}:`, aboutKey(key, kind))),
  ].slice(0, bare === '' ? 2 * MAX_COMPLETIONS : MAX_COMPLETIONS);
}

const keysFrom = (start: string, kind: Kind | null): readonly Key[] =>
  (Object.keys(KEYS) as Key[]).filter((key) => key.startsWith(start) && (kind === null || hasKey(kind, key)));

/** Explains a key, with its kinds if it does not have all of them and no kind is named. */
function aboutKey(key: Key, kind: Kind | null): string {
  const { about, example, type } = specOf(key);
  const kinds = kindsWith(key);
  const of = kind !== null || kinds.length > 3 ? '' : ` (${kinds.map((one) => nounsOf(one).many).join(', ')})`;
  // A count below zero does not exist.
  const sign = type === 'number' && example !== '0' ? '<' : ':';
  return `${about}${of}, as in ${key}${sign}${example}`;
}
