/** Go's `net` parsers for MACs, addresses and ranges, which Multus and the CNI plugins use, with their messages. */
import { canonicalIp } from '../../model/ip';

/** Whether `net.ParseIP` accepts the text: no zone, groups of at most four digits, `::` for at least one group. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [h, half] of halves.entries()) {
    if (half === '') continue;
    const parts = half.split(':');
    for (const [p, part] of parts.entries()) {
      const last = h === halves.length - 1 && p === parts.length - 1;
      if (last && part.includes('.')) {
        if (canonicalIp(part) === null) return false;
        groups += 2;
      } else {
        if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return false;
        groups += 1;
      }
    }
  }
  return halves.length === 2 ? groups <= 7 : groups === 8;
}

const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/** The canonical form of an address that `net.ParseIP` accepts, as Go prints it (IPv4-mapped addresses dotted); otherwise null. */
export function goParseIp(text: string): string | null {
  if (text.length > 45) return null;
  if (!text.includes(':')) return canonicalIp(text);
  if (!isIpv6(text)) return null;
  const canonical = canonicalIp(text);
  const mapped = canonical === null ? null : MAPPED.exec(canonical);
  if (mapped === null) return canonical;
  const high = Number.parseInt(mapped[1] ?? '', 16);
  const low = Number.parseInt(mapped[2] ?? '', 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

export type GoCidr = { readonly ip: string; readonly prefixLength: number } | { readonly error: string };

/** `net.ParseCIDR`: the address with its host bits and the prefix length, or Go's message. */
export function goParseCidr(text: string): GoCidr {
  const error = `invalid CIDR address: ${text}`;
  const slash = text.indexOf('/');
  const address = slash < 0 ? '' : text.slice(0, slash);
  const digits = text.slice(slash + 1);
  const ip = goParseIp(address);
  if (ip === null || !/^\d{1,7}$/.test(digits)) return { error };
  const bits = address.includes(':') ? 128 : 32;
  const length = Number(digits);
  if (length > bits) return { error };
  // Go treats an IPv4-mapped range within ::ffff:0:0/96 as an IPv4 range.
  const mapped = bits === 128 && !ip.includes(':');
  return { ip, prefixLength: mapped ? Math.max(0, length - 96) : length };
}

export type GoMac = { readonly mac: string } | { readonly error: string };

/** `net.ParseMAC`: 6, 8 or 20 octets in one of three notations, returned in lower case with colons, or Go's message. */
export function goParseMac(text: string): GoMac {
  const error = `address ${text}: invalid MAC address`;
  if (text.length > 59) return { error };
  const separator = text.charAt(2) === ':' || text.charAt(2) === '-' ? text.charAt(2) : '.';
  const parts = text.split(separator);
  const width = separator === '.' ? 4 : 2;
  if (!parts.every((part) => part.length === width && /^[0-9a-fA-F]+$/.test(part))) return { error };
  const octets = (parts.length * width) / 2;
  if (octets !== 6 && octets !== 8 && octets !== 20) return { error };
  return { mac: (parts.join('').toLowerCase().match(/../g) ?? []).join(':') };
}
