import { describe, expect, it } from 'vitest';
import { address, count, integer, text, timestamp } from './guards';

describe('timestamp', () => {
  it.each([
    ['2026-09-01T12:00:00Z', '2026-09-01T12:00:00Z'],
    ['2026-09-01T12:00:00.000Z', '2026-09-01T12:00:00Z'],
    ['2026-09-01T12:00:00.123456Z', '2026-09-01T12:00:00.123456Z'],
    ['2026-09-01T12:00:00+00:00', '2026-09-01T12:00:00Z'],
    ['2026-09-01T14:00:00+02:00', '2026-09-01T12:00:00Z'],
    [new Date('2026-09-01T12:00:00Z'), '2026-09-01T12:00:00Z'],
    ['0001-01-01T00:00:00Z', null],
    ['2026-09-01', null],
    ['2026-99-01T12:00:00+00:00', null],
    [new Date(NaN), null],
    [1_788_000_000, null],
    ['', null],
    [null, null],
  ])('%s → %s', (given, wanted) => {
    expect(timestamp(given)).toBe(wanted);
  });
});

describe('numbers', () => {
  it.each([
    [5, 5],
    ['5', 5],
    [-3, -3],
    [1.5, null],
    ['0x10', null],
    ['99999999999999999999', null],
    [Infinity, null],
    [true, null],
    [[5], null],
  ])('integer(%j) → %j', (given, wanted) => {
    expect(integer(given)).toBe(wanted);
  });

  it('counts no negative values', () => {
    expect([count(0), count(-1), count('7')]).toEqual([0, null, 7]);
  });
});

it('reads empty text as absent, and normalises addresses', () => {
  expect([text(''), text('x'), text(1)]).toEqual([null, 'x', null]);
  expect([address('FD00::0001'), address('010.0.0.1'), address(7)]).toEqual(['fd00::1', null, null]);
});
