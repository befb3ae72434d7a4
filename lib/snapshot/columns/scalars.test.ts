import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBits, decodeNumbers, decodeTexts, encodeBits, encodeNumbers, encodeTexts } from './scalars';
import { fromTemplate, toTemplate } from './template';

const RUNS = { seed: 13, numRuns: 1000 };

describe('the chosen encoding of', () => {
  it.each([
    [[5, 5, 5], { c: 5 }],
    [[1000, 1001, 1003], { d: [1000, 1, 2] }],
    [[5, 900, 7], { r: [5, 900, 7] }],
    [[0.5, 1], { r: [0.5, 1] }],
    [[-9, Number.MAX_SAFE_INTEGER], { r: [-9, Number.MAX_SAFE_INTEGER] }],
  ])('numbers %j', (values, column) => {
    expect(encodeNumbers(values)).toEqual(column);
  });

  it.each([
    [[false, false], 0],
    [[true, true], 1],
    [
      [false, true, false, false],
      [0, 2],
    ],
    [
      [true, true, false, true, false],
      [1, 3, 2],
    ],
  ])('booleans %j', (values, column) => {
    expect(encodeBits(values)).toEqual(column);
  });

  it.each([
    [['a', 'a'], { c: 'a' }],
    [['a', 'b'], { s: ['a', 'b'] }],
    [['a', 'b', 'a', 'b'], { w: { s: ['a', 'b'] }, i: { r: [0, 1, 0, 1] }, n: 2 }],
    [['10.0.0.1', '10.0.0.3'], { a: { d: [167772161, 2] } }],
    [['10.0.0.1', '10.0.0.03'], { s: ['10.0.0.1', '10.0.0.03'] }],
    [['2026-09-01T12:00:00Z', '2026-09-01T12:00:09Z'], { t: { d: [1788264000, 9] } }],
    [['2026-09-01T12:00:00Z', '2026-09-31T12:00:00Z'], { s: ['2026-09-01T12:00:00Z', '2026-09-31T12:00:00Z'] }],
  ])('texts %j', (values, column) => {
    expect(encodeTexts(values)).toEqual(column);
  });
});

describe('round trips of', () => {
  it('numbers, booleans, texts', () => {
    const text = fc.oneof(fc.string(), fc.ipV4(), fc.constantFrom('a', 'b', '2026-09-01T12:00:00Z'));
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.array(fc.boolean()), fc.array(text), (numbers, bits, texts) => {
        expect(decodeNumbers(encodeNumbers(numbers), numbers.length)).toEqual(numbers);
        expect(decodeBits(encodeBits(bits), bits.length)).toEqual(bits);
        expect(decodeTexts(encodeTexts(texts), texts.length)).toEqual(texts);
        const wholes = fc.sample(fc.ipV4(), { seed: texts.length, numRuns: 5 });
        expect(decodeTexts(encodeTexts(wholes), wholes.length)).toEqual(wholes);
      }),
      RUNS,
    );
  });

  it('templates with any tokens', () => {
    const part = fc.constantFrom(
      '10.0.0.1',
      '10.0.0.12',
      'eni-1',
      '1234',
      ';',
      '\uE000',
      '\uE0000;',
      '0;',
      ' is ',
      'eni-',
      '',
    );
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        fc.array(fc.option(part, { nil: null })),
        (text, tokens) => {
          expect(fromTemplate(toTemplate(text, tokens), tokens)).toBe(text);
        },
      ),
      RUNS,
    );
  });
});

it('uses one template for sentences that differ only in the record’s own ids', () => {
  const sentence = (ip: string, eni: string): string => toTemplate(`${ip} is on ${eni}.`, [eni, ip]);
  expect(sentence('10.0.0.1', 'eni-0a')).toBe(sentence('10.0.0.12', 'eni-0b'));
});
