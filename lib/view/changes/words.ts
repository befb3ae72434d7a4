/** A burst of changes as one sentence. */
import { thousands } from '../../model/counted';
import { idParts } from '../../model/ids';
import { NOUNS, type Table } from '../../model/records';
import type { ChangeKind } from '../../model/vocabulary';
import { tally } from '../../model/sums';
import { shortName, type CommonName } from '../node-names';
import { groupOf, isSlot, type DescribedChange, type DescribedField } from './described-change';

/** `1 pod`, `1,240 pods`. */
export const counted = (count: number, table: Table): string =>
  `${thousands(count)} ${NOUNS[table][count === 1 ? 'one' : 'many']}`;

const nodesOf = (changes: readonly DescribedChange[]): ReadonlySet<string> =>
  new Set(changes.flatMap(({ node }) => node ?? []));

/** ` on 8 nodes`; empty when the nodes are the subject or not known. */
function where(changes: readonly DescribedChange[], preposition: string): string {
  const nodes = nodesOf(changes);
  const [only] = nodes;
  if (only === undefined || changes[0]?.table === 'nodes') return '';
  return nodes.size === 1
    ? ` ${preposition} node ${idParts(only)[0] ?? only}`
    : ` ${preposition} ${thousands(nodes.size)} nodes`;
}

/** The common property of a burst's records, to follow their noun. */
function ofWhat(table: Table, group: string): string {
  if (group === '') return '';
  if (table === 'pods') return ` of ${group}`;
  if (table === 'interfaces') return ` of pods of ${group}`;
  return ` ${group}`;
}

/** Drops the holder of a slot: `assigned to interface eth0 of …` → `assigned`. */
const stateOnly = (text: string): string => text.replace(/ to (interface|pod) .*$/, '');

function transition({ field, before, after }: DescribedField): string {
  const slot = isSlot(field);
  const to = slot ? stateOnly(after) : after;
  if (before === null) return slot ? `now ${to}` : `${field} is now ${to}`;
  const from = slot ? stateOnly(before) : before;
  return slot ? `from ${from} to ${to}` : `${field} from ${from} to ${to}`;
}

/** Maximum number of transitions named in a sentence. */
const MAX_NAMED = 3;

/**
 * The transitions with their counts, most frequent first. Fields with different values each time are named without
 * values.
 */
function transitions(fields: readonly DescribedField[], name: (field: DescribedField) => string): string {
  const sorted = [...tally(fields.map(name))].sort(([, a], [, b]) => b - a);
  const named = sorted.slice(0, MAX_NAMED).map(([text, count]) => `${thousands(count)} ${text}`);
  const rest = sorted.slice(MAX_NAMED).reduce((sum, [, count]) => sum + count, 0);
  return [...named, ...(rest === 0 ? [] : [`${thousands(rest)} others`])].join(', ');
}

function slotsSentence(changes: readonly DescribedChange[]): string {
  const fields = changes.flatMap((change) => change.fields.filter(({ field }) => isSlot(field)));
  const enis = new Set(changes.map(({ id }) => id)).size;
  const slots = `${thousands(fields.length)} ${fields.length === 1 ? 'slot' : 'slots'}`;
  return `${slots} of ${counted(enis, 'enis')} changed: ${transitions(fields, transition)}.`;
}

function changedSentence(changes: readonly DescribedChange[], subject: string): string {
  const byField = Map.groupBy(
    changes.flatMap(({ fields }) => fields),
    ({ field }) => (isSlot(field) ? 'slots' : field),
  );
  const parts = [...byField].map(([name, fields]) => {
    const [first, ...others] = new Set(fields.map(transition));
    return first !== undefined && others.length === 0 && name !== 'slots' ? first : name;
  });
  return `${subject} changed: ${parts.join('; ')}.`;
}

/** The sentence for a burst; a single change keeps its own sentence. `changes` must not be empty. */
export function burstSentence(changes: readonly DescribedChange[]): string {
  const [first] = changes;
  if (first === undefined) return '';
  if (changes.length === 1) return first.sentence;
  const { kind, table } = first;
  if (table === 'enis' && kind === 'changed' && first.fields.every(({ field }) => isSlot(field)))
    return slotsSentence(changes);
  const things = new Set(changes.map(({ id }) => id)).size;
  if (things === 1 && kind !== 'changed')
    return `${changes.at(-1)?.sentence.replace(/\.$/, '') ?? ''}, ${changes.length} times.`;
  const subject = `${counted(things, table)}${ofWhat(table, groupOf(first))}`;
  return kind === 'changed'
    ? changedSentence(changes, subject)
    : `${subject} ${kind}${where(changes, PREPOSITION[kind])}.`;
}

const PREPOSITION: Readonly<Record<Exclude<ChangeKind, 'changed'>, string>> = {
  appeared: 'on',
  went: 'from',
  moved: 'to',
};

/** The sentence with node names shortened as in the picture: `node …1-17`. */
export const shortNames = (sentence: string, common: CommonName | null): string =>
  sentence.replace(/\b([Nn]ode) (\S+)/g, (_, noun: string, word: string) => {
    const name = word.replace(/[.,;:]+$/, '');
    const { text, stripped } = shortName(name, common);
    return `${noun} ${stripped ? '…' : ''}${text}${word.slice(name.length)}`;
  });
