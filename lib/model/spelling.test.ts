import { expect, it } from 'vitest';
import { distance, similarName } from './spelling';

it.each([
  ['port', 'port', 0],
  ['prot', 'port', 1],
  ['por', 'port', 1],
  ['ports', 'port', 1],
  ['pord', 'port', 1],
  ['prto', 'port', 2],
  ['tpor', 'port', 2],
  ['from', 'port', 3],
  ['p', 'port', 3],
  ['', '', 0],
  ['a', 'ba', 1],
])('from %s to %s: %d', (a, b, apart) => {
  expect(distance(a, b)).toBe(apart);
  expect(distance(b, a)).toBe(apart);
});

it.each([
  ['prot', 'port'],
  ['PORT', 'port'],
  ['frm', 'from'],
  ['lgo', null],
  ['logLevl', 'logLevel'],
  ['lgoLvel', 'logLevel'],
  ['else', null],
])('%s means %s', (name, meant) => expect(similarName(name, ['from', 'port', 'logLevel', 'logFormat'])).toBe(meant));
