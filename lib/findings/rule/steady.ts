/**
 * Records without their counts.
 *
 * Some fields change whenever a pod is created or deleted: a node's pools, an ENI's addresses, a network's pod count. A
 * rule that reads another record without them need not run again for every pod of the cluster, so a rule gets them only on
 * request.
 */
import type { NetworkRecord, RecordByTable, Table } from '../../model/records';
import { equal } from '../../model/equal';

/** The fields that change with every pod. Other records are read without them; `Reader.whole` includes them. */
const COUNTS = {
  nodes: ['podCount', 'hostNetworkPods', 'pools', 'headroom', 'eniSlots', 'branch', 'metrics'],
  enis: ['addresses', 'prefixes'],
  subnets: ['availableAddresses', 'freePrefixes', 'reservedPrefixes', 'reservedAddresses', 'heldByCluster'],
  networks: ['podCount', 'ipam'],
} as const satisfies { readonly [T in Table]?: readonly (keyof RecordByTable[T])[] };

/** The counts within a network's `ipam`. */
const IPAM_COUNTS = ['used', 'size'] as const;

/** A table whose records have counts that change with every pod. */
export type CountedTable = keyof typeof COUNTS;

type Ipam = NonNullable<NetworkRecord['ipam']>;
type SteadyIpam = { readonly ipam: Omit<Ipam, (typeof IPAM_COUNTS)[number]> | null };

/** A record without its counts. A whole record is assignable to it. */
export type Steady<T extends Table> = T extends CountedTable
  ? Omit<RecordByTable[T], (typeof COUNTS)[T][number]> & (T extends 'networks' ? SteadyIpam : unknown)
  : RecordByTable[T];

type Fields = Readonly<Record<string, unknown>>;

const differ = (before: Fields, after: Fields, counts: readonly string[]): boolean => {
  for (const field of Object.keys(after))
    if (before[field] !== after[field] && !counts.includes(field) && !equal(before[field], after[field])) return true;
  return false;
};

/** Whether two different versions of a record differ in more than counts. */
export function isSteadyChange(table: Table, before: object, after: object): boolean {
  if (!(table in COUNTS)) return true;
  const counts: readonly string[] = COUNTS[table as CountedTable];
  if (differ(before as Fields, after as Fields, counts)) return true;
  if (table !== 'networks') return false;
  const [old, now] = [(before as NetworkRecord).ipam, (after as NetworkRecord).ipam];
  if (old === now) return false;
  return old === null || now === null || differ(old, now, IPAM_COUNTS);
}
