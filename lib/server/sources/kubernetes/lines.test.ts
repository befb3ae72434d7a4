import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLineSplitter } from './lines';

it('produces the same lines however the bytes are split', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '))),
      fc.array(fc.nat({ max: 400 })),
      (texts, cuts) => {
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
        const splitter = createLineSplitter(1 << 20);
        const places = [...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b);
        let from = 0;
        const lines = places.flatMap((to) => {
          const found = splitter.push(bytes.subarray(from, to));
          from = to;
          return found;
        });
        expect(lines).toEqual(texts.filter((text) => text.trim() !== ''));
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

it('splits at \\n only, and retains an incomplete line', () => {
  const splitter = createLineSplitter(100);
  expect(splitter.push(Buffer.from('a\u2028b\u0085c\rd\nhalf'))).toEqual(['a\u2028b\u0085c\rd']);
  expect(splitter.push(Buffer.from(' a line\n'))).toEqual(['half a line']);
});

it('rejects an unterminated line', () => {
  const splitter = createLineSplitter(10);
  expect(() => splitter.push(Buffer.alloc(11, 'x'))).toThrow(RangeError);
});
