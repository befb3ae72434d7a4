/** Which rows of the kinds table an object, a kind or a file name means. */
import { KINDS } from '../../normalise/kubernetes/kinds';
import type { AnyKindRow } from '../../normalise/kubernetes/kinds';

const NO_ROWS: readonly AnyKindRow[] = [];

/** Events have a second API of the same content; NetworkPolicy once lived in `extensions`. */
const SAME_GROUP: Readonly<Record<string, string>> = {
  'events.k8s.io/Event': '/Event',
  'extensions/NetworkPolicy': 'networking.k8s.io/NetworkPolicy',
};

const byGroupKind = new Map<string, AnyKindRow[]>();
for (const row of KINDS) {
  const key = `${row.group}/${row.kind}`;
  byGroupKind.set(key, [...(byGroupKind.get(key) ?? []), row]);
}

/** Any version is taken: the normalisers read them all. */
export function rowsOf(group: string, kind: string): readonly AnyKindRow[] {
  const key = `${group}/${kind}`;
  return byGroupKind.get(SAME_GROUP[key] ?? key) ?? NO_ROWS;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * What a file is about by its name: `kubernetes/pods-a.json`, `nads.json`, `ippools.whereabouts.cni.cncf.io.json`. Only for
 * files that say it by nothing else: an empty `List`, or one that cannot be read.
 */
export function rowsOfFileName(path: string): readonly AnyKindRow[] {
  const base = path.slice(path.lastIndexOf('/') + 1).replace(/\.(json|ya?ml|txt)$/i, '');
  const words = base.split(/[-_. ]+/);
  for (let length = words.length; length > 0; length--) {
    const name = plain(words.slice(0, length).join(''));
    const rows = KINDS.filter(({ resource, kind, shortNames }) =>
      [resource, kind, ...shortNames].some((written) => plain(written) === name),
    );
    if (rows.length > 0) return rows;
  }
  return NO_ROWS;
}
