import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delta } from '../../model/delta';
import { createRing } from './ring';
import { estimateBytes } from './delta-bytes';

const delta = (from: number, dropped: readonly string[] = []): Delta => ({
  epoch: 'e',
  from,
  to: from + 1,
  at: 0,
  tables: { pods: { put: [], patch: [], drop: dropped } },
});

describe('ring', () => {
  it('returns any range of the kept deltas, without gaps', () => {
    const ring = createRing();
    for (let version = 0; version < 10; version++) ring.push(delta(version), 1e6);
    const span = ring.span(3, 7);
    expect(span?.map((each) => [each.from, each.to])).toEqual([
      [3, 4],
      [4, 5],
      [5, 6],
      [6, 7],
    ]);
    expect(ring.bytesFrom(6)).toBe(4 * estimateBytes(delta(6)));
  });

  it('returns nothing from before its oldest delta, or up to an unknown version', () => {
    const weight = estimateBytes(delta(0));
    const ring = createRing();
    for (let version = 0; version < 5; version++) ring.push(delta(version), weight * 3);
    expect(ring.oldest).toBe(2);
    expect(ring.span(1, 5)).toBeNull();
    expect(ring.span(2, 5)).toHaveLength(3);
    expect(ring.span(2, 6)).toBeNull();
  });

  it('is emptied by a single delta above its limit, and continues after it', () => {
    const ring = createRing();
    ring.push(delta(0), 2_000);
    ring.push(delta(1, ['x'.repeat(5_000)]), 2_000);
    expect([ring.oldest, ring.bytes]).toEqual([null, 0]);
    expect(ring.span(1, 2)).toBeNull();
    ring.push(delta(2), 2_000);
    expect(ring.span(2, 3)).toHaveLength(1);
  });

  it('rejects a delta that leaves a gap, which would be a bug', () => {
    const ring = createRing();
    ring.push(delta(0), 1e6);
    expect(() => ring.push(delta(2), 1e6)).toThrow('does not follow');
  });

  it('never exceeds its limit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 3_000 }), (sizes) => {
        const ring = createRing();
        sizes.forEach((size, version) => {
          const limit = version % 50 === 49 ? 2_000 : 5_000;
          ring.push(delta(version, ['x'.repeat(size)]), limit);
          expect(ring.bytes).toBeLessThanOrEqual(limit);
        });
        const oldest = ring.oldest;
        if (oldest !== null) expect(ring.bytesFrom(oldest)).toBe(ring.bytes);
      }),
      { seed: 7, numRuns: 40 },
    );
  });
});

describe('the estimated size', () => {
  it('is close to the length of the JSON, also with sampling', () => {
    for (const count of [0, 10, 5_000]) {
      const dropped = Array.from({ length: count }, (_, index) => `pod:default/web-${index}`);
      const written = JSON.stringify(delta(1, dropped)).length;
      expect(estimateBytes(delta(1, dropped)) / written).toBeGreaterThan(0.9);
      expect(estimateBytes(delta(1, dropped)) / written).toBeLessThan(1.3 + 100 / written);
    }
  });
});
