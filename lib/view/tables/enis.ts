import { idParts } from '../../model/ids';
import type { EniRecord } from '../../model/records';
import { addressesIn } from '../eni-outline';
import { freeSlots, warmAddresses } from '../eni-slots';
import { findingColumns, ownFindings, spaced, yes, type TableColumn } from './column';

/** Whether ipamd assigns the ENI's addresses; null when that is not known. */
export const isManaged = ({ management }: Pick<EniRecord, 'management'>): boolean | null =>
  management.state === 'unknown' ? null : management.state === 'managed';

/** Whether ipamd itself lists the ENI; null when neither its list nor its metrics were read. */
export const isInIpamd = ({ ipamd, management }: EniRecord): boolean | null => ipamd?.known ?? management.observed;

/** Whether the ENI is on a card: attached, and not a branch. */
export const hasPlace = ({ role, status }: EniRecord): boolean => role !== 'branch' && status !== 'available';

/** The columns of ENIs. */
export const eniColumns: readonly TableColumn<EniRecord>[] = [
  { id: 'eni', title: 'ENI', main: true, value: ({ id }) => id },
  { id: 'node', title: 'Node', main: true, value: ({ node }) => (node === null ? '' : (idParts(node)[0] ?? '')) },
  { id: 'card', title: 'Card', main: true, value: (eni) => (hasPlace(eni) ? eni.card : '') },
  {
    id: 'device',
    title: 'Device',
    main: true,
    value: (eni) => (hasPlace(eni) ? eni.deviceIndex : ''),
  },
  { id: 'host_device', title: 'Host device', value: ({ hostDevice }) => hostDevice?.name ?? null },
  { id: 'role', title: 'Role', main: true, value: ({ role }) => role },
  { id: 'managed', title: 'Managed', main: true, value: (eni) => yes(isManaged(eni)) },
  { id: 'why', title: 'Why', main: true, value: ({ management }) => management.rule },
  { id: 'why_certainty', title: 'Certainty', value: ({ management }) => management.certainty },
  { id: 'subnet', title: 'Subnet', main: true, value: ({ subnet }) => subnet },
  { id: 'zone', title: 'Zone', value: ({ zone }) => zone },
  { id: 'slots', title: 'Slots', value: ({ capacity }) => capacity },
  { id: 'prefixes', title: 'Prefixes', main: true, value: ({ prefixes }) => prefixes.length },
  { id: 'assigned', title: 'Assigned', main: true, value: (eni) => addressesIn(eni, 'assigned') },
  { id: 'warm', title: 'Warm', main: true, value: warmAddresses },
  { id: 'cooling', title: 'Cooling', value: (eni) => addressesIn(eni, 'cooling') },
  { id: 'free_slots', title: 'Free slots', main: true, value: freeSlots },
  { id: 'in_ipamd', title: 'In ipamd', value: (eni) => yes(isInIpamd(eni)) },
  { id: 'creator', title: 'Created by', main: true, value: ({ creator }) => creator },
  { id: 'created_at', title: 'Created', value: ({ createdAt }) => createdAt },
  { id: 'attached_at', title: 'Attached', value: ({ attachedAt }) => attachedAt },
  { id: 'status', title: 'Status', value: ({ status }) => status },
  { id: 'security_groups', title: 'Security groups', value: ({ securityGroups }) => spaced(securityGroups) },
  { id: 'mac', title: 'MAC', value: ({ mac }) => mac },
  { id: 'description', title: 'Description', value: ({ description }) => description },
  ...findingColumns<EniRecord>(ownFindings),
];
