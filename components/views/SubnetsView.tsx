import { useMemo } from 'react';
import { useDerived } from '../../lib/client/hooks';
import { CALCULATING, subnetLimitWords } from '../../lib/capacity/words';
import type { ClientState } from '../../lib/client/client-state';
import { percent } from '../../lib/view/percent';
import { subnetUse, type SubnetUse } from '../../lib/view/subnet-use';
import { byNaturalName } from '../../lib/model/order';
import type { Severity, SubnetRecord, Table } from '../../lib/model/records';
import { shortId } from '../../lib/view/selection';
import { worstSeverity } from '../../lib/view/severity';
import { idsOf, recordsOf } from '../../lib/view/view-source';
import { useCapacityModel } from '../hooks/useCapacityModel';
import { useSteps } from '../hooks/useSteps';
import { DataTable } from '../table/DataTable';
import EmptyView from './EmptyView';
import { SubnetZones } from './SubnetZones';
import { column, type Column } from '../table/column';
import { findings, numbers } from './columns';
import { useRecordTable } from './useRecordTable';

interface Row {
  readonly subnet: SubnetRecord;
  readonly use: SubnetUse;
  readonly enis: number;
  readonly findings: number;
  readonly worst: Severity | null;
  /** How many more pods can get an address from the subnet; null when not known or not calculated yet. */
  readonly fit: number | null;
  /** What limits them, in words. */
  readonly limit: string;
}

const TABLES: readonly Table[] = ['subnets', 'enis', 'findings'];
const readRows = ({ replica: { records, indexes } }: ClientState): readonly Row[] =>
  [...records.subnets.values()]
    .map((subnet) => {
      const about = recordsOf(indexes.findingsBySubject, subnet.id, records.findings);
      return {
        subnet,
        use: subnetUse(subnet),
        enis: idsOf(indexes.enisBySubnet, subnet.id).size,
        findings: about.length,
        worst: worstSeverity(about.map(({ severity }) => severity)),
        fit: null,
        limit: '',
      };
    })
    .sort(
      (a, b) => byNaturalName(a.subnet.zone ?? '~', b.subnet.zone ?? '~') || byNaturalName(a.subnet.id, b.subnet.id),
    );

const text = (value: number | string | null): string => (value === null ? 'not known' : String(value));

const FIT = numbers<Row>('fit', 'Pods that fit', '84px', (row) => row.fit);

const COLUMNS: readonly Column<Row>[] = [
  column('subnet', 'Subnet', 'minmax(104px, 1fr)', ({ subnet }) => subnet.id, {
    cell: ({ subnet }) => shortId(subnet.id),
  }),
  column('name', 'Name', 'minmax(152px, 1.4fr)', ({ subnet }) => subnet.tags.Name ?? '', { keepsEnd: true }),
  column('range', 'Range', 'minmax(104px, 0.9fr)', ({ subnet }) => text(subnet.cidr ?? subnet.ipv6Cidr), {
    mono: true,
  }),
  { id: 'zone', title: 'Zone', width: '88px', text: ({ subnet }) => text(subnet.zone) },
  findings(),
  column('full', 'In use', 'minmax(96px, 1fr)', ({ use }) => (use.share === null ? 'not known' : percent(use.share)), {
    early: true,
    sort: ({ use }) => use.share,
    cell: ({ use }) => <Bar use={use} />,
  }),
  { ...numbers<Row>('free', 'Free', '64px', ({ use }) => use.free), early: true },
  numbers('blocks', 'Free /28', '64px', ({ subnet }) => subnet.freePrefixes),
  numbers('held', 'Held', '56px', ({ subnet }) => subnet.heldByCluster),
  numbers('enis', 'ENIs', '52px', (row) => row.enis),
  { ...FIT, text: (row) => (row.limit === CALCULATING ? CALCULATING : FIT.text(row)) },
  { id: 'limit', title: 'Limited by', width: 'minmax(116px, 1.8fr)', text: (row) => row.limit },
];

/** The used fraction, as a bar and in percent. */
function Bar({ use }: { readonly use: SubnetUse }) {
  if (use.share === null) return <span className="text-text3">not known</span>;
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden className="h-2 min-w-12 flex-1 rounded-xs bg-sunk">
        <span className="block h-full rounded-xs bg-primary" style={{ width: `${Math.round(use.share * 100)}%` }} />
      </span>
      <span className="w-10 text-right whitespace-nowrap tabular-nums">{percent(use.share)}</span>
    </span>
  );
}

const idOf = (row: Row): string => row.subnet.id;

/** The table of subnets, below their totals by zone. */
export default function SubnetsView() {
  const read = useDerived(TABLES, readRows);
  const model = useCapacityModel();
  const fitOf = useSteps(useMemo(() => (model === null ? null : () => model.fitBySubnet()), [model]));
  const all = useMemo(() => {
    // If EC2 does not report the free addresses, the number of pods is not known either.
    return read.map((row): Row => {
      const { free } = row.use;
      const found = free === null ? null : (fitOf?.(row.subnet.id) ?? null);
      const fit = found?.pods ?? null;
      if (free !== null && fitOf === null) return { ...row, limit: CALCULATING };
      return { ...row, fit, limit: subnetLimitWords({ free, fit, limits: found?.limits ?? null }) };
    });
  }, [read, fitOf]);
  const table = useRecordTable(all, {
    noun: 'subnets',
    kind: 'subnet',
    left: 'subnets',
    idOf,
    none: (
      <EmptyView view="subnets" title="There are no subnets">
        EC2 lists no subnet for this cluster’s ENIs.
      </EmptyView>
    ),
  });
  const { rows } = table;
  const figures = useMemo(
    () => rows.map(({ subnet, use, fit, limit }) => ({ subnet, free: use.free, fit, limit })),
    [rows],
  );
  return <DataTable {...table} columns={COLUMNS} above={<SubnetZones figures={figures} />} />;
}
