// Go's `%q`, which Multus' messages contain, for every Unicode character.
import { expect, it } from 'vitest';
import { goQuote } from '../../lib/cni/go/quote';
import { ask, type Answer } from './ask';

const BLOCK = 0x400;
const characters = (from: number): string =>
  Array.from({ length: BLOCK }, (_, i) => from + i)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    .join('');

const quoted = (texts: readonly string[]): readonly Answer<string>[] =>
  ask<string>(texts.map((text) => ({ ask: 'quote', text })));

it('quotes every character as Go does, except those added by a newer Unicode version', () => {
  const blocks = Array.from({ length: 0x110000 / BLOCK }, (_, i) => characters(i * BLOCK)).filter(
    (text) => text !== '',
  );
  const different = quoted(blocks).flatMap((answer, i) => {
    const block = blocks[i] ?? '';
    return 'value' in answer && answer.value === goQuote(block) ? [] : Array.from(block);
  });
  const newer = quoted(different).flatMap((answer, i) => {
    const character = different[i] ?? '';
    const ours = goQuote(character);
    if ('value' in answer && answer.value === ours) return [];
    // Go prints these as escapes because its Unicode version is older than Node's.
    expect(answer).toHaveProperty('value', expect.stringMatching(/^"\\[uU][0-9a-f]+"$/));
    expect(ours).toBe(`"${character}"`);
    return [character.codePointAt(0) ?? 0];
  });
  // Differences between Go's Unicode 15.0 and 17.0: none of these characters is likely in an annotation.
  expect(newer.length).toBeLessThan(12_000);
  expect(Math.min(...newer, 0x110000)).toBeGreaterThan(0x088e);
});
