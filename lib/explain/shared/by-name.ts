/** Finds the record that a name without a namespace refers to. It never guesses: an ambiguous name yields all matches. */
import { nameOf, nodeId } from '../../model/ids';
import { byNaturalName } from '../../model/order';
import type { Replica } from '../../records/replica';
import { firstOf } from '../../view/lookup/first-of';
import { textIndexOf } from '../../view/lookup/text-index';
import { notThere } from './not-there';
import type { Subject } from './subject';
import type { SubjectKind } from './subject-kinds';

/** Kinds that may be referred to by a name alone. */
export const NAMED_KINDS = ['pod', 'node', 'network', 'interface'] as const satisfies readonly SubjectKind[];
export type NamedKind = (typeof NAMED_KINDS)[number];

/** Maximum number of candidates in an answer. */
const MAX_NAMES = 10;

function idsNamed(replica: Replica, kind: NamedKind, name: string): readonly string[] {
  const { records } = replica;
  switch (kind) {
    case 'pod':
      return [...textIndexOf(replica).podsNamed(name)];
    case 'node':
      return records.nodes.has(nodeId(name)) ? [nodeId(name)] : [];
    case 'network':
      return [...records.networks.values()].flatMap((network) => (network.name === name ? [network.id] : []));
    case 'interface': {
      const [pod = '', iface, ...more] = name.split('/');
      if (iface === undefined || more.length > 0) return [];
      const ids = idsNamed(replica, 'pod', pod).map((id) => `if:${nameOf(id)}/${iface}`);
      return ids.filter((id) => records.interfaces.has(id));
    }
  }
}

const subjectName = ({ kind, id }: Subject): string => `${kind} ${nameOf(id)}`;

const listed = (names: readonly string[]): string =>
  names.length > MAX_NAMES
    ? `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`
    : names.join(', ');

/** Names that contain it. */
function similar(replica: Replica, kinds: readonly NamedKind[], name: string): string {
  const prefixes = kinds.map((kind): readonly [string, NamedKind] => [kind === 'network' ? 'net:' : `${kind}:`, kind]);
  const found = firstOf([...textIndexOf(replica).idsWith(name.toLowerCase())], 10 * MAX_NAMES).flatMap((id) => {
    const kind = prefixes.find(([prefix]) => id.startsWith(prefix))?.[1];
    return kind === undefined ? [] : [subjectName({ kind, id })];
  });
  return found.length === 0 ? '' : `; these names contain it: ${listed(found.sort(byNaturalName))}`;
}

/** The only record of these kinds that one of the words names; a text if there is none, or several. */
export function subjectNamed(
  replica: Replica,
  kinds: readonly NamedKind[],
  words: readonly string[],
): Subject | string {
  for (const name of words) {
    const found = kinds.flatMap((kind) => idsNamed(replica, kind, name).map((id): Subject => ({ kind, id })));
    const [first, ...others] = found;
    if (first === undefined) continue;
    if (others.length === 0) return first;
    return `${name} is the name of ${listed(found.map(subjectName).sort(byNaturalName))}: say which, with its namespace`;
  }
  const [name = ''] = words;
  const what = kinds.length === 1 ? kinds.join('') : 'pod, node or network';
  return notThere(replica, kinds, words, `no ${what} is named ${name}${similar(replica, kinds, name)}`);
}
