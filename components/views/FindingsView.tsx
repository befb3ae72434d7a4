import { useMemo } from 'react';
import { useClientState, useDerived, useNodeName, useServerNow } from '../../lib/client/hooks';
import { useMuted } from '../../lib/client/hooks-muted';
import { ageOf } from '../../lib/view/age';
import { kindWord, labelOf } from '../../lib/view/record-label';
import type { ClientState } from '../../lib/client/client-state';
import { kindOfId } from '../../lib/model/ids';
import { byNaturalName } from '../../lib/model/order';
import type { FindingRecord, Table } from '../../lib/model/records';
import { SEVERITY_RANK } from '../../lib/model/vocabulary';
import { silentWords } from '../../lib/view/silent-sources';
import { findTroubles } from '../../lib/view/troubles';
import { Empty } from '../ui/Empty';
import { SeverityIcon } from '../ui/SeverityIcon';
import { DataTable } from '../table/DataTable';
import EmptyView from './EmptyView';
import { FindingCauses } from './FindingCauses';
import { MutedFindings } from './MutedFindings';
import { useNarrow } from '../hooks/useNarrow';
import { useRecordTable } from './useRecordTable';
import { column, type Column } from '../table/column';

const TABLES: readonly Table[] = ['findings', 'nodes'];
/** In the order of the causes above the table. */
const readRows = ({ replica }: ClientState): readonly FindingRecord[] => {
  const places = new Map(
    findTroubles(replica).causes.map(({ severity, rule }, place) => [`${severity} ${rule}`, place]),
  );
  const placeOf = ({ severity, rule }: FindingRecord): number => places.get(`${severity} ${rule}`) ?? 0;
  return [...replica.records.findings.values()].sort((a, b) => placeOf(a) - placeOf(b) || byNaturalName(a.id, b.id));
};

const subject = (row: FindingRecord): string => row.subjects[0] ?? '';
const kind = (row: FindingRecord): string => {
  const found = kindOfId(subject(row));
  return found === null ? '' : kindWord(found);
};

/** `narrow`: the subject is beside the icon, before the sentence. */
const columnsAt = (
  now: number,
  nodeName: (node: string) => string,
  narrow: boolean,
): readonly Column<FindingRecord>[] => {
  const [severity, finding, about, ...others] = allColumns(now, nodeName);
  if (severity === undefined || finding === undefined || about === undefined) return [];
  if (!narrow) return [severity, finding, about, ...others];
  return [
    { ...severity, titleIsSpoken: true, width: '20px', cell: (row) => <SeverityIcon severity={row.severity} /> },
    { ...about, width: 'minmax(96px, 1fr)', wraps: 'on phone' },
    { ...finding, width: 'minmax(150px, 2fr)', wraps: 'on phone' },
    ...others,
  ];
};

const allColumns = (now: number, nodeName: (node: string) => string): readonly Column<FindingRecord>[] => [
  column('severity', 'Severity', '84px', (row) => row.severity, {
    sort: (row) => SEVERITY_RANK[row.severity],
    cell: (row) => (
      <span className="flex items-center gap-1.5">
        <SeverityIcon severity={row.severity} label={false} /> {row.severity}
      </span>
    ),
  }),
  { id: 'finding', title: 'Finding', width: 'minmax(220px, 3fr)', text: (row) => row.title, wraps: 'as needed' },
  column('about', 'About', 'minmax(144px, 2fr)', (row) => labelOf(subject(row)), {
    wraps: 'as needed',
    cell: (row) => (kindOfId(subject(row)) === 'node' ? nodeName(subject(row)) : undefined),
  }),
  { id: 'kind', title: 'Kind', width: '88px', text: kind },
  { id: 'rule', title: 'Rule', width: 'minmax(168px, 1fr)', mono: true, text: (row) => row.rule },
  column('since', 'Since', '72px', (row) => ageOf(row.since, now) ?? 'not known', {
    sort: (row) => (row.since === null ? null : -Date.parse(row.since)),
  }),
];

const idOf = (row: FindingRecord): string => row.id;

/** Update interval of ages, in ms. */
const TICK = 10_000;

/** The causes of findings and the table of findings. */
export default function FindingsView() {
  const all = useDerived(TABLES, readRows);
  const now = useServerNow(TICK);
  const nodeName = useNodeName();
  const narrow = useNarrow();
  const columns = useMemo(() => columnsAt(now, nodeName, narrow), [now, nodeName, narrow]);
  const muted = useMuted().length;
  const partial = useClientState((state) => silentWords(state.replica.records.sources));
  const table = useRecordTable(all, {
    noun: 'findings',
    kind: 'finding',
    left: 'findings',
    idOf,
    none:
      partial !== '' ? (
        <Empty title="There are no findings so far">{`Some rules could not run: ${partial} cannot be read now.`}</Empty>
      ) : (
        <EmptyView view="findings" title={muted === 0 ? 'There are no findings' : 'All findings are muted'}>
          {muted === 0 ? 'Every rule ran and found nothing wrong.' : 'What is muted, and why, is listed above.'}
        </EmptyView>
      ),
  });
  return (
    <DataTable
      {...table}
      columns={columns}
      above={
        <>
          <FindingCauses findings={table.rows} now={now} />
          <MutedFindings />
        </>
      }
      note={
        <>
          {table.note}
          {partial !== '' && ` · rules that need ${partial} did not run`}
        </>
      }
    />
  );
}
