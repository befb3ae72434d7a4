import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countAddresses,
  ipRange,
  mergeRanges,
  minusRanges,
  parseIpRange,
  rangeContains,
  rangeOverlap,
  rangeText,
  type IpRange,
} from './range';

describe('parseIpRange', () => {
  it.each([
    ['10.0.0.0/30', '10.0.0.0-10.0.0.3'],
    ['10.0.0.5-10.0.0.9', '10.0.0.5-10.0.0.9'],
    ['10.0.0.5 - 10.0.0.9/24', '10.0.0.5-10.0.0.9'],
    ['10.0.0.5', '10.0.0.5'],
    ['fd00::/127', 'fd00::-fd00::1'],
    ['10.0.0.9-10.0.0.5', null],
    ['10.0.0.9-fd00::1', null],
    ['x', null],
    ['', null],
  ])('%s → %s', (text, want) => {
    const range = parseIpRange(text);
    expect(range === null ? null : rangeText(range)).toBe(want);
  });
});

// Small spaces of both families, so that sets of numbers give the right answer.
const small = fc
  .record({
    family: fc.constantFrom<4 | 6>(4, 6),
    a: fc.integer({ min: 0, max: 40 }),
    b: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ family, a, b }): IpRange => ({ family, first: BigInt(Math.min(a, b)), last: BigInt(Math.max(a, b)) }));
const members = (ranges: readonly IpRange[]): Set<string> => {
  const set = new Set<string>();
  for (const { family, first, last } of ranges) for (let i = first; i <= last; i++) set.add(`${family}:${i}`);
  return set;
};
const ranges = fc.array(small, { maxLength: 6 });

describe('set arithmetic', () => {
  it('subtracts', () => {
    fc.assert(
      fc.property(ranges, ranges, (from, cut) => {
        const want = members(from);
        for (const member of members(cut)) want.delete(member);
        const got = minusRanges(from, cut);
        expect(members(got)).toEqual(want);
        expect(mergeRanges(got)).toEqual(got);
      }),
      { seed: 5, numRuns: 2000 },
    );
  });
  it('merges and counts', () => {
    fc.assert(
      fc.property(ranges, (all) => {
        expect(members(mergeRanges(all))).toEqual(members(all));
        expect(countAddresses(all)).toBe(members(all).size);
      }),
      { seed: 6, numRuns: 1000 },
    );
  });
  it('joins adjacent ranges', () => {
    const merged = mergeRanges(['10.0.0.4/30', '10.0.0.0/30', '10.0.0.9'].flatMap((text) => parseIpRange(text) ?? []));
    expect(merged.map(rangeText)).toEqual(['10.0.0.0-10.0.0.7', '10.0.0.9']);
  });
  it('detects overlaps', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const both = [...members([a])].filter((member) => members([b]).has(member));
        const overlap = rangeOverlap(a, b);
        expect(members(overlap === null ? [] : [overlap])).toEqual(new Set(both));
        expect(rangeOverlap(b, a)).toEqual(overlap);
      }),
      { seed: 7, numRuns: 1000 },
    );
  });
});

describe('addresses in ranges', () => {
  const range = ipRange('10.0.0.5', '10.0.0.9');
  it('of another family are outside', () => {
    expect(range !== null && rangeContains(range, '::a00:5')).toBe(false);
  });
  it('an IPv6 /64 has no exact count', () => {
    const huge = parseIpRange('fd00::/64');
    expect(countAddresses(huge === null ? [] : [huge])).toBeNull();
  });
});
