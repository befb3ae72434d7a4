/** Records and entries of the details stack in words. */
import { CLUSTER_NETWORK, idParts } from '../model/ids';
import { NOUNS, tableOfKind, type RecordKind } from '../model/records';
import { FREE, readEntry, shortId } from './selection';

/** The noun of a kind, singular. */
export function kindWord(kind: RecordKind): string {
  const { one } = NOUNS[tableOfKind(kind)];
  return one.charAt(0).toUpperCase() + one.slice(1);
}

/** A label for any stack entry or record id, short enough for a line of text. */
export function labelOf(entry: string): string {
  const selected = readEntry(entry);
  if (selected === null) return entry.replace(/^work:/, '');
  const { id, kind, slot } = selected;
  const parts = idParts(id);
  switch (kind) {
    case 'eni':
      return slot === null ? shortId(id) : slot === FREE ? `free slot of ${shortId(id)}` : slot;
    case 'network':
      return id === CLUSTER_NETWORK ? 'cluster network' : parts.join('/');
    case 'networkCard':
      return `card ${parts[1] ?? '?'}`;
    case 'interface':
      return `${parts[2] ?? '?'} of ${parts[0] ?? '?'}/${parts[1] ?? '?'}`;
    case 'hostNic':
      return parts[1] ?? id;
    case 'attachment':
      return `${parts.slice(1).join('/')} on ${parts[0] ?? '?'}`;
    case 'finding':
      return parts[0] ?? id;
    default:
      return parts.join('/');
  }
}
