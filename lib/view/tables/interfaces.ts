import { idParts } from '../../model/ids';
import type { InterfaceRecord } from '../../model/records';
import { networkNames } from '../query/facts/names';
import { layoutEni } from '../partial-set';
import { labelCell, spaced, type TableColumn } from './column';

const lastName = (id: string | null): string => (id === null ? '' : (idParts(id).at(-1) ?? ''));

/** The columns of interfaces. */
export const interfaceColumns: readonly TableColumn<InterfaceRecord>[] = [
  { id: 'namespace', title: 'Namespace', main: true, value: ({ pod }) => idParts(pod)[0] ?? '' },
  { id: 'pod', title: 'Pod', main: true, value: ({ pod }) => idParts(pod)[1] ?? '' },
  { id: 'interface', title: 'Interface', main: true, value: ({ name }) => name },
  { id: 'network', title: 'Network', main: true, value: ({ network }) => networkNames(network)[0] ?? network },
  { id: 'state', title: 'State', main: true, value: ({ state }) => state },
  { id: 'addresses', title: 'Addresses', main: true, value: ({ ips }) => spaced(ips) },
  { id: 'mac', title: 'MAC', value: ({ mac }) => mac },
  { id: 'eni', title: 'ENI', main: true, value: ({ eni }) => eni },
  {
    id: 'device',
    title: 'Device',
    value: ({ eni }, { source }) => (eni === null ? null : (layoutEni(source, eni)?.deviceIndex ?? null)),
  },
  { id: 'card', title: 'Card', value: ({ card }) => card },
  { id: 'host_nic', title: 'Host NIC', value: ({ hostNic }) => lastName(hostNic) },
  { id: 'node', title: 'Node', main: true, value: ({ node }) => lastName(node) },
  { id: 'zone', title: 'Zone', value: ({ node }, { source }) => source.records.nodes.get(node ?? '')?.zone ?? null },
  { id: 'backed', title: 'Backed', value: ({ addresses }) => spaced(addresses.map(({ backed }) => backed)) },
  { id: 'link_rule', title: 'Rule', value: ({ link }) => link.rule },
  { id: 'link_certainty', title: 'Certainty', value: ({ link }) => link.certainty },
  { id: 'evidence', title: 'Evidence', value: ({ link }) => link.evidence },
  { id: 'labels', title: 'Labels', value: ({ pod }, { source }) => labelCell(source.records.pods.get(pod)?.labels) },
];
