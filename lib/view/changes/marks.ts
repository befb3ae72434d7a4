/** The changes to mark in the picture, by node, record and slot. */
import type { ChangeKind } from '../../model/vocabulary';
import { keptFor } from '../../model/remembered';
import { isSlot, type DescribedChange } from './described-change';

/** The changes on one node. */
export interface NodeMarks {
  readonly counts: Readonly<Record<ChangeKind, number>>;
  /** The kind of change by record id, for existing records. */
  readonly records: ReadonlyMap<string, ChangeKind>;
  /** Addresses of slots that changed, by ENI. */
  readonly slots: ReadonlyMap<string, ReadonlySet<string>>;
}

/** By node record id. */
export type ChangeMarks = ReadonlyMap<string, NodeMarks>;

/** Maximum number of marked changes per node, newest first; all changes are counted. */
const MAX_MARKED = 100;
/** Precedence of kinds: a record that appeared and then changed is marked as appeared. */
const STRENGTH: Readonly<Record<ChangeKind, number>> = { went: 3, appeared: 2, moved: 1, changed: 0 };

class Marks implements NodeMarks {
  readonly counts: Record<ChangeKind, number> = { appeared: 0, went: 0, moved: 0, changed: 0 };
  readonly records = new Map<string, ChangeKind>();
  readonly slots = new Map<string, Set<string>>();

  add({ kind, table, id, fields }: DescribedChange): void {
    this.counts[kind]++;
    if (table === 'findings' || table === 'signals' || table === 'nodes') return;
    if (table === 'enis' && kind === 'changed') {
      const ips = fields.flatMap(({ field }) => (isSlot(field) ? field.slice('slot '.length) : []));
      if (ips.length > 0 && (this.slots.has(id) || this.slots.size < MAX_MARKED)) {
        const known = keptFor(this.slots, id, () => new Set<string>());
        for (const ip of ips) known.add(ip);
      }
      if (ips.length === fields.length) return;
    }
    const before = this.records.get(id);
    if (before === undefined && this.records.size >= MAX_MARKED) return;
    if (before === undefined || STRENGTH[kind] > STRENGTH[before]) this.records.set(id, kind);
  }
}

/** The marks of these changes; changes without a node are ignored. */
export function marksOf(changes: readonly DescribedChange[]): ChangeMarks {
  const marks = new Map<string, Marks>();
  for (const change of changes) if (change.node !== null) keptFor(marks, change.node, () => new Marks()).add(change);
  return marks;
}
