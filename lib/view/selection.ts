/**
 * Entries of the details stack, with short labels: a record, or an ENI's slot, `eni-…/10.0.1.4` (`eni-…/free` without
 * an address).
 */
import { CLUSTER_NETWORK, idParts, kindOfId } from '../model/ids';
import { NOUNS, tableOfKind, type RecordKind } from '../model/records';

/** Stands for a slot without an address. */
export const FREE = 'free';

/** An entry, parsed. */
export interface Selected {
  /** Record id; for a slot, that of its ENI. */
  readonly id: string;
  readonly kind: RecordKind;
  /** The slot's address, `free` without one, or null for the whole record. */
  readonly slot: string | null;
}

/** The entry of a slot. `ip`: null for a slot without an address. */
export const slotEntry = (eni: string, ip: string | null): string => `${eni}/${ip ?? FREE}`;

/** Parses an entry; null for text that is not one. */
export function readEntry(entry: string): Selected | null {
  const kind = kindOfId(entry);
  if (kind === null) return null;
  const slash = entry.indexOf('/');
  if (kind !== 'eni' || slash < 0) return { id: entry, kind, slot: null };
  return { id: entry.slice(0, slash), kind, slot: entry.slice(slash + 1) };
}

/** `eni-0d3e9f1c2b3a4d544` → `eni-0d3e…44`; short ids stay whole. */
export function shortId(id: string): string {
  const dash = id.indexOf('-');
  const hex = id.slice(dash + 1);
  return hex.length <= 8 ? id : `${id.slice(0, dash + 5)}…${id.slice(-2)}`;
}

/** The noun of a kind, singular. */
export function kindWord(kind: RecordKind): string {
  const { one } = NOUNS[tableOfKind(kind)];
  return one.charAt(0).toUpperCase() + one.slice(1);
}

/** A label for any stack entry or record id, short enough for a line of text. */
export function labelOf(entry: string): string {
  const selected = readEntry(entry);
  if (selected === null) return entry;
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
