import type { NodeRecord } from '../../model/records';
import { total } from '../../model/sums';
import { groupKeyOf } from '../node-groups';
import { findingColumns, spaced, yes, type TableColumn } from './column';

/** The columns of nodes. */
export const nodeColumns: readonly TableColumn<NodeRecord>[] = [
  { id: 'node', title: 'Node', main: true, value: ({ name }) => name },
  { id: 'type', title: 'Type', main: true, value: ({ instanceType }) => instanceType },
  { id: 'zone', title: 'Zone', main: true, value: ({ zone }) => zone },
  { id: 'node_group', title: 'Node group', value: (node, { source }) => groupKeyOf(source, node, 'node-group') },
  { id: 'instance', title: 'Instance', value: ({ instanceId }) => instanceId },
  { id: 'ready', title: 'Ready', value: ({ ready }) => yes(ready) },
  { id: 'cordoned', title: 'Cordoned', value: ({ unschedulable }) => yes(unschedulable) },
  { id: 'gone', title: 'Gone', value: ({ gone }) => yes(gone) },
  { id: 'cni_version', title: 'CNI version', main: true, value: ({ cni }) => cni?.version ?? null },
  { id: 'cni_mode', title: 'CNI mode', value: ({ cni }) => cni?.mode ?? null },
  { id: 'enis', title: 'ENIs', main: true, value: ({ eniSlots }) => eniSlots.used },
  { id: 'enis_max', title: 'Max ENIs', main: true, value: ({ eniSlots }) => eniSlots.limit },
  { id: 'enis_unmanaged', title: 'Unmanaged ENIs', value: ({ eniSlots }) => eniSlots.unmanaged },
  { id: 'branch_enis', title: 'Branch ENIs', value: ({ branch }) => (branch === null ? '' : branch.used) },
  { id: 'pods', title: 'Pods', main: true, value: ({ podCount }) => podCount },
  { id: 'pods_max', title: 'Max pods', main: true, value: ({ maxPods }) => maxPods },
  { id: 'room', title: 'Room', main: true, value: ({ headroom }) => headroom.pods },
  { id: 'limited_by', title: 'Limited by', main: true, value: ({ headroom }) => headroom.limitedBy },
  { id: 'addresses', title: 'Addresses', value: ({ pools }) => total(pools.map(({ total }) => total)) },
  { id: 'assigned', title: 'Assigned', main: true, value: ({ pools }) => total(pools.map(({ assigned }) => assigned)) },
  { id: 'available', title: 'Available', value: ({ pools }) => total(pools.map(({ available }) => available)) },
  { id: 'warm', title: 'Warm', main: true, value: ({ pools }) => total(pools.map(({ warm }) => warm)) },
  { id: 'cooling', title: 'Cooling', value: ({ pools }) => total(pools.map(({ cooling }) => cooling)) },
  {
    id: 'cooling_known_at',
    title: 'Cooling known at',
    value: ({ pools }) => pools.map(({ coolingKnownAt }) => coolingKnownAt ?? '').reduce((a, b) => (a > b ? a : b), ''),
  },
  { id: 'target', title: 'Target', value: ({ pools }) => total(pools.map(({ target }) => target)) },
  {
    id: 'next',
    title: 'Next',
    value: ({ pools }) =>
      spaced(pools.flatMap(({ next }) => (next === null || next.action === 'none' ? [] : next.action))),
  },
  { id: 'created_at', title: 'Created', value: ({ createdAt }) => createdAt },
  ...findingColumns<NodeRecord>(({ id }, { findingsAt }) => findingsAt(id)),
];
