/** The use of an ENI's slots and addresses. */
import type { EniRecord } from '../model/records';
import { addressesIn, leftoversOf, prefixWith, type EniOrOutline } from './eni-outline';

/** Number of slots without an address or prefix. Null when the capacity is not known; 0 when it is exceeded. */
export function freeSlots(eni: EniOrOutline): number | null {
  if (eni.capacity === null) return null;
  const prefixes = eni.prefixes.filter(({ cidr }) => !cidr.includes(':')).length;
  return Math.max(0, eni.capacity - prefixes - leftoversOf(eni));
}

/**
 * Number of addresses that ipamd can assign immediately: single addresses and free addresses of prefixes. Null when it
 * is not known whether ipamd manages the ENI, or how many addresses of a prefix are assigned.
 */
export function warmAddresses(eni: EniRecord): number | null {
  if (eni.management.state === 'unknown') return null;
  let warm = addressesIn(eni, 'warm');
  if (eni.management.state !== 'managed') return warm;
  for (const { size, assigned } of eni.prefixes) {
    if (size === null || assigned === null) return null;
    warm += size - assigned;
  }
  const cooling = eni.addresses.filter(({ ip, state }) => state === 'cooling' && prefixWith(eni, ip) !== undefined);
  return Math.max(0, warm - cooling.length);
}
