/** Counts over an ENI's addresses. */
import { cidrContains, familyOf, parseCidr } from './ip';
import type { EniAddress, EniRecord } from './records';
import type { AddressState } from './vocabulary';

/** Secondary IPv4 addresses outside every prefix, assigned one by one before the mode was changed (vpc-cni §2.2). */
export function singleAddresses({ addresses, prefixes }: Pick<EniRecord, 'addresses' | 'prefixes'>): EniAddress[] {
  const ranges = prefixes.flatMap(({ cidr }) => parseCidr(cidr) ?? []);
  return addresses.filter(
    ({ ip, state }) => state !== 'primary' && familyOf(ip) === 4 && !ranges.some((range) => cidrContains(range, ip)),
  );
}

/** Addresses of an ENI with the same state, family and network, counted. */
export interface AddressCount {
  readonly state: AddressState;
  readonly family: 4 | 6;
  /** Network of the interface that holds them; null without one. */
  readonly network: string | null;
  readonly count: number;
}

/** `networkOf` returns an interface's network; null when not known. */
export function addressCountsOf(
  { addresses }: Pick<EniRecord, 'addresses'>,
  networkOf: (interfaceId: string) => string | null,
): readonly AddressCount[] {
  const counts = new Map<string, AddressCount>();
  for (const { ip, state, interface: holder } of addresses) {
    const family = familyOf(ip);
    const network = holder === null ? null : networkOf(holder);
    const key = `${state} ${family} ${network ?? ''}`;
    counts.set(key, { state, family, network, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}
