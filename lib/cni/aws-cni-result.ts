/**
 * The status entries of the Amazon VPC CNI (multus §1.6): bookkeeping interfaces, route-table numbers in place of
 * MACs, several entries for one pod. What they say is never a MAC to look an ENI up by.
 */
import type { NetworkStatusEntry } from '../model/facts';

/** `name` of the conflist that EKS installs; entries of another default network are not read here. */
export const AWS_CNI_NETWORK = 'aws-cni';

/**
 * `pod`: the pod's own eth0, also when the entry names the bookkeeping interface but carries eth0's addresses (Multus up
 * to 4.0). `bookkeeping`: to be left out. `egress`: the other family's way out, not an ENI address. `multi-nic`: an
 * interface on a further network card. `other`: not by the VPC CNI.
 */
export type AwsCniEntryKind = 'pod' | 'bookkeeping' | 'egress' | 'multi-nic' | 'other';

/** `dummy` and the first 11 hex digits of the sha1 of `namespace.pod`. */
const BOOKKEEPING = /^dummy[0-9a-f]{11}$/;

export const isBookkeepingName = (interfaceName: string | null): boolean =>
  interfaceName !== null && BOOKKEEPING.test(interfaceName);

type Entry = Pick<NetworkStatusEntry, 'name' | 'interface' | 'ips' | 'default'>;

export function awsCniEntryKind(entry: Entry): AwsCniEntryKind {
  // A default-network override gives the entry another name; the bookkeeping interface is known by its own.
  if (isBookkeepingName(entry.interface)) return entry.ips.length > 0 ? 'pod' : 'bookkeeping';
  if (entry.name !== AWS_CNI_NETWORK) return 'other';
  if (entry.interface === 'v4if0' || entry.interface === 'v6if0') return 'egress';
  if (entry.interface !== null && /^mNicIf\d+$/.test(entry.interface)) return 'multi-nic';
  return 'pod';
}

/** The pod-side name of an entry of the VPC CNI: eth0 where it names its bookkeeping interface, or none. */
export const awsCniInterfaceName = (entry: Pick<NetworkStatusEntry, 'interface'>): string =>
  entry.interface === null || isBookkeepingName(entry.interface) ? 'eth0' : entry.interface;

export interface EniPlace {
  readonly card: number;
  readonly deviceIndex: number;
}

/**
 * The ENI that a route-table number in the `mac` of an `aws-cni` entry stands for, since VPC CNI 1.20: 254 is the
 * primary, 2–99 are device 1–98 of card 0, from 10000 on card and device of the further cards. A hint, weaker than an
 * address: a table that something else installed is reused (vpc-cni §3). Null for any other text.
 */
export function eniOfRouteTable(rawMac: string | null): EniPlace | null {
  if (rawMac === null || !/^\d{1,6}$/.test(rawMac)) return null;
  const table = Number(rawMac);
  if (table === 254) return { card: 0, deviceIndex: 0 };
  if (table >= 2 && table <= 99) return { card: 0, deviceIndex: table - 1 };
  if (table < 10_100) return null;
  return { card: Math.floor((table - 10_000) / 100), deviceIndex: (table - 10_000) % 100 };
}
