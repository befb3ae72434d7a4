/** The slots of an ENI whose look has changed. Separate from the slots, so that the first picture does not load it. */
import { CLUSTER_NETWORK } from '../../model/ids';
import { parseCidr } from '../../model/ip';
import type { EniRecord } from '../../model/records';
import { inRange, isFour, slotItem, type NetworkOf, type SlotItem } from './slots';

/**
 * Addresses of an ENI whose look has changed, with the previous slot; null: free capacity. An address that has left the
 * ENI has no slot, unless it is in one of its prefixes.
 */
export function changedSlots(
  before: EniRecord,
  after: EniRecord,
  networkOf: NetworkOf,
): ReadonlyMap<string, SlotItem | null> {
  const found = new Map<string, SlotItem | null>();
  const old = new Map(before.addresses.map((address) => [address.ip, address]));
  const ranges = (eni: EniRecord) => eni.prefixes.filter(({ cidr }) => isFour(cidr)).map(({ cidr }) => parseCidr(cidr));
  const held = (list: ReturnType<typeof ranges>, ip: string): boolean =>
    !ip.includes(':') && list.some((range) => range !== null && inRange(range, ip));
  const oldRanges = ranges(before);
  const newRanges = ranges(after);
  const ready = (ip: string): SlotItem => ({ style: 'warm', network: CLUSTER_NETWORK, ip, interface: null });
  for (const address of after.addresses) {
    const was = old.get(address.ip);
    old.delete(address.ip);
    if (was?.state === address.state && was.interface === address.interface) continue;
    found.set(
      address.ip,
      was !== undefined ? slotItem(was, networkOf) : held(oldRanges, address.ip) ? ready(address.ip) : null,
    );
  }
  for (const [ip, was] of old) if (held(newRanges, ip)) found.set(ip, slotItem(was, networkOf));
  return found;
}
