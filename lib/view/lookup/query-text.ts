/**
 * What a question means, in the spellings that people paste: from logs, `ip addr`, `kubectl -o name`, switches and Windows.
 * Pure text work; never: two meanings for one text.
 */
import { bigIntToIp, canonicalIp, canonicalMac, cidrContains, familyOf, ipToBigInt, parseCidr } from '../../model/ip';

/** `::ffff:a.b.c.d`, as sockets and logs write an IPv4 address (RFC 4291 §2.5.5.2). */
const MAPPED = 0xffffn << 32n;

/** `10.0.0.4:443`, `[fd00::1]:443`, `[fd00::1]`, `fe80::1%eth0`: the address without what stands around it. */
function unwrapped(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1];
  const bare = bracketed ?? /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1] ?? text;
  return bare.includes(':') ? bare.replace(/%[\w.-]{1,15}$/, '') : bare;
}

/** The address whose whole range is that address: `10.1.2.3/32`, `fd00::1/128`; network-status and routes write it so. */
function hostOf(text: string): string {
  const range = parseCidr(text);
  return range !== null && range.first === range.last ? text.slice(0, text.indexOf('/')) : text;
}

/** The address that is asked for, null for text that is none; an IPv4-mapped one means the IPv4 address. */
export function askedIp(text: string): string | null {
  const ip = canonicalIp(unwrapped(hostOf(text.toLowerCase())));
  if (ip === null || familyOf(ip) === 4) return ip;
  const value = ipToBigInt(ip) ?? 0n;
  return value >> 32n === MAPPED >> 32n ? bigIntToIp(value & 0xffffffffn, 4) : ip;
}

/** A MAC in any of its spellings: colons, dashes, `0a1b.2c3d.4e5f`. Bare hexadecimal is left a name: it may be one. */
export function askedMac(text: string): string | null {
  const dotted = /^([0-9a-f]{4})\.([0-9a-f]{4})\.([0-9a-f]{4})$/i.exec(text);
  return canonicalMac(dotted === null ? text : (dotted.slice(1).join('').match(/../g) ?? []).join(':'));
}

/** A name as `kubectl get -o name` prints it, without its kind. */
export const askedName = (text: string): string => text.replace(/^(?:pods?|nodes?)\/(?=[^/]+$)/, '');

/** Text of digits, dots and perhaps a length, that means an address but is none: not to be answered as an unknown name. */
export const looksLikeAddress = (text: string): boolean => /^\d{1,4}(?:\.\d{1,4}){2,4}(?:\/\d+)?$/.test(text);

const SPECIAL: readonly (readonly [string, string])[] = [
  ['169.254.169.254/32', 'the instance metadata service of every EC2 instance; no interface of the VPC has it'],
  ['169.254.0.0/16', 'link-local: every node can use it for itself, so it is in no VPC and names nobody'],
  ['fe80::/10', 'link-local: every interface has one of these for itself, so it is in no VPC and names nobody'],
  ['127.0.0.0/8', 'loopback: every host and pod has it for itself, so it is in no VPC'],
  ['::1/128', 'loopback: every host and pod has it for itself, so it is in no VPC'],
  ['0.0.0.0/32', 'the unspecified address; nothing holds it'],
  ['::/128', 'the unspecified address; nothing holds it'],
  ['224.0.0.0/4', 'multicast: a group and no holder, so it is in no VPC'],
  ['ff00::/8', 'multicast: a group and no holder, so it is in no VPC'],
];

/** What an address is that nobody can hold alone (RFC 6890); null for any other, and for a range. */
export function addressNote(ip: string): string | null {
  if (canonicalIp(ip) === null) return null;
  const found = SPECIAL.find(([text]) => {
    const range = parseCidr(text);
    return range !== null && cidrContains(range, ip);
  });
  return found === undefined ? null : `not in this VPC: ${found[1]}`;
}
