/**
 * Addresses and ranges in canonical spelling.
 *
 * Addresses can be compared as text, because every address in a record has passed `canonicalIp`: dotted decimal for IPv4,
 * RFC 5952 for IPv6 (an IPv4-mapped IPv6 address stays IPv6).
 */
import { isHiddenAddress, isHiddenIn } from './hidden-address';

const DOTTED = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** The canonical spelling; null for text that is not an address. Octal, short and hexadecimal IPv4 forms are rejected. */
export function canonicalIp(text: string): string | null {
  if (DOTTED.test(text)) return text;
  const words = ipv6Words(text);
  return words === null ? null : ipv6Text(words);
}

/**
 * The eight 16-bit words of an IPv6 address without a zone; null for other text. Without a library, to keep one out of the
 * first script.
 */
function ipv6Words(text: string): readonly number[] | null {
  const [head = '', tail, more] = hexadecimal(text).split('::');
  if (more !== undefined) return null;
  const before = wordsOf(head);
  const after = tail === undefined ? [] : wordsOf(tail);
  if (before === null || after === null) return null;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...before, ...new Array<number>(missing).fill(0), ...after];
}

function wordsOf(text: string): readonly number[] | null {
  if (text === '') return [];
  const groups = text.split(':');
  return groups.every((group) => /^[\da-f]{1,4}$/i.test(group)) ? groups.map((group) => parseInt(group, 16)) : null;
}

/** RFC 5952: the longest run of zeros, the first of several, as `::`. */
function ipv6Text(words: readonly number[]): string {
  let [start, length] = [0, 1];
  for (let i = 0; i < words.length; i++) {
    let end = i;
    while (words[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const hex = words.map((word) => word.toString(16));
  if (length === 1) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

/** Rewrites a dotted IPv4 tail as two hexadecimal groups. */
function hexadecimal(text: string): string {
  const start = text.lastIndexOf(':') + 1;
  const end = text.slice(start);
  if (start === 0 || !DOTTED.test(end)) return text;
  const value = ipv4ToNumber(end);
  return `${text.slice(0, start)}${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;
}

/** The IP version of a canonical address. */
export const familyOf = (canonical: string): 4 | 6 => (canonical.includes(':') ? 6 : 4);

/** An address as a number of 32 or 128 bits, so that range checks are comparisons. Null for text that is not an address. */
export function ipToBigInt(text: string): bigint | null {
  if (DOTTED.test(text)) return BigInt(ipv4ToNumber(text));
  const words = ipv6Words(text);
  return words === null ? null : words.reduce((sum, word) => (sum << 16n) | BigInt(word), 0n);
}

const DOT = 46;
const ZERO = 48;

/** A dotted-decimal address as an unsigned 32-bit number. Call only with a canonical IPv4 address. */
export function ipv4ToNumber(canonical: string): number {
  let value = 0;
  let octet = 0;
  for (let at = 0; at < canonical.length; at++) {
    const code = canonical.charCodeAt(at);
    if (code !== DOT) octet = octet * 10 + code - ZERO;
    else {
      value = value * 256 + octet;
      octet = 0;
    }
  }
  return value * 256 + octet;
}

/** Inverse of `ipv4ToNumber`: an unsigned 32-bit number as dotted decimal. */
export function numberToIpv4(value: number): string {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');
}

/** Inverse of `ipToBigInt`: the canonical address with this numeric value. */
export function bigIntToIp(value: bigint, family: 4 | 6): string {
  if (family === 4) return numberToIpv4(Number(value));
  const words: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) words.push(Number((value >> shift) & 0xffffn));
  return ipv6Text(words);
}

/** A range of addresses, network bits first. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefixLength: number;
  /** Canonical text with host bits cleared: `10.0.1.16/28`. */
  readonly text: string;
}

/** Reads `10.0.1.16/28` or `fd00::/80`; host bits are cleared. Null for anything else. */
export function parseCidr(text: string): Cidr | null {
  const slash = text.indexOf('/');
  if (slash < 0) return null;
  const digits = text.slice(slash + 1);
  const address = canonicalIp(text.slice(0, slash));
  if (address === null || !/^\d{1,3}$/.test(digits)) return null;
  const family = familyOf(address);
  const bits = family === 4 ? 32 : 128;
  const prefixLength = Number(digits);
  const value = ipToBigInt(address);
  if (prefixLength > bits || value === null) return null;
  const hostBits = BigInt(bits - prefixLength);
  const first = (value >> hostBits) << hostBits;
  const last = first + (1n << hostBits) - 1n;
  return { family, first, last, prefixLength, text: `${bigIntToIp(first, family)}/${prefixLength}` };
}

/**
 * Whether the range contains a canonical address; false for the other family and for text that is not an address. Of a
 * hidden address, only the prefix that contains it is known.
 */
export function cidrContains(cidr: Cidr, ip: string): boolean {
  if (familyOf(ip) !== cidr.family) return false;
  if (isHiddenAddress(ip)) return isHiddenIn(cidr.text, ip);
  const value = ipToBigInt(ip);
  return value !== null && value >= cidr.first && value <= cidr.last;
}

/** The same for a range given as text; false for text that is not a range. */
export function isWithin(text: string, ip: string): boolean {
  const range = parseCidr(text);
  return range !== null && cidrContains(range, ip);
}

/** Whether a range shares an address with another, given as canonical text. */
export function cidrOverlaps(cidr: Cidr, text: string): boolean {
  if (cidr.family === 4) {
    const slash = text.indexOf('/');
    if (slash < 0 || text.includes(':')) return false;
    const first = ipv4ToNumber(text.slice(0, slash));
    const last = first + 2 ** (32 - Number(text.slice(slash + 1))) - 1;
    return first <= Number(cidr.last) && Number(cidr.first) <= last;
  }
  const range = parseCidr(text);
  return range?.family === 6 && range.first <= cidr.last && cidr.first <= range.last;
}

/** Drops a prefix length: `10.0.0.4/24` → `10.0.0.4`. Null for text that is neither address nor address/length. */
export function bareIp(text: string): string | null {
  const trimmed = text.trim();
  if (!trimmed.includes('/')) return canonicalIp(trimmed);
  return parseCidr(trimmed) === null ? null : canonicalIp(trimmed.slice(0, trimmed.indexOf('/')));
}

/** Orders by family, then by value. */
export function compareIps(a: string, b: string): number {
  const family = familyOf(a) - familyOf(b);
  if (family !== 0) return family;
  if (familyOf(a) === 4) return ipv4ToNumber(a) - ipv4ToNumber(b);
  const left = ipToBigInt(a) ?? 0n;
  const right = ipToBigInt(b) ?? 0n;
  return left < right ? -1 : left > right ? 1 : 0;
}

const SIX_OCTETS = /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/;

/** Six lower-case octets, or null. Numbers (`0`, `254`) that aws-cni writes into `mac` are not MACs (multus §0.2, §1.6). */
export function canonicalMac(text: string): string | null {
  const lower = text.trim().toLowerCase();
  return SIX_OCTETS.test(lower) ? lower.replaceAll('-', ':') : null;
}
