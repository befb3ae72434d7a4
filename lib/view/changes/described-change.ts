/** A change in words. It is described when it happens, because its record may no longer exist when it is read. */
import { idParts } from '../../model/ids';
import type { Table } from '../../model/records';
import type { ChangeKind } from '../../model/vocabulary';

/** A state that changed. */
export interface DescribedField {
  readonly field: string;
  /** Null: not known. */
  readonly before: string | null;
  readonly after: string;
}

/** A change in words. */
export interface DescribedChange {
  readonly kind: ChangeKind;
  readonly table: Table;
  /** Record id; the record may no longer exist. */
  readonly id: string;
  /** Server clock, epoch ms. */
  readonly at: number;
  readonly sentence: string;
  readonly fields: readonly DescribedField[];
  /** Node record id; null without a node. */
  readonly node: string | null;
}

/** Suffixes of ReplicaSets, Jobs and StatefulSets: a hash of the template, five random characters, an ordinal. */
const RANDOM = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const TEMPLATE = /-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/;
const ORDINAL = /-\d+$/;

/** The workload's name, from a pod's name: `web-7d9f8c6b5-x2x55` → `web`. */
export function workloadOf(pod: string): string {
  if (RANDOM.test(pod)) return pod.replace(RANDOM, '').replace(TEMPLATE, '');
  return pod.replace(ORDINAL, '');
}

/** Whether the field is the state of a slot: `slot 10.0.0.22`. */
export const isSlot = (field: string): boolean => field.startsWith('slot ');
const fieldKind = ({ field }: DescribedField): string => (isSlot(field) ? 'slots' : field);

/** What the changes of a burst share besides kind and table: a workload or a rule; `''` for nothing. */
export function groupOf({ table, id }: Pick<DescribedChange, 'table' | 'id'>): string {
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

/** Changes with the same key in one span form a burst. */
export const burstKey = (change: DescribedChange): string =>
  [
    change.kind,
    change.table,
    groupOf(change),
    ...(change.kind === 'changed' ? [...new Set(change.fields.map(fieldKind))].sort() : []),
  ].join('|');
