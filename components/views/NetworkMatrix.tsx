/** Networks by node: the ENI that carries each network, and where it is missing. */
import { useMemo } from 'react';
import { useClientState, useGo, useNodeName, usePageState } from '../../lib/client/hooks';
import { byNaturalName } from '../../lib/model/order';
import { matrixCells, matrixWords, type MatrixCell } from '../../lib/view/network-matrix';
import { partFor } from '../../lib/view/query/narrow';
import { labelOf } from '../../lib/view/record-label';
import { useThrottledPass } from '../hooks/useThrottledPass';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { DataTable } from '../table/DataTable';
import EmptyView from './EmptyView';
import { useRecordTable } from './useRecordTable';
import { column, type Column } from '../table/column';

interface Row {
  /** Node record id. */
  readonly node: string;
  readonly cells: ReadonlyMap<string, MatrixCell>;
  readonly missing: number;
}

/** Switches between the list and the matrix. */
export function ByNode() {
  const byNode = usePageState((page) => page.byNode);
  const go = useGo();
  return (
    <>
      {' · '}
      <Button look="link" className="text-12!" onClick={() => go({ byNode: !byNode, sort: '', columns: '' })}>
        {byNode ? 'List the networks' : 'Show by node'}
      </Button>
    </>
  );
}

function rowsOf(cells: readonly MatrixCell[]): readonly Row[] {
  return [...Map.groupBy(cells, ({ node }) => node)]
    .map(([node, of]) => ({
      node,
      cells: new Map(of.map((cell) => [cell.network, cell])),
      missing: of.reduce((sum, { missing }) => sum + missing, 0),
    }))
    .sort((a, b) => byNaturalName(a.node, b.node));
}

function columnsOf(networks: readonly string[], nodeName: (node: string) => string): readonly Column<Row>[] {
  return [
    column('node', 'Node', 'minmax(120px, 1fr)', ({ node }) => node.slice('node:'.length), {
      cell: ({ node }) => nodeName(node),
      part: ({ node }) => partFor('node', node.slice('node:'.length)),
    }),
    column('missing', 'Missing', '64px', ({ missing }) => String(missing), {
      align: 'end',
      sort: ({ missing }) => missing,
      cell: ({ missing }) => (missing > 0 ? <b className="font-semibold text-err">{missing}</b> : undefined),
    }),
    ...networks.map((network): Column<Row> =>
      column(network, labelOf(network), 'minmax(128px, 1fr)', ({ cells }) => matrixWords(cells.get(network)), {
        cell: ({ cells }) => <Carried cell={cells.get(network)} />,
      }),
    ),
  ];
}

function Carried({ cell }: { readonly cell: MatrixCell | undefined }) {
  if (cell === undefined)
    return (
      <>
        <span aria-hidden>–</span>
        <span className="sr-only">not used here</span>
      </>
    );
  const words = matrixWords(cell);
  if (cell.missing > 0) return <b className="font-semibold text-err">{words}</b>;
  return cell.carrier === null ? <span className="text-text3">{words}</span> : <>{words}</>;
}

const CALM_MS = 1000;
const idOf = ({ node }: Row): string => node;

/** The matrix of nodes and networks. */
export function NetworkMatrix() {
  const read = useThrottledPass(matrixCells, CALM_MS);
  const nodeName = useNodeName();
  const nodes = useClientState(({ replica }) => replica.records.nodes.size);
  const all = useMemo(() => rowsOf(read.values.flat()), [read]);
  const networks = useMemo(
    () => [...new Set(all.flatMap(({ cells }) => [...cells.keys()]))].sort(byNaturalName),
    [all],
  );
  const columns = useMemo(() => columnsOf(networks, nodeName), [networks, nodeName]);
  const table = useRecordTable(all, {
    noun: 'nodes with networks',
    kind: 'node',
    left: 'nodes',
    idOf,
    reading: read,
    none:
      nodes > 0 ? (
        <Empty title="No pod uses a network other than the cluster’s">No node carries another network for a pod.</Empty>
      ) : (
        <EmptyView view="networks" title="There are no networks">
          The networks appear with the first pods.
        </EmptyView>
      ),
  });
  return (
    <DataTable
      {...table}
      columns={columns}
      note={
        <>
          {table.note}
          <ByNode />
        </>
      }
    />
  );
}
