/** The records that a query selects, as a table for CSV files and `ifscope list`. */
import { byNaturalName } from '../../model/order';
import { ENIS, NODES, PODS, SUBNETS } from '../../model/source-ids';
import { SEVERITY_RANK } from '../../model/vocabulary';
import { applyPlan } from '../query/apply-filter';
import type { FilterResult } from '../filter';
import { isUnknown } from '../missing';
import { tableOfKind } from '../../model/records';
import type { RecordOfKind } from '../query/facts/index';
import { planQuery } from '../query/filter-query';
import type { Kind } from '../query/facts/keys';
import { inferKind } from '../query/infer-kind';
import { isEmptyQuery, type Query } from '../query/query';
import { factContext } from '../query/tests';
import type { ViewSource } from '../view-source';
import type { CellValue, TableColumn } from './column';
import { eniColumns } from './enis';
import { interfaceColumns } from './interfaces';
import { nodeColumns } from './nodes';
import { findingTableColumns, networkColumns, podColumns, subnetColumns } from './others';

const COLUMNS: { readonly [K in Kind]: readonly TableColumn<RecordOfKind[K]>[] } = {
  interface: interfaceColumns,
  pod: podColumns,
  node: nodeColumns,
  eni: eniColumns,
  subnet: subnetColumns,
  network: networkColumns,
  finding: findingTableColumns,
};

/** The source that must have answered for records of the kind to be known; null for findings, which depend on many. */
const SOURCE_OF: Readonly<Record<Kind, string | null>> = {
  interface: PODS,
  pod: PODS,
  node: NODES,
  eni: ENIS,
  subnet: SUBNETS,
  network: PODS,
  finding: null,
};

const leftOf = ({ shown, pods, nodes, enis, subnets, networks, findings }: FilterResult, kind: Kind) =>
  ({ interface: shown, pod: pods, node: nodes, eni: enis, subnet: subnets, network: networks, finding: findings })[
    kind
  ];

/** A table as data. */
export interface TableAnswer {
  readonly kind: Kind;
  /** Number of records of the kind, including those that the query leaves out. */
  readonly total: number;
  /** Why records of the kind are not known, to follow their noun; null when they are known. */
  readonly unknown: string | null;
  readonly columns: readonly { readonly id: string; readonly title: string; readonly main: boolean }[];
  /** One row per record, with one value per column. */
  readonly rows: readonly { readonly id: string; readonly values: readonly CellValue[] }[];
}

function order(kind: Kind, source: ViewSource): (a: string, b: string) => number {
  if (kind !== 'finding') return byNaturalName;
  const rank = (id: string): number => SEVERITY_RANK[source.records.findings.get(id)?.severity ?? 'info'];
  return (a, b) => rank(a) - rank(b) || byNaturalName(a, b);
}

function unknownWords({ records }: ViewSource, kind: Kind): string | null {
  const source = records.sources.get(SOURCE_OF[kind] ?? '');
  if (source === undefined || !isUnknown(source)) return null;
  return `not known: ${source.id} is ${source.state}${source.reason === null ? '' : ` (${source.reason})`}`;
}

function tableOf(source: ViewSource, kind: Kind, ids: ReadonlySet<string> | null): TableAnswer {
  const records: ReadonlyMap<string, RecordOfKind[Kind]> = source.records[tableOfKind(kind)];
  // Safe cast: records and columns are of the same kind.
  const columns = COLUMNS[kind] as readonly TableColumn<RecordOfKind[Kind]>[];
  const context = factContext(source);
  const wanted = [...(ids ?? records.keys())].filter((id) => records.has(id)).sort(order(kind, source));
  return {
    kind,
    total: records.size,
    unknown: unknownWords(source, kind),
    columns: columns.map(({ id, title, main }) => ({ id, title, main: main === true })),
    rows: wanted.flatMap((id) => {
      const record = records.get(id);
      return record === undefined ? [] : [{ id, values: columns.map(({ value }) => value(record, context)) }];
    }),
  };
}

/** The table of the query's kind, or of interfaces without a kind. */
export function answerTable(source: ViewSource, query: Query): TableAnswer {
  if (isEmptyQuery(query)) return tableOf(source, 'interface', null);
  const kind = inferKind(query).kind ?? 'interface';
  const result = applyPlan(source, planQuery(query));
  return tableOf(source, kind, leftOf(result, kind));
}
