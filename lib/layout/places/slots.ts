/** The contents of an ENI's slots: primary address first, then the other addresses in order, then free capacity. */
import { CLUSTER_NETWORK } from '../../model/ids';
import { isHiddenAddress, isHiddenIn } from '../../model/hidden-address';
import { ipv4ToNumber, numberToIpv4, parseCidr, type Cidr } from '../../model/ip';
import type { EniAddress, EniPrefix, EniRecord } from '../../model/records';
import { PREFIX } from '../rack/geometry';
import type { CellStyle } from '../picture/mark';

/** The content of a slot; `ip` is null without an address, `interface` without a known holder. */
export interface SlotItem {
  readonly style: CellStyle;
  /** The network that colours it; null for states without a network colour. */
  readonly network: string | null;
  readonly ip: string | null;
  readonly interface: string | null;
}

/** Looks up the network of an interface. */
export type NetworkOf = (interfaceId: string) => string;

/** The content of an address's slot. Without a holder, pool addresses belong to the cluster network. */
export function slotItem({ ip, state, interface: holder }: EniAddress, networkOf: NetworkOf): SlotItem {
  const network =
    holder !== null
      ? networkOf(holder)
      : state === 'assigned' || state === 'warm' || state === 'cooling'
        ? CLUSTER_NETWORK
        : null;
  return { style: state, network, ip, interface: holder };
}

/** A whole /28 in one slot: full, partly full or free. */
const prefixItem = ({ cidr, assigned }: EniPrefix): SlotItem => ({
  style: (assigned ?? 0) > 0 ? 'assigned' : 'warm',
  network: CLUSTER_NETWORK,
  ip: cidr,
  interface: null,
});

/** Whether the range is IPv4. */
export const isFour = (cidr: string): boolean => !cidr.includes(':');

/** The primary address, the other addresses, then IPv4 prefixes (leftovers of the other mode, one slot each). */
export function slotItems(eni: EniRecord, networkOf: NetworkOf): readonly SlotItem[] {
  const first: SlotItem[] = [];
  const rest: SlotItem[] = [];
  const blocks = eni.prefixes.filter(({ cidr }) => isFour(cidr));
  const ranges = blocks.map(({ cidr }) => parseCidr(cidr));
  for (const address of eni.addresses) {
    if (address.ip.includes(':')) continue;
    if (address.state === 'primary') first.push(slotItem(address, networkOf));
    else if (!ranges.some((range) => range !== null && inRange(range, address.ip)))
      rest.push(slotItem(address, networkOf));
  }
  return [...first, ...rest, ...blocks.map(prefixItem)];
}

/** Whether an IPv4 address is in a range. */
export const inRange = ({ first, last, text }: Cidr, ip: string): boolean => {
  if (isHiddenAddress(ip)) return isHiddenIn(text, ip);
  const value = BigInt(ipv4ToNumber(ip));
  return value >= first && value <= last;
};

/**
 * The cells of a /28 by address. Listed addresses have their state; the rest of a block that ipamd manages is warm. If a
 * visitor may not see some of its addresses, they fill the first free cells, and no other cell shows an address either.
 */
export function prefixItems(prefix: EniPrefix, eni: EniRecord, networkOf: NetworkOf): readonly SlotItem[] {
  const range = parseCidr(prefix.cidr);
  if (range === null || range.family !== 4) return [];
  const listed = new Map<string, EniAddress>();
  const hidden: EniAddress[] = [];
  for (const address of eni.addresses)
    if (!address.ip.includes(':') && inRange(range, address.ip)) {
      if (isHiddenAddress(address.ip)) hidden.push(address);
      else listed.set(address.ip, address);
    }
  const unseen = hidden.values();
  const size = Math.min(PREFIX.cells, Number(range.last - range.first) + 1);
  return Array.from({ length: size }, (_, offset) => {
    const ip = numberToIpv4(Number(range.first) + offset);
    const address = listed.get(ip) ?? unseen.next().value;
    return address === undefined
      ? {
          style: 'warm' as const,
          network: CLUSTER_NETWORK,
          ip: hidden.length > 0 ? prefix.cidr : ip,
          interface: null,
        }
      : slotItem(address, networkOf);
  });
}
