/**
 * Pod interfaces as CSV for other programs: raw values, one row per interface, in natural order of their ids.
 */
import { idParts } from '../model/ids';
import { byNaturalName } from '../model/order';
import type { ClusterInfo, RecordMaps } from '../model/records';
import { toCsv } from './csv';

const HEADER = [
  'cluster',
  'namespace',
  'pod',
  'interface',
  'network',
  'state',
  'addresses',
  'mac',
  'eni',
  'device',
  'card',
  'host_nic',
  'node',
  'zone',
  'backed',
  'link_rule',
  'link_certainty',
  'evidence',
] as const;

const text = (value: string | number | null | undefined): string =>
  value === null || value === undefined ? '' : String(value);
const name = (id: string | null): string => (id === null ? '' : (idParts(id).at(-1) ?? ''));

/** A header line, then one line per interface. Lists in a cell are separated by spaces; an unknown value is empty. */
export function interfacesCsv(records: RecordMaps, cluster: ClusterInfo): string {
  const of = [cluster.name, cluster.demo ? '(demo data)' : null].filter((part) => part !== null).join(' ');
  const rows = [...records.interfaces.values()].sort((a, b) => byNaturalName(a.id, b.id));
  return toCsv(
    HEADER,
    rows.map((row) => {
      const [namespace = '', pod = ''] = idParts(row.pod);
      const network = row.network === 'cluster' ? 'cluster' : idParts(row.network).join('/');
      return [
        of,
        namespace,
        pod,
        text(row.name),
        network,
        row.state,
        row.ips.join(' '),
        text(row.mac),
        text(row.eni),
        text(records.enis.get(row.eni ?? '')?.deviceIndex),
        text(row.card),
        name(row.hostNic),
        name(row.node),
        text(records.nodes.get(row.node ?? '')?.zone),
        row.addresses.map((address) => address.backed).join(' '),
        row.link.rule,
        row.link.certainty,
        row.link.evidence,
      ];
    }),
  );
}
