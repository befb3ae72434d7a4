/**
 * ENIs with counts instead of addresses: enough for the layout and the far levels, and all that a page has at first.
 */
import { type AddressCount, singleAddresses, addressCountsOf } from '../model/eni-addresses';
import { isWithin } from '../model/ip';
import type { AddressState, EniPrefix, EniRecord } from '../model/records';

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
  /** Number of `singleAddresses`. */
  readonly leftovers: number;
}

/** An ENI with its addresses, or with counts of them. */
export type EniOrOutline = EniRecord | EniOutline;

/** The prefix of an ENI that contains an address. */
export const prefixWith = (eni: Pick<EniRecord, 'prefixes'>, ip: string): EniPrefix | undefined =>
  eni.prefixes.find(({ cidr }) => isWithin(cidr, ip));

/** Number of secondary IPv4 addresses outside every prefix. */
export const leftoversOf = (eni: EniOrOutline): number =>
  'leftovers' in eni ? eni.leftovers : singleAddresses(eni).length;

/** The outline of an ENI. `networkOf` returns an interface's network; null when not known. */
export const outlineOf = (eni: EniRecord, networkOf: (interfaceId: string) => string | null): EniOutline =>
  withoutLater(eni, addressCountsOf(eni, networkOf), leftoversOf(eni));

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
