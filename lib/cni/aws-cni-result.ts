/**
 * The VPC CNI's `network-status` entries (multus §1.6): several per pod, with route-table numbers as MACs. A `mac` never
 * identifies an ENI.
 */
import type { NetworkStatusEntry } from '../model/facts';

/** `name` in the conflist that EKS installs; entries of other default networks are not read here. */
export const AWS_CNI_NETWORK = 'aws-cni';

/**
 * `pod`: the pod's eth0, even if the entry names the bookkeeping interface but has eth0's addresses (up to Multus 4.0).
 * `bookkeeping`: to be ignored. `egress`: the egress interface of the other IP family, whose address is on no ENI.
 * `multi-nic`: an interface on another network card. `other`: not from the VPC CNI.
 */
export type AwsCniEntryKind = 'pod' | 'bookkeeping' | 'egress' | 'multi-nic' | 'other';

/** `dummy` and the first 11 hex digits of the sha1 of `namespace.pod`. */
const BOOKKEEPING = /^dummy[0-9a-f]{11}$/;

/** Whether the name is that of a bookkeeping interface. */
export const isBookkeepingName = (interfaceName: string | null): boolean =>
  interfaceName !== null && BOOKKEEPING.test(interfaceName);

type Entry = Pick<NetworkStatusEntry, 'name' | 'interface' | 'ips' | 'default'>;

/** Classifies an entry. Entries of other networks are `other`. */
export function awsCniEntryKind(entry: Entry): AwsCniEntryKind {
  // A default-network override changes the entry's name; a bookkeeping interface is recognised by its own.
  if (isBookkeepingName(entry.interface)) return entry.ips.length > 0 ? 'pod' : 'bookkeeping';
  if (entry.name !== AWS_CNI_NETWORK) return 'other';
  if (entry.interface === 'v4if0' || entry.interface === 'v6if0') return 'egress';
  if (entry.interface !== null && /^mNicIf\d+$/.test(entry.interface)) return 'multi-nic';
  return 'pod';
}

/** The interface name inside the pod: eth0 if the entry names its bookkeeping interface, or none. */
export const awsCniInterfaceName = (entry: Pick<NetworkStatusEntry, 'interface'>): string =>
  entry.interface === null || isBookkeepingName(entry.interface) ? 'eth0' : entry.interface;

/** An ENI's attachment: network card index and device index. */
export interface EniPlace {
  readonly card: number;
  readonly deviceIndex: number;
}

/**
 * The ENI implied by a route-table number in the `mac` of an `aws-cni` entry, since VPC CNI 1.20: 254 is the primary ENI,
 * 2–99 are devices 1–98 of card 0, numbers from 10000 encode card and device. Only a hint, weaker than an address, because
 * a table created by something else is reused (vpc-cni §3). Null for any other text.
 */
export function eniOfRouteTable(rawMac: string | null): EniPlace | null {
  if (rawMac === null || !/^\d{1,6}$/.test(rawMac)) return null;
  const table = Number(rawMac);
  if (table === 254) return { card: 0, deviceIndex: 0 };
  if (table >= 2 && table <= 99) return { card: 0, deviceIndex: table - 1 };
  if (table < 10_100) return null;
  return { card: Math.floor((table - 10_000) / 100), deviceIndex: (table - 10_000) % 100 };
}
