import { expect, it } from 'vitest';
import { formatPosition, parsePosition } from './position';

it('parses what it formats', () => {
  expect(parsePosition(formatPosition({ epoch: 'k3x9', version: 41 }))).toEqual({ epoch: 'k3x9', version: 41 });
});

it.each(['', '41', 'k3x9', 'k3x9.', '.41', 'k3x9.-1', 'k3x9.4.1', 'k3x9.1e3', 'k3 x9.1', 'k3x9.9999999999999999'])(
  'rejects %j',
  (text) => expect(parsePosition(text)).toBeNull(),
);
