/** Finds the rows of the kinds table that an object, a kind or a file name refers to. */
import { KINDS } from '../../normalise/kubernetes/kinds';
import type { AnyKindRow } from '../../normalise/kubernetes/kinds';

const NO_ROWS: readonly AnyKindRow[] = [];

/** Events are served by a second API group as well; NetworkPolicy used to be in `extensions`. */
const SAME_GROUP: Readonly<Record<string, string>> = {
  'events.k8s.io/Event': '/Event',
  'extensions/NetworkPolicy': 'networking.k8s.io/NetworkPolicy',
};

const byGroupKind = new Map<string, AnyKindRow[]>();
for (const row of KINDS) {
  const key = `${row.group}/${row.kind}`;
  byGroupKind.set(key, [...(byGroupKind.get(key) ?? []), row]);
}

/** The rows of a kind, in any version, because the normalisers read all versions. */
export function rowsOf(group: string, kind: string): readonly AnyKindRow[] {
  const key = `${group}/${kind}`;
  return byGroupKind.get(SAME_GROUP[key] ?? key) ?? NO_ROWS;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * The rows that a file name refers to: `kubernetes/pods-a.json`, `nads.json`, `ippools.whereabouts.cni.cncf.io.json`.
 * Only for files whose content does not reveal the kind: an empty `List`, or an unreadable file.
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
