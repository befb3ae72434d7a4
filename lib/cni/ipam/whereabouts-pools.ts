/** whereabouts' objects (multus §4.2): names of pools and reservations, and allocations as offsets from the network address. */
import { bigIntToIp, canonicalIp, parseCidr } from '../../model/ip';
import { goParseIp } from '../go/net';

/**
 * An allocation's address: its offset from the network address of the pool's range (not from `range_start`); null outside
 * the pool.
 */
export function allocationIp(poolRange: string, offset: string): string | null {
  const cidr = parseCidr(poolRange);
  if (cidr === null || !/^\d{1,39}$/.test(offset)) return null;
  const value = cidr.first + BigInt(offset);
  return value > cidr.last ? null : bigIntToIp(value, cidr.family);
}

/** The range in the name of its IPPool: `[network_name-][node-]range`. */
export const rangeInName = (range: string): string | null => parseCidr(range)?.text.replaceAll(/[:/]/g, '-') ?? null;

/**
 * The address in an OverlappingRangeIPReservation's name: `[network_name-]ip`, IPv4 dotted, IPv6 with dashes, abbreviated
 * (before 2026) or in full. Null if there is none. An address in the spec takes precedence.
 */
export function reservationIp(name: string): string | null {
  if (name.length > 253) return null;
  const v4 = /(?:^|-)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(name);
  if (v4 !== null) return goParseIp(v4[1] ?? '');
  // The longest suffix that is an address: a network name may itself end in hexadecimal digits.
  const parts = name.split('-');
  for (let start = Math.max(0, parts.length - 9); start < parts.length - 1; start++) {
    const ip = canonicalIp(parts.slice(start).join(':'));
    if (ip !== null) return ip;
  }
  return null;
}

/** How an address may be written in its reservation's name, by version of whereabouts. */
export function reservationNames(ip: string): readonly string[] {
  const canonical = canonicalIp(ip);
  if (canonical === null) return [];
  if (!canonical.includes(':')) return [canonical];
  const short = canonical.endsWith(':') ? `${canonical}0` : canonical;
  const value = parseCidr(`${canonical}/128`)?.first ?? 0n;
  const full = (value.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join('-');
  return [...new Set([full, short.replaceAll(':', '-')])];
}

/**
 * The part before the range in a pool's name: the name of a network, of a node, both, or nothing. Null for a name of
 * another form.
 */
export function poolPrefix(name: string, range: string | null): string | null {
  // Before 0.6, the name contained the range as written, including host bits.
  const spellings = range === null ? [] : [rangeInName(range), range.replaceAll(/[:/]/g, '-')];
  for (const spelling of spellings) {
    if (name === spelling) return '';
    if (spelling !== null && name.endsWith(`-${spelling}`)) return name.slice(0, -spelling.length - 1);
  }
  return null;
}

/** The network name before the address in a reservation's name; empty for an unnamed network. */
export function reservationNetwork(name: string): string {
  const ip = reservationIp(name);
  if (ip === null) return '';
  const own = reservationNames(ip).find((spelling) => name.endsWith(spelling));
  return own === undefined ? '' : name.slice(0, name.length - own.length).replace(/-$/, '');
}
