/** Computes a viewer's record set from scratch. `RightsView` keeps the same set up to date incrementally. */
import type { InterfaceRecord, PodRecord, RecordByTable, RecordMaps, SourceRecord, Table } from '../../model/records';
import { TABLES } from '../../model/records';
import { unmeasuredSource } from '../../model/lag';
import { RIGHTS } from '../../model/source-ids';
import type { Visibility } from './hidden-names';
import { namespaceOfId, visibleRecord } from './visible-record';

/** The rights of a viewer. */
export interface ViewerRights {
  readonly namespaces: ReadonlySet<string>;
  /** Why no pods are shown, in one sentence; null when the rights were determined. */
  readonly trouble: string | null;
}

/** The namespace in the record's id, for tables that list namespaces; null for other tables. */
export function namespaceOfRecord(table: Table, id: string): string | null {
  return table === 'pods' || table === 'networks' || table === 'ipPools' ? namespaceOfId(id) : null;
}

/** The networks that a pod requests, or the network of an interface. */
export const networksOf = (record: PodRecord | InterfaceRecord): readonly string[] =>
  'requested' in record ? record.requested.map(({ network }) => network) : [record.network];

/** The source record of the viewer's rights: its reason states the number of hidden pods. */
export function rightsSource(hiddenPods: number, trouble: string | null): SourceRecord {
  const record = (state: SourceRecord['state'], reason: string | null): SourceRecord =>
    unmeasuredSource({ id: RIGHTS, asOf: null, state, reason });
  if (trouble !== null) return record('failing', trouble);
  if (hiddenPods === 0) return record('live', null);
  return record('denied', `${hiddenPods} ${hiddenPods === 1 ? 'pod' : 'pods'} you may not see`);
}

/** The names that the viewer may and may not see. `visible`: namespaces with rights. */
export function visibilityOf(records: RecordMaps, visible: ReadonlySet<string>): Visibility {
  const hidden = new Set<string>();
  for (const table of ['pods', 'networks', 'ipPools'] as const)
    for (const id of records[table].keys()) {
      const namespace = namespaceOfRecord(table, id);
      if (namespace !== null && !visible.has(namespace)) hidden.add(namespace);
    }
  const used = new Set<string>();
  for (const table of ['pods', 'interfaces'] as const)
    for (const record of records[table].values())
      if (visible.has(namespaceOfId(record.id) ?? ''))
        for (const network of networksOf(record)) if (isHidden(network, visible)) used.add(network);
  return { visible, hidden, used };
}

/** Whether the id's namespace is not in `visible`; false without a namespace. */
export function isHidden(id: string, visible: ReadonlySet<string>): boolean {
  const namespace = namespaceOfId(id);
  return namespace !== null && !visible.has(namespace);
}

function visibleTable<T extends Table>(
  table: T,
  records: ReadonlyMap<string, RecordByTable[T]>,
  visibility: Visibility,
): ReadonlyMap<string, RecordByTable[T]> {
  const seen = new Map<string, RecordByTable[T]>();
  for (const [id, record] of records) {
    const one = visibleRecord(table, record, visibility);
    if (one !== null) seen.set(id, one);
  }
  return seen;
}

/** The whole set as the viewer sees it. Pure. */
export function visibleSet(records: RecordMaps, { namespaces, trouble }: ViewerRights): RecordMaps {
  const visibility = visibilityOf(records, namespaces);
  const seen = Object.fromEntries(
    TABLES.map((table) => [table, visibleTable(table, records[table] as ReadonlyMap<string, never>, visibility)]),
  ) as unknown as RecordMaps;
  const rights = rightsSource(records.pods.size - seen.pods.size, trouble);
  return { ...seen, sources: new Map([...seen.sources, [RIGHTS, rights]]) };
}
