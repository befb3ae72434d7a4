/**
 * Wraps groups of boxes into columns, top to bottom, then left to right, in name order. Searches one column height for
 * all groups that brings the whole closest to an aspect ratio, then balances each group over its columns.
 */
import { COLUMN_GAP, GROUP, NODE } from './geometry';

/** A group wrapped into columns; `cap` is the column height in layout units. */
export interface WrappedGroup {
  /** Index of each column's first box within the group, followed by the number of boxes. */
  readonly first: readonly number[];
  readonly cap: number;
}

/** Fills columns up to `cap`; the last of `most` columns takes the rest. */
export function fill(heights: readonly number[], cap: number, most = Infinity): readonly number[] {
  const first = [0];
  let used = 0;
  heights.forEach((height, index) => {
    const next = used === 0 ? height : used + NODE.gap + height;
    if (used > 0 && next > cap && first.length < most) {
      first.push(index);
      used = height;
    } else used = next;
  });
  return [...first, heights.length];
}

const columnsOf = (first: readonly number[]): number => first.length - 1;

/** Width of a group of this many columns, in layout units. */
export const groupWidth = (columns: number): number => columns * NODE.w + (columns - 1) * COLUMN_GAP;

function columnHeight(heights: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (heights[i] ?? 0) + (i > from ? NODE.gap : 0);
  return sum;
}

const tallest = (heights: readonly number[], first: readonly number[]): number =>
  first.slice(0, -1).reduce((most, from, c) => Math.max(most, columnHeight(heights, from, first[c + 1] ?? from)), 0);

/**
 * The minimum column height for the same number of columns, so that the last column does not contain a single leftover
 * box.
 */
function balance(heights: readonly number[], cap: number): WrappedGroup {
  const columns = columnsOf(fill(heights, cap));
  let low = Math.max(0, ...heights);
  let high = cap;
  for (let i = 0; i < 20 && high - low > 1; i++) {
    const middle = (low + high) / 2;
    if (columnsOf(fill(heights, middle)) <= columns) high = middle;
    else low = middle;
  }
  return { first: fill(heights, high), cap: high };
}

/** Wraps all groups towards an aspect ratio (width / height). O(boxes × log). */
export function wrap(groups: readonly (readonly number[])[], aspect: number): readonly WrappedGroup[] {
  const size = (cap: number): number => {
    let width = -GROUP.gap;
    let height = 0;
    for (const heights of groups) {
      const first = fill(heights, cap);
      width += groupWidth(columnsOf(first)) + GROUP.gap;
      height = Math.max(height, tallest(heights, first));
    }
    return width / (height + GROUP.height);
  };
  let low = groups.reduce((most, heights) => heights.reduce((m, h) => Math.max(m, h), most), 0);
  let high = groups.reduce((most, heights) => Math.max(most, columnHeight(heights, 0, heights.length)), low);
  for (let i = 0; i < 24 && high - low > 1; i++) {
    const middle = (low + high) / 2;
    if (size(middle) > aspect) low = middle;
    else high = middle;
  }
  const off = (cap: number): number => Math.abs(Math.log(size(cap) / aspect));
  const cap = off(low) < off(high) ? low : high;
  return groups.map((heights) => balance(heights, cap));
}
