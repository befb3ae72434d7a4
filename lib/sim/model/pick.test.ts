import { describe, expect, it } from 'vitest';
import { pickFitting } from './pick';
import { createRandom } from './random';

const numbers = (size: number): ReadonlySet<number> => new Set(Array.from({ length: size }, (_, index) => index));

describe.each([10, 5_000])('picking among %i values', (size) => {
  it('picks only matching values, and reaches all of them', () => {
    const random = createRandom(1);
    const seen = new Set<number>();
    for (let round = 0; round < 200; round++) {
      const picked = pickFitting(random, numbers(size), (value) => value % (size / 5) === 1, 2);
      expect(picked).toHaveLength(2);
      for (const value of picked) seen.add(value);
    }
    expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4].map((fifth) => (fifth * size) / 5 + 1));
  });

  it('finds the only matching value', () => {
    expect(pickFitting(createRandom(1), numbers(size), (value) => value === size - 1, 1)).toEqual([size - 1]);
  });

  it('picks nothing if no value matches', () => {
    expect(pickFitting(createRandom(1), numbers(size), () => false, 2)).toEqual([]);
  });
});

it('does not test large sets value by value', () => {
  let tested = 0;
  pickFitting(
    createRandom(1),
    numbers(5_000),
    () => {
      tested++;
      return true;
    },
    2,
  );
  expect(tested).toBe(2);
});
