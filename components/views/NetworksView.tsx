import { useMemo } from 'react';
import { useClientState, useDerived, usePageState } from '../../lib/client/hooks';
import { ipamWords, pluginWords } from '../../lib/view/network-words';
import { labelOf } from '../../lib/view/record-label';
import type { ClientState } from '../../lib/client/client-state';
import { byNaturalName } from '../../lib/model/order';
import type { NetworkRecord, Severity, Table } from '../../lib/model/records';
import { worstSeverity } from '../../lib/view/severity';
import { networkUse } from '../../lib/view/partial-set';
import { recordsOf } from '../../lib/view/view-source';
import { NetworkSwatch } from '../ui/Swatch';
import { DataTable } from '../table/DataTable';
import EmptyView from './EmptyView';
import { ByNode, NetworkMatrix } from './NetworkMatrix';
import { column, type Column } from '../table/column';
import { findings, numbers } from './columns';
import { useRecordTable } from './useRecordTable';

interface Row {
  readonly network: NetworkRecord;
  readonly interfaces: number;
  readonly nodes: number;
  readonly findings: number;
  readonly worst: Severity | null;
}

const TABLES: readonly Table[] = ['networks', 'interfaces', 'attachments', 'findings'];
const readRows = ({ replica }: ClientState): readonly Row[] =>
  [...replica.records.networks.values()]
    .map((network) => {
      const { interfaces, nodes } = networkUse(replica, network.id);
      const about = recordsOf(replica.indexes.findingsBySubject, network.id, replica.records.findings);
      return {
        network,
        interfaces,
        nodes: nodes.size,
        findings: about.length,
        worst: worstSeverity(about.map(({ severity }) => severity)),
      };
    })
    .sort((a, b) =>
      a.network.id === 'cluster' ? -1 : b.network.id === 'cluster' ? 1 : byNaturalName(a.network.id, b.network.id),
    );

const COLUMNS: readonly Column<Row>[] = [
  column('network', 'Network', 'minmax(180px, 1.4fr)', ({ network }) => labelOf(network.id), {
    cell: ({ network }) => (
      <span className="flex items-center gap-2">
        <NetworkSwatch network={network.id} />
        <span className="truncate">{labelOf(network.id)}</span>
        {network.missing && <b className="font-semibold text-err">does not exist</b>}
      </span>
    ),
  }),
  column('plugins', 'Plugins', 'minmax(180px, 1.6fr)', ({ network }) => pluginWords(network)),
  column('ipam', 'Addresses', 'minmax(200px, 2fr)', ({ network }) => ipamWords(network)),
  numbers('pods', 'Pods', '64px', ({ network }) => network.podCount),
  numbers('interfaces', 'Interfaces', '80px', (row) => row.interfaces),
  numbers('nodes', 'Nodes', '64px', (row) => row.nodes),
  findings(),
];

const idOf = (row: Row): string => row.network.id;

/** The list of networks, or the matrix of networks by node. */
const NetworksView = () => (usePageState((page) => page.byNode) ? <NetworkMatrix /> : <NetworkList />);

function NetworkList() {
  const table = useRecordTable(useDerived(TABLES, readRows), {
    noun: 'networks',
    kind: 'network',
    left: 'networks',
    idOf,
    none: (
      <EmptyView view="networks" title="There are no networks">
        The cluster network appears with the first pod.
      </EmptyView>
    ),
  });
  const nads = useClientState((state) =>
    [...state.replica.records.sources.values()].find(({ id }) => id.includes('network-attachment-definitions')),
  );
  const note = useMemo(() => {
    if (nads === undefined || nads.state === 'live' || nads.state === 'starting') return null;
    return nads.state === 'absent'
      ? ' · no Multus: the cluster has no NetworkAttachmentDefinition kind'
      : ` · NetworkAttachmentDefinitions are ${nads.state === 'denied' ? 'not permitted' : nads.state}${nads.reason === null ? '' : `: ${nads.reason}`}`;
  }, [nads]);
  return (
    <DataTable
      {...table}
      columns={COLUMNS}
      note={
        <>
          {table.note}
          {note}
          <ByNode />
        </>
      }
    />
  );
}

export default NetworksView;
