/** All nodes as a table: type, fullness and findings. */
import { useMemo } from 'react';
import { useNodeName } from '../../lib/client/hooks';
import type { ClientState } from '../../lib/client/client-state';
import type { NodeRecord, Severity, Table } from '../../lib/model/records';
import { total } from '../../lib/model/sums';
import { poolFigures } from '../../lib/view/labels';
import { LIMIT_WORDS } from '../../lib/view/limit-words';
import { partFor } from '../../lib/view/query/narrow';
import { sortRows } from '../../lib/view/table-sort';
import { findTroubles } from '../../lib/view/troubles';
import { useThrottledDerived } from '../hooks/useThrottledDerived';
import { DataTable } from '../table/DataTable';
import EmptyView from './EmptyView';
import { column, type Column } from '../table/column';
import { findings } from './columns';
import { useRecordTable } from './useRecordTable';

interface Row {
  readonly node: NodeRecord;
  readonly findings: number;
  readonly worst: Severity | null;
}

const TABLES: readonly Table[] = ['nodes', 'findings'];
const readRows = ({ replica }: ClientState): readonly Row[] => {
  const { byNode } = findTroubles(replica);
  const rows = [...replica.records.nodes.values()].map((node): Row => {
    const trouble = byNode.get(node.id);
    return { node, findings: trouble?.count ?? 0, worst: trouble?.worst ?? null };
  });
  return sortRows(rows, ({ node }) => node.name, false);
};

const NOT_KNOWN = 'not known';
const known = (value: string | number | null): string => (value === null ? NOT_KNOWN : String(value));
const ofMost = (count: number | null, most: number | null): string =>
  count === null ? NOT_KNOWN : most === null ? String(count) : `${count} of ${most}`;
const partOf = (key: Parameters<typeof partFor>[0], value: string | number | null): string | null =>
  value === null ? null : partFor(key, value);

const READY = new Map([
  [true, 'Ready'],
  [false, 'NotReady'],
]);
const readyWords = ({ ready, unschedulable, gone, deleting }: NodeRecord): string => {
  if (gone) return 'deleted';
  const states = [ready === null ? 'not known' : READY.get(ready), unschedulable && 'cordoned', deleting && 'deleting'];
  return states.filter((word) => typeof word === 'string').join(', ');
};

const poolWords = ({ pools }: NodeRecord): string =>
  pools
    .map((pool) => {
      const figures = poolFigures(pool).map(({ count, word }) => `${count} ${word}`);
      const text = figures.length === 0 ? NOT_KNOWN : figures.join(' · ');
      return pools.length > 1 ? `card ${pool.card}: ${text}` : text;
    })
    .join('; ');

const columnsOf = (nodeName: (node: string) => string): readonly Column<Row>[] => [
  column('node', 'Node', 'minmax(112px, 1.2fr)', ({ node }) => node.name, {
    cell: ({ node }) => nodeName(node.id),
    part: ({ node }) => partFor('node', node.name),
  }),
  column(
    'type',
    'Type',
    'minmax(88px, 0.5fr)',
    ({ node }) => known(node.computeType === 'fargate' ? 'Fargate' : node.instanceType),
    { part: ({ node }) => partOf('type', node.instanceType) },
  ),
  column('zone', 'Zone', 'minmax(72px, 0.4fr)', ({ node }) => known(node.zone), {
    part: ({ node }) => partOf('zone', node.zone),
  }),
  column('state', 'State', 'minmax(104px, 0.5fr)', ({ node }) => readyWords(node), {
    early: true,
    cell: ({ node }) =>
      node.ready === false ? <b className="font-semibold text-err">{readyWords(node)}</b> : undefined,
    part: ({ node }) => `ready:${node.ready === null ? 'unknown' : node.ready ? 'yes' : 'no'}`,
  }),
  column('pods', 'Pods', '76px', ({ node }) => ofMost(node.podCount, node.maxPods), {
    align: 'end',
    sort: ({ node }) => node.podCount,
    part: ({ node }) => partOf('pods', node.podCount),
  }),
  column('room', 'Room for pods', '104px', ({ node }) => known(node.headroom.pods), {
    early: true,
    align: 'end',
    cell: ({ node }) => (node.headroom.pods === 0 ? <b className="font-semibold text-warn">no more</b> : undefined),
    sort: ({ node }) => node.headroom.pods,
    part: ({ node }) => `room:${node.headroom.pods ?? 'unknown'}`,
  }),
  column('limit', 'Limited by', '92px', ({ node }) => LIMIT_WORDS[node.headroom.limitedBy], {
    part: ({ node }) => partFor('limited', node.headroom.limitedBy),
  }),
  column('enis', 'ENIs', '60px', ({ node }) => ofMost(node.eniSlots.used, node.eniSlots.limit), {
    align: 'end',
    sort: ({ node }) => node.eniSlots.used,
    part: ({ node }) => (node.eniSlots.used === null ? null : partFor('enis', node.eniSlots.used)),
  }),
  column(
    'pool',
    'Address pool',
    'minmax(204px, 1.8fr)',
    ({ node }) => (node.pools.length === 0 ? 'none' : poolWords(node)),
    { sort: ({ node }) => total(node.pools.map(({ warm, available }) => warm ?? available)) },
  ),
  column(
    'cni',
    'VPC CNI',
    'minmax(104px, 0.5fr)',
    ({ node }) => (node.cni === null ? NOT_KNOWN : known(node.cni.version)),
    { part: ({ node }) => partOf('cni', node.cni?.version ?? null) },
  ),
  findings(),
];

const idOf = ({ node }: Row): string => node.id;

/** The table of nodes. */
export default function NodesView() {
  const all = useThrottledDerived(TABLES, readRows);
  const nodeName = useNodeName();
  const columns = useMemo(() => columnsOf(nodeName), [nodeName]);
  const table = useRecordTable(all, {
    noun: 'nodes',
    kind: 'node',
    left: 'nodes',
    idOf,
    none: (
      <EmptyView view="nodes" title="There are no nodes">
        The cluster has no node, and nothing refers to a deleted one.
      </EmptyView>
    ),
  });
  return <DataTable {...table} columns={columns} />;
}
