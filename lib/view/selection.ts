/** Entries of the details stack: a record, or an ENI's slot, `eni-…/10.0.1.4` (`eni-…/free` without an address). */
import { kindOfId } from '../model/ids';
import type { RecordKind } from '../model/records';

/** Represents a slot without an address. */
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
