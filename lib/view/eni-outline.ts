/** An ENI with counts in place of its addresses: what the layout and the far levels need, and all that a page knows at first. */
import { cidrContains, familyOf, parseCidr } from '../model/ip';
import type { AddressState, EniRecord } from '../model/records';

/** Addresses of an ENI that a bar does not tell apart. */
export interface AddressCount {
  readonly state: AddressState;
  readonly family: number;
  /** Of the interface that holds them; null where none does. */
  readonly network: string | null;
  readonly count: number;
}

export interface EniOutline extends Omit<EniRecord, 'addresses' | 'mac' | 'attachedAt' | 'createdAt'> {
  readonly addressCounts: readonly AddressCount[];
  /** Secondary IPv4 addresses that lie in no prefix: assigned one by one before the mode was changed (vpc-cni §2.2). */
  readonly leftovers: number;
}

type NetworkOf = (interfaceId: string) => string | null;

export function outlineOf(eni: EniRecord, networkOf: NetworkOf = () => null): EniOutline {
  const counts = new Map<string, AddressCount>();
  const ranges = eni.prefixes.map(({ cidr }) => parseCidr(cidr)).filter((range) => range?.family === 4);
  let leftovers = 0;
  for (const { ip, state, interface: holder } of eni.addresses) {
    const family = familyOf(ip);
    const network = holder === null ? null : networkOf(holder);
    const key = `${state} ${family} ${network ?? ''}`;
    counts.set(key, { state, family, network, count: (counts.get(key)?.count ?? 0) + 1 });
    if (family === 4 && state !== 'primary' && !ranges.some((range) => range !== null && cidrContains(range, ip)))
      leftovers++;
  }
  const { addresses: _, mac: __, attachedAt: ___, createdAt: ____, ...rest } = eni;
  return { ...rest, addressCounts: [...counts.values()], leftovers };
}

const known = new WeakMap<EniRecord, EniOutline>();

/** The same of a record that is looked at often; without networks. */
export function keptOutline(eni: EniRecord): EniOutline {
  let outline = known.get(eni);
  if (outline === undefined) known.set(eni, (outline = outlineOf(eni)));
  return outline;
}

/** How many addresses an ENI has, the primary included. */
export const addressTotal = ({ addressCounts }: EniOutline): number =>
  addressCounts.reduce((sum, { count }) => sum + count, 0);
