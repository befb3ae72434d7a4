/** A change as the page keeps it: told in words when it happened, since the record may have gone by the time it is read. */
import { idParts } from '../../model/ids';
import type { Table } from '../../model/records';
import type { ChangeKind } from '../../model/vocabulary';

export interface ToldField {
  readonly field: string;
  /** Null: not known. */
  readonly before: string | null;
  readonly after: string;
}

export interface ToldChange {
  readonly kind: ChangeKind;
  readonly table: Table;
  /** Record id; the record may have gone. */
  readonly id: string;
  /** Server clock, epoch ms. */
  readonly at: number;
  readonly sentence: string;
  readonly fields: readonly ToldField[];
  /** Node record id; null for what is on none. */
  readonly node: string | null;
}

/** What ReplicaSets, Jobs and StatefulSets put behind a name: a hash of the template, five random characters, an ordinal. */
const RANDOM = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const TEMPLATE = /-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/;
const ORDINAL = /-\d+$/;

/** The name that the pods of one workload share, as far as their names tell: `web-7d9f8c6b5-x2x55` → `web`. */
export function workloadOf(pod: string): string {
  if (RANDOM.test(pod)) return pod.replace(RANDOM, '').replace(TEMPLATE, '');
  return pod.replace(ORDINAL, '');
}

/** `slot 10.0.0.22` is one of the slots. */
export const isSlot = (field: string): boolean => field.startsWith('slot ');
const fieldKind = ({ field }: ToldField): string => (isSlot(field) ? 'slots' : field);

/** What a burst has in common besides kind and table: a workload, a rule; `''` for nothing. */
export function groupOf({ table, id }: Pick<ToldChange, 'table' | 'id'>): string {
  const parts = idParts(id);
  switch (table) {
    case 'pods':
    case 'interfaces':
      return `${parts[0] ?? ''}/${workloadOf(parts[1] ?? '')}`;
    case 'findings':
      return parts[0] ?? '';
    case 'signals':
      return id.slice(id.lastIndexOf('/') + 1);
    default:
      return '';
  }
}

/** Changes with one key in the same seconds are told as one. */
export const burstKey = (change: ToldChange): string =>
  [
    change.kind,
    change.table,
    groupOf(change),
    ...(change.kind === 'changed' ? [...new Set(change.fields.map(fieldKind))].sort() : []),
  ].join('|');
