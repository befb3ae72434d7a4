import { describe, expect, it } from 'vitest';
import { globTest } from './glob';

const whole = (pattern: string) =>
  globTest(
    pattern,
    (_, at) => at === 0,
    (text, at) => at === text.length,
  );
const anywhere = (pattern: string) =>
  globTest(
    pattern,
    () => true,
    () => true,
  );

describe('all of a text', () => {
  it.each([
    ['web', 'web', true],
    ['web', 'web-0', false],
    ['web', 'my-web', false],
    ['web*', 'web-0', true],
    ['*web', 'my-web', true],
    ['*web', 'my-web-0', false],
    ['w*b', 'WEB', true],
    ['w*b', 'wb', true],
    ['a*a', 'a', false],
    ['ab*ba', 'aba', false],
    ['ab*ba', 'abba', true],
    ['*', '', true],
    ['**', 'x', true],
    ['a*b*c', 'abbc', true],
    ['a*b*c', 'acb', false],
    ['*a*', 'bab', true],
    ['*aa*a', 'aaa', true],
    ['*b', 'bab', true],
    ['.*', 'web', false],
  ])('%s, %s: %s', (pattern, text, matches) => expect(whole(pattern)(text)).toBe(matches));
});

it('part of a text', () => {
  expect(anywhere('b*d')('abcde')).toBe(true);
  expect(anywhere('d*b')('abcde')).toBe(false);
  expect(anywhere('')('')).toBe(true);
});

// As a backtracking expression, twenty stars would take longer than the age of the universe.
it('no pattern takes long', () => {
  const text = 'a'.repeat(250);
  const tests = [whole, anywhere].flatMap((make) => [make(`${'*a'.repeat(100)}*b`), make(`${'*'.repeat(200)}x`)]);
  const started = performance.now();
  for (const test of tests) expect(test(text)).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
});

it('agrees with a regular expression on all short texts', () => {
  const texts = [
    'a',
    'b',
    'c',
    'aa',
    'ab',
    'ba',
    'bb',
    'ca',
    'aaa',
    'aab',
    'aba',
    'abb',
    'baa',
    'bab',
    'bba',
    'bbb',
    'cab',
  ];
  const patterns = ['', '*', 'a', 'a*', '*a', 'a*a', '*a*', 'a*b', '*ab*', 'a**b', '*b*a'];
  for (const pattern of patterns)
    for (const text of ['', ...texts]) {
      const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
      expect([pattern, text, whole(pattern)(text)]).toEqual([pattern, text, expected]);
    }
});
