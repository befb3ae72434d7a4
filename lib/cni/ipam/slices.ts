/** whereabouts' node slices: a range divided into equal parts, one per node (multus §2.3, §4.2). */
import type { Cidr } from '../../model/ip';

/** `/28` or `28` → 28; null for anything else. */
export function sliceLength(text: string | null): number | null {
  const match = /^\/?(\d{1,3})$/.exec(text ?? '');
  return match === null ? null : Number(match[1]);
}

/** Number of addresses in all slices of a range, each without its first and last; null above 2^53. */
export function slicedSize(range: Pick<Cidr, 'family' | 'prefixLength'> | null, length: number | null): number | null {
  const bits = range?.family === 4 ? 32 : 128;
  if (range === null || length === null || length < range.prefixLength || length > bits) return null;
  const size = 2n ** BigInt(length - range.prefixLength) * (2n ** BigInt(bits - length) - 2n);
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  return Math.max(0, Number(size));
}
