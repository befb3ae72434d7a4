import { expect, it } from 'vitest';
import { matchesTag } from './answers';

it.each([
  [null, false],
  ['"e.1"', true],
  ['W/"e.1"', true],
  ['"e.0", "e.1"', true],
  ['"e.10"', false],
  ['*', true],
] as const)('If-None-Match %j matches: %s', (header, matches) => expect(matchesTag(header, '"e.1"')).toBe(matches));
