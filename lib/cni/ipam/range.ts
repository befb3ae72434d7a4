/** Address ranges as numbers: size, membership, subtraction, overlap. Bounds are inclusive; ranges of different families never overlap. */
import { bigIntToIp, canonicalIp, familyOf, ipToBigInt, parseCidr } from '../../model/ip';

/** Inclusive at both ends; `first <= last` always. */
export interface IpRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** The range between two addresses; null unless they are of one family and in order. */
export function ipRange(firstIp: string, lastIp: string): IpRange | null {
  const family = familyOf(firstIp);
  const first = ipToBigInt(firstIp);
  const last = ipToBigInt(lastIp);
  if (first === null || last === null || familyOf(lastIp) !== family || first > last) return null;
  return { family, first, last };
}

/** Reads `10.0.0.0/24`, `10.0.0.5-10.0.0.9`, `10.0.0.5-10.0.0.9/24` or one address; null for anything else. */
export function parseIpRange(text: string): IpRange | null {
  if (text.length > 128) return null;
  const dash = text.indexOf('-');
  if (dash >= 0) {
    const first = canonicalIp(text.slice(0, dash).trim());
    const last = canonicalIp((text.slice(dash + 1).split('/', 1)[0] ?? '').trim());
    return first === null || last === null ? null : ipRange(first, last);
  }
  const cidr = parseCidr(text.trim());
  if (cidr !== null) return { family: cidr.family, first: cidr.first, last: cidr.last };
  const ip = canonicalIp(text.trim());
  return ip === null ? null : ipRange(ip, ip);
}

/** `first-last`, or the address when they are equal. */
export function rangeText(range: IpRange): string {
  const first = bigIntToIp(range.first, range.family);
  return range.first === range.last ? first : `${first}-${bigIntToIp(range.last, range.family)}`;
}

/** Number of addresses. */
export const rangeSize = (range: IpRange): bigint => range.last - range.first + 1n;

/** Whether a canonical address lies in the range. */
export function rangeContains(range: IpRange, ip: string): boolean {
  const value = familyOf(ip) === range.family ? ipToBigInt(ip) : null;
  return value !== null && value >= range.first && value <= range.last;
}

/** The overlap of two ranges; null if there is none. */
export function rangeOverlap(a: IpRange, b: IpRange): IpRange | null {
  if (a.family !== b.family) return null;
  const first = a.first > b.first ? a.first : b.first;
  const last = a.last < b.last ? a.last : b.last;
  return first > last ? null : { family: a.family, first, last };
}

const byStart = (a: IpRange, b: IpRange): number =>
  a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0);

/** The same addresses as sorted ranges that neither overlap nor adjoin. */
export function mergeRanges(ranges: readonly IpRange[]): IpRange[] {
  const merged: IpRange[] = [];
  for (const range of ranges.toSorted(byStart)) {
    const previous = merged.at(-1);
    if (previous?.family === range.family && range.first <= previous.last + 1n) {
      if (range.last > previous.last) merged[merged.length - 1] = { ...previous, last: range.last };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

/** `ranges` without `excludes`, as merged ranges. O((n + m) log (n + m)). */
export function minusRanges(ranges: readonly IpRange[], excludes: readonly IpRange[]): IpRange[] {
  const cuts = mergeRanges(excludes);
  const left: IpRange[] = [];
  let c = 0;
  for (const range of mergeRanges(ranges)) {
    let { first } = range;
    for (; c < cuts.length; c++) {
      const cut = cuts[c];
      if (cut === undefined || cut.family > range.family || (cut.family === range.family && cut.first > range.last))
        break;
      if (cut.family < range.family || cut.last < first) continue;
      if (cut.first > first) left.push({ family: range.family, first, last: cut.first - 1n });
      first = cut.last + 1n;
      // An exclude that ends beyond this range may affect the next one as well.
      if (cut.last > range.last) break;
    }
    if (first <= range.last) left.push({ family: range.family, first, last: range.last });
  }
  return left;
}

/** Number of addresses in the ranges; null above 2^53, as for an IPv6 /64. */
export function countAddresses(ranges: readonly IpRange[]): number | null {
  const total = mergeRanges(ranges).reduce((sum, range) => sum + rangeSize(range), 0n);
  return total <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(total) : null;
}
