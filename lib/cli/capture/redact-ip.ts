/**
 * Replaces addresses and preserves containment: two addresses that share their first n bits still do afterwards
 * (prefix-preserving, after Xu et al., "Crypto-PAn", ICNP 2002). A pod's address stays in its prefix, the prefix in its
 * subnet.
 *
 * Two groups of bits are kept: those that identify the kind of address (10/8, 192.168/16 …), and the low bits, so that
 * blocks stay aligned and offsets into a pool stay correct.
 */
import { bigIntToIp, canonicalIp, cidrContains, familyOf, ipToBigInt, parseCidr, type Cidr } from '../../model/ip';

/** A pseudo-random bit, deterministic for a text. */
export type BitOf = (text: string) => 0 | 1;

const range = (text: string): Cidr => {
  const cidr = parseCidr(text);
  if (cidr === null) throw new Error(`${text} is no range`);
  return cidr;
};

/** Never replaced: they have the same meaning everywhere. */
const FIXED = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
  '::/96',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::/32',
].map(range);
/** Private ranges keep the bits that make them private; other addresses keep the first eight. */
const KEPT = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(range);
const LOW_BITS: Readonly<Record<4 | 6, number>> = { 4: 12, 6: 64 };

function replaceValue(value: bigint, family: 4 | 6, keptBits: number, bitOf: BitOf): bigint {
  const bits = family === 4 ? 32 : 128;
  let result = 0n;
  for (let place = 0; place < bits; place++) {
    const shift = BigInt(bits - 1 - place);
    const bit = (value >> shift) & 1n;
    const replaced = place >= keptBits && place < bits - LOW_BITS[family];
    const flip = replaced ? BigInt(bitOf(`${family}/${place}/${(value >> (shift + 1n)).toString(16)}`)) : 0n;
    result = (result << 1n) | (bit ^ flip);
  }
  return result;
}

/** Replaces an address, or an address with a prefix length, including host bits. Null for other text. */
export function redactIp(text: string, bitOf: BitOf): string | null {
  const slash = text.indexOf('/');
  const ip = canonicalIp((slash < 0 ? text : text.slice(0, slash)).toLowerCase());
  if (ip === null || (slash >= 0 && parseCidr(text.toLowerCase()) === null)) return null;
  if (FIXED.some((fixed) => cidrContains(fixed, ip))) return text;
  const family = familyOf(ip);
  const value = ipToBigInt(ip) ?? 0n;
  const kept = KEPT.find((each) => cidrContains(each, ip))?.prefixLength ?? (family === 4 ? 8 : 3);
  const length = slash < 0 ? null : Number(text.slice(slash + 1));
  let result = replaceValue(value, family, kept, bitOf);
  // A network address (no host bits) stays one.
  if (length !== null && parseCidr(text.toLowerCase())?.first === value) {
    const hostBits = BigInt((family === 4 ? 32 : 128) - length);
    result = (result >> hostBits) << hostBits;
  }
  return `${bigIntToIp(result, family)}${length === null ? '' : `/${length}`}`;
}
