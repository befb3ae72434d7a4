/** Columns of the kinds whose page tables have their own layout. */
import { idParts } from '../../model/ids';
import type { FindingRecord, NetworkRecord, PodRecord, SubnetRecord } from '../../model/records';
import { networkNames } from '../query/facts/names';
import { networkUse } from '../partial-set';
import { subnetUse } from '../subnet-use';
import { idsOf } from '../view-source';
import { findingColumns, labelCell, ownFindings, spaced, yes, type TableColumn } from './column';

const nodeName = (node: string | null): string => (node === null ? '' : (idParts(node)[0] ?? ''));

/** The columns of pods. */
export const podColumns: readonly TableColumn<PodRecord>[] = [
  { id: 'namespace', title: 'Namespace', main: true, value: ({ namespace }) => namespace },
  { id: 'pod', title: 'Pod', main: true, value: ({ name }) => name },
  { id: 'node', title: 'Node', main: true, value: ({ node }) => nodeName(node) },
  { id: 'phase', title: 'Phase', main: true, value: ({ phase }) => phase },
  { id: 'addresses', title: 'Addresses', main: true, value: ({ ips }) => spaced(ips) },
  { id: 'host_network', title: 'Host network', value: ({ hostNetwork }) => yes(hostNetwork) },
  { id: 'owner', title: 'Owner', value: ({ owner }) => (owner === null ? '' : `${owner.kind}/${owner.name}`) },
  {
    id: 'networks',
    title: 'Networks',
    main: true,
    value: ({ requested }) => spaced(requested.map(({ network }) => networkNames(network)[0] ?? network)),
  },
  { id: 'labels', title: 'Labels', value: ({ labels }) => labelCell(labels) },
  { id: 'created_at', title: 'Created', value: ({ createdAt }) => createdAt },
  ...findingColumns<PodRecord>(ownFindings),
];

/** The columns of subnets. */
export const subnetColumns: readonly TableColumn<SubnetRecord>[] = [
  { id: 'subnet', title: 'Subnet', main: true, value: ({ id }) => id },
  { id: 'name', title: 'Name', main: true, value: ({ tags }) => tags.Name ?? '' },
  { id: 'range', title: 'Range', main: true, value: ({ cidr }) => cidr },
  { id: 'ipv6_range', title: 'IPv6 range', value: ({ ipv6Cidr }) => ipv6Cidr },
  { id: 'zone', title: 'Zone', main: true, value: ({ zone }) => zone },
  { id: 'size', title: 'Addresses', main: true, value: (subnet) => subnetUse(subnet).size },
  { id: 'free', title: 'Free', main: true, value: ({ availableAddresses }) => availableAddresses },
  { id: 'free_blocks', title: 'Free /28', main: true, value: ({ freePrefixes }) => freePrefixes },
  { id: 'used_by_cluster', title: 'Held by cluster', value: ({ heldByCluster }) => heldByCluster },
  { id: 'enis', title: 'ENIs', main: true, value: ({ id }, { source }) => idsOf(source.indexes.enisBySubnet, id).size },
  ...findingColumns<SubnetRecord>(ownFindings),
];

/** The columns of networks. */
export const networkColumns: readonly TableColumn<NetworkRecord>[] = [
  { id: 'network', title: 'Network', main: true, value: ({ id }) => networkNames(id)[0] ?? id },
  { id: 'plugins', title: 'Plugins', main: true, value: ({ plugins }) => spaced(plugins) },
  {
    id: 'parent',
    title: 'Parent',
    main: true,
    value: ({ parent }) => parent.value ?? (parent.kind === 'none' ? '' : parent.kind),
  },
  { id: 'mode', title: 'Mode', value: ({ mode }) => mode ?? '' },
  { id: 'vlan', title: 'VLAN', value: ({ vlan }) => vlan ?? '' },
  { id: 'ipam', title: 'IPAM', main: true, value: ({ ipam }) => (ipam === null ? '' : ipam.type) },
  { id: 'ranges', title: 'Ranges', value: ({ ipam }) => spaced(ipam?.ranges ?? []) },
  { id: 'used', title: 'Used', main: true, value: ({ ipam }) => (ipam === null ? '' : ipam.used) },
  { id: 'size', title: 'Size', main: true, value: ({ ipam }) => (ipam === null ? '' : ipam.size) },
  { id: 'missing', title: 'Missing', value: ({ missing }) => yes(missing) },
  { id: 'pods', title: 'Pods', main: true, value: ({ podCount }) => podCount },
  { id: 'nodes', title: 'Nodes', main: true, value: ({ id }, { source }) => networkUse(source, id).nodes.size },
  ...findingColumns<NetworkRecord>(ownFindings),
];

/** The columns of findings. */
export const findingTableColumns: readonly TableColumn<FindingRecord>[] = [
  { id: 'severity', title: 'Severity', main: true, value: ({ severity }) => severity },
  { id: 'rule', title: 'Rule', main: true, value: ({ rule }) => rule },
  { id: 'title', title: 'Finding', main: true, value: ({ title }) => title },
  { id: 'about', title: 'About', main: true, value: ({ subjects }) => subjects[0] ?? '' },
  { id: 'subjects', title: 'Subjects', value: ({ subjects }) => spaced(subjects) },
  { id: 'since', title: 'Since', value: ({ since }) => since },
  { id: 'detail', title: 'Detail', value: ({ detail }) => detail },
  { id: 'advice', title: 'Advice', value: ({ advice }) => advice },
  { id: 'command', title: 'Command', value: ({ command }) => command ?? '' },
];
