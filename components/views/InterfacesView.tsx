/** All pod interfaces as a table, with the filter and the selection of the picture. */
import { useMemo } from 'react';
import { useClientState, useNodeName } from '../../lib/client/hooks';
import { backing, reportedWords } from '../../lib/view/sentences';
import { labelOf } from '../../lib/view/record-label';
import { shortId } from '../../lib/view/selection';
import type { ChunkRecords } from '../../lib/client/set/chunk';
import { idParts } from '../../lib/model/ids';
import type { InterfaceRecord, PodRecord } from '../../lib/model/records';
import { layoutEni } from '../../lib/view/partial-set';
import type { ViewSource } from '../../lib/view/view-source';
import { partFor } from '../../lib/view/query/narrow';
import { networkNames } from '../../lib/view/query/facts/names';
import { NetworkSwatch } from '../ui/Swatch';
import { useChosenColumns, type ColumnIds } from '../table/ColumnMenu';
import { DataTable } from '../table/DataTable';
import EmptyView from './EmptyView';
import { LabelChoice, labelColumns, needLabels } from './label-columns';
import { useNarrow } from '../hooks/useNarrow';
import { useThrottledPass } from '../hooks/useThrottledPass';
import { useRecordTable } from './useRecordTable';
import { column, type Column } from '../table/column';

const byId = (a: InterfaceRecord, b: InterfaceRecord): number => (a.id < b.id ? -1 : 1);
type PodLabels = ReadonlyMap<string, PodRecord['labels']>;
interface Read {
  readonly rows: readonly InterfaceRecord[];
  /** By pod; null if no column shows labels. */
  readonly labels: PodLabels | null;
}
const readRows = ({ interfaces }: ChunkRecords): Read => ({ rows: [...interfaces.values()].sort(byId), labels: null });
const readWithLabels = (records: ChunkRecords): Read => ({
  ...readRows(records),
  labels: new Map([...records.pods].map(([id, { labels }]) => [id, labels])),
});
/** More rows are ordered by node, in order of arrival: sorting them all would block the page. */
const MOST_SORTED = 20_000;
const inOrder = (chunks: readonly Read[]): readonly InterfaceRecord[] => {
  const rows = chunks.flatMap((chunk) => chunk.rows);
  return rows.length > MOST_SORTED ? rows : rows.sort(byId);
};

const pod = (row: InterfaceRecord): string => idParts(row.pod)[1] ?? '';
const namespace = (row: InterfaceRecord): string => idParts(row.pod)[0] ?? '';
const GRADE = { observed: 'observed', inferred: '~ inferred', unknown: 'unknown' } as const;
const BACKED = { yes: 'yes', no: 'no', unknown: 'not known', 'not-applicable': 'stays on node' } as const;

interface Shown {
  readonly source: ViewSource;
  readonly nodeName: (node: string) => string;
  readonly isNarrow: boolean;
}

const columnsOf = ({ source, nodeName, isNarrow }: Shown): readonly Column<InterfaceRecord>[] => [
  column('interface', 'Interface', 'minmax(88px, 1fr)', (row) => row.name ?? 'no name', {
    cell: (row) => (
      <span className="flex items-center gap-2">
        <NetworkSwatch network={row.network} />
        {row.name ?? 'no name'}
      </span>
    ),
    part: (row) => (row.name === null ? null : partFor('if', row.name)),
  }),
  column('pod', 'Pod', isNarrow ? 'minmax(144px, 2fr)' : 'minmax(208px, 2fr)', pod, {
    early: true,
    keepsEnd: true,
    part: (row) => partFor('pod', `${namespace(row)}/${pod(row)}`),
  }),
  column('namespace', 'Namespace', 'minmax(96px, 1fr)', namespace, { part: (row) => partFor('ns', namespace(row)) }),
  column('network', 'Network', 'minmax(120px, 1.4fr)', (row) => labelOf(row.network), {
    part: (row) => partFor('net', networkNames(row.network)[0] ?? ''),
  }),
  column(
    'address',
    'Address',
    'minmax(112px, 1.2fr)',
    (row) => (row.state === 'reported' ? row.ips.join(', ') : reportedWords(row)),
    {
      early: true,
      mono: true,
      cell: (row) =>
        row.state === 'requested' ? <b className="font-sans font-semibold text-err">not reported</b> : undefined,
    },
  ),
  column('eni', 'ENI', '128px', (row) => row.eni ?? '', {
    cell: (row) => (row.eni === null ? <span className="text-text3">none known</span> : shortId(row.eni)),
    sort: (row) => row.eni,
    part: (row) => (row.eni === null ? null : partFor('eni', row.eni)),
  }),
  column('device', 'Device', '76px', (row) => {
    const index = row.eni === null ? null : (layoutEni(source, row.eni)?.deviceIndex ?? null);
    return index === null ? '' : `dev ${index}`;
  }),
  column('node', 'Node', 'minmax(112px, 1.2fr)', (row) => (row.node === null ? '' : (idParts(row.node)[0] ?? '')), {
    cell: (row) => (row.node === null ? <span className="text-text3">none</span> : nodeName(row.node)),
    part: (row) => (row.node === null ? null : partFor('node', idParts(row.node)[0] ?? '')),
  }),
  column('link', 'Link', '88px', (row) => GRADE[row.link.certainty], {
    part: (row) => partFor('link', row.link.certainty),
  }),
  column('backed', 'Backed by EC2', '104px', (row) => BACKED[backing(row, null).address], {
    cell: (row) => (backing(row, null).address === 'no' ? <b className="font-semibold text-warn">no</b> : undefined),
  }),
  column('card', 'Card', '48px', (row) => (row.card === null ? '' : String(row.card)), {
    sort: (row) => row.card,
    part: (row) => (row.card === null ? null : partFor('card', row.card)),
  }),
  { id: 'mac', title: 'MAC', width: '132px', mono: true, text: (row) => row.mac ?? '' },
];

const idOf = (row: InterfaceRecord): string => row.id;

const CALM_MS = 1000;
const LABEL_CHOICE = (shown: ColumnIds) => <LabelChoice {...shown} />;

/** The table of pod interfaces. */
export default function InterfacesView() {
  const chosen = useChosenColumns();
  const read = useThrottledPass(needLabels(chosen) ? readWithLabels : readRows, CALM_MS);
  const all = useMemo(() => inOrder(read.values), [read]);
  const replica = useClientState((state) => state.replica);
  const nodeName = useNodeName();
  const isNarrow = useNarrow();
  const columns = useMemo(() => {
    const labels: PodLabels = new Map(read.values.flatMap((chunk) => [...(chunk.labels ?? [])]));
    return [
      ...columnsOf({ source: replica, nodeName, isNarrow }),
      ...labelColumns(chosen, (row: InterfaceRecord) => labels.get(row.pod)),
    ];
  }, [replica, nodeName, isNarrow, chosen, read]);
  const table = useRecordTable(all, {
    noun: 'interfaces',
    kind: 'interface',
    left: 'shown',
    idOf,
    reading: read,
    none: (
      <EmptyView view="interfaces" title="There are no pod interfaces">
        Every pod runs on the host network, or there are no pods.
      </EmptyView>
    ),
  });
  return <DataTable {...table} columns={columns} moreColumns={LABEL_CHOICE} />;
}
