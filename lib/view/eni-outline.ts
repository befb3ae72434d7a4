/**
 * ENIs with counts instead of addresses: enough for the layout and the far levels, and all that a page has at first.
 */
import { cidrContains, familyOf, parseCidr } from '../model/ip';
import type { AddressState, EniPrefix, EniRecord } from '../model/records';

/** Addresses of an ENI with the same state, family and network, counted. */
interface AddressCount {
  readonly state: AddressState;
  readonly family: number;
  /** Network of the interface that holds them; null without one. */
  readonly network: string | null;
  readonly count: number;
}

/** Fields that only the panel shows; they arrive with the addresses. */
const LATER_FIELDS = ['addresses', 'mac', 'attachedAt', 'createdAt', 'description', 'tags'] as const;
type Later = (typeof LATER_FIELDS)[number];
const LATER: ReadonlySet<string> = new Set(LATER_FIELDS);

/** An ENI with counts instead of its addresses. */
export interface EniOutline extends Omit<EniRecord, Later> {
  /**
   * As of the time when the outline arrived or was rebuilt, because a patch of addresses does not include the previous
   * ones. See `currentEni`.
   */
  readonly addressCounts: readonly AddressCount[];
  /** Secondary IPv4 addresses outside every prefix, assigned one by one before the mode was changed (vpc-cni §2.2). */
  readonly leftovers: number;
}

/** An ENI with its addresses, or with counts of them. */
export type EniOrOutline = EniRecord | EniOutline;

const inPrefix = (prefixes: EniRecord['prefixes']): ((ip: string) => boolean) => {
  const ranges = prefixes.map(({ cidr }) => parseCidr(cidr)).filter((range) => range?.family === 4);
  return (ip) => ranges.some((range) => range !== null && cidrContains(range, ip));
};

/** The prefix of an ENI that contains an address. */
export const prefixAround = (eni: Pick<EniRecord, 'prefixes'>, ip: string): EniPrefix | undefined =>
  eni.prefixes.find(({ cidr }) => {
    const range = parseCidr(cidr);
    return range !== null && cidrContains(range, ip);
  });

/** Number of secondary IPv4 addresses outside every prefix. */
export function leftoversOf(eni: EniOrOutline): number {
  if ('leftovers' in eni) return eni.leftovers;
  const held = inPrefix(eni.prefixes);
  return eni.addresses.filter(({ ip, state }) => state !== 'primary' && familyOf(ip) === 4 && !held(ip)).length;
}

/** The outline of an ENI. `networkOf` returns an interface's network; null when not known. */
export function outlineOf(eni: EniRecord, networkOf: (interfaceId: string) => string | null): EniOutline {
  const counts = new Map<string, AddressCount>();
  for (const { ip, state, interface: holder } of eni.addresses) {
    const family = familyOf(ip);
    const network = holder === null ? null : networkOf(holder);
    const key = `${state} ${family} ${network ?? ''}`;
    counts.set(key, { state, family, network, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return withoutLater(eni, [...counts.values()], leftoversOf(eni));
}

/** The outline of an ENI with these counts. */
export function withoutLater(eni: EniRecord, addressCounts: readonly AddressCount[], leftovers: number): EniOutline {
  const kept = Object.fromEntries(Object.entries(eni).filter(([field]) => !LATER.has(field)));
  return { ...(kept as Omit<EniRecord, Later>), addressCounts, leftovers };
}

const sumOf = (counts: readonly AddressCount[]): number => counts.reduce((sum, { count }) => sum + count, 0);

/** Number of addresses of an ENI, including the primary. */
export const addressTotal = (eni: EniOrOutline): number =>
  'addresses' in eni ? eni.addresses.length : sumOf(eni.addressCounts);

/** Number of an ENI's addresses in a state. */
export const addressesIn = (eni: EniOrOutline, state: AddressState): number =>
  'addresses' in eni
    ? eni.addresses.reduce((sum, address) => sum + (address.state === state ? 1 : 0), 0)
    : sumOf(eni.addressCounts.filter((one) => one.state === state));
