/**
 * Records what a delta changes before it is applied, for the records that the page holds. Reads no chunks and formats
 * no sentences.
 */
import type { Delta, TableDelta } from '../model/delta';
import { idParts, nodeId, podId } from '../model/ids';
import { TABLES, type RecordByTable, type Table } from '../model/records';
import { applyPatch } from '../records/apply';
import {
  appearedOrWent,
  compareRecord,
  wentById,
  wordingOf,
  patchChanges,
  type TopologyChange,
} from '../snapshot/diff/record';
import type { DescribedChange } from '../view/changes/described-change';
import { nodeOfRecord } from '../view/partial-set';
import type { PageReplica } from './client-state';

interface Noted {
  readonly at: number;
  readonly node: string | null;
  readonly changes: () => readonly TopologyChange[];
}

interface AnyRecord {
  readonly id: string;
  readonly node?: string | null;
  readonly subjects?: readonly string[];
  readonly subject?: string;
}

/** Records that appeared or disappeared in a delta; their parts are not reported separately. */
interface Owners {
  readonly came: ReadonlySet<string>;
  readonly went: ReadonlySet<string>;
}

function ownersIn(replica: PageReplica, { tables }: Delta): Owners {
  const came = new Set<string>();
  const went = new Set<string>();
  for (const table of TABLES) {
    const change = tables[table];
    for (const { id } of change?.put ?? []) if (!replica.records[table].has(id)) came.add(id);
    for (const id of change?.drop ?? []) went.add(id);
  }
  return { came, went };
}

/** The owners of a record, as far as its id contains them. */
function ownersById(table: Table, id: string): readonly string[] {
  const [first = '', second = ''] = idParts(id);
  switch (table) {
    case 'interfaces':
      return [podId(first, second)];
    case 'networkCards':
    case 'hostNics':
    case 'attachments':
      return [nodeId(first)];
    default:
      return [];
  }
}

function nodeOf(replica: PageReplica, table: Table, id: string, record: AnyRecord | undefined): string | null {
  if (table === 'nodes') return id;
  if (record?.node !== undefined) return record.node;
  const subject = record?.subjects?.[0] ?? record?.subject;
  if (subject?.startsWith('node:') === true) return subject;
  return nodeOfRecord(replica, subject ?? id) ?? null;
}

/** Records what a delta is about to change. */
export function noteChanges(replica: PageReplica, delta: Delta): readonly Noted[] {
  const owners = ownersIn(replica, delta);
  return TABLES.flatMap((table) => {
    const change = delta.tables[table] as TableDelta<Table> | undefined;
    return change === undefined ? [] : noteTable(replica, table, change, { at: delta.at, owners });
  });
}

function noteTable<T extends Table>(
  replica: PageReplica,
  table: T,
  change: TableDelta<T>,
  { at, owners }: { readonly at: number; readonly owners: Owners },
): Noted[] {
  const records: ReadonlyMap<string, RecordByTable[T]> = replica.records[table];
  const wording = wordingOf(table);
  const held = (id: string): RecordByTable[T] | undefined =>
    replica.isHeld?.(table, id) === false ? undefined : records.get(id);
  const noted: Noted[] = [];
  const note = (id: string, record: AnyRecord | undefined, changes: Noted['changes']): void =>
    void noted.push({ at, node: nodeOf(replica, table, id, record), changes });
  const put = new Set(change.put.map(({ id }) => id));
  for (const id of change.drop) {
    if (put.has(id) || !records.has(id)) continue;
    const was = held(id);
    const parts = was === undefined ? ownersById(table, id) : wording.partOf(was);
    if (parts.some((owner) => owners.went.has(owner))) continue;
    note(id, was, () => [was === undefined ? wentById(table, id) : appearedOrWent('went', table, was)]);
  }
  for (const record of change.put) {
    const { id } = record;
    const was = held(id);
    if (was !== undefined) note(id, record, () => compareRecord(table, was, record));
    else if (records.has(id)) note(id, record, () => patchChanges(table, { id, set: record }));
    else if (!wording.partOf(record).some((owner) => owners.came.has(owner)))
      note(id, record, () => [appearedOrWent('appeared', table, record)]);
  }
  for (const patch of change.patch) {
    const { id } = patch;
    const was = held(id);
    if (was !== undefined) note(id, was, () => compareRecord(table, was, applyPatch(table, was, patch)));
    else if (records.has(id)) note(id, undefined, () => patchChanges(table, patch));
  }
  return noted;
}

/** The changes in words; empty when no state worth a sentence changed. */
export const describeNoted = ({ at, node, changes }: Noted): readonly DescribedChange[] =>
  changes().map(({ kind, table, id, sentence, fields }) => ({ kind, table, id, sentence, fields, node, at }));

export type { Noted };
