import { expect, it } from 'vitest';
import { chooseEncoding, matchesTag } from './answers';

it.each([
  [null, 'identity'],
  ['', 'identity'],
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['gzip;q=1.0, br;q=0.5', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['*', 'br'],
  ['*;q=0', 'identity'],
  ['deflate', 'identity'],
] as const)('Accept-Encoding %j gets %s', (header, encoding) => expect(chooseEncoding(header)).toBe(encoding));

it.each([
  [null, false],
  ['"e.1"', true],
  ['W/"e.1"', true],
  ['"e.0", "e.1"', true],
  ['"e.10"', false],
  ['*', true],
] as const)('If-None-Match %j matches: %s', (header, matches) => expect(matchesTag(header, '"e.1"')).toBe(matches));
