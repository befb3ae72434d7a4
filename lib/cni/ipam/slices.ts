/** whereabouts' node slices: a range cut into equal parts, one for each node (multus §2.3, §4.2). */
import type { Cidr } from '../../model/ip';

/** `/28` or `28` → 28; null for anything else. */
export function sliceLength(text: string | null): number | null {
  const match = /^\/?(\d{1,3})$/.exec(text ?? '');
  return match === null ? null : Number(match[1]);
}

/** How many addresses the slices of a range hold together, each without its first and last; null where nobody counts that far. */
export function slicedSize(range: Pick<Cidr, 'family' | 'prefixLength'> | null, length: number | null): number | null {
  const bits = range?.family === 4 ? 32 : 128;
  if (range === null || length === null || length < range.prefixLength || length > bits) return null;
  const size = 2n ** BigInt(length - range.prefixLength) * (2n ** BigInt(bits - length) - 2n);
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  return Math.max(0, Number(size));
}
