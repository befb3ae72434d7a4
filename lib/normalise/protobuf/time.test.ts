import { expect, it } from 'vitest';
import { microTime, time } from './time';
import { Wire } from './wire';

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return [...bytes, Number(left)];
}

const wire = (seconds: number, nanos = 0): Wire => new Wire(Buffer.from([8, ...varint(seconds), 16, ...varint(nanos)]));

const AT = Date.parse('2026-09-01T12:00:00Z') / 1000;

it.each([
  ['the same time twice', [AT, AT]],
  // Far enough apart to have the same place in a cache.
  ['two times', [AT, AT + 1024, AT]],
  ['before 1970', [-1, -86_400]],
  ['the last second of the last year', [253_402_300_799]],
])('formats as JSON does: %s', (_what, seconds) => {
  expect(seconds.map((one) => time(wire(one)))).toEqual(
    seconds.map((one) => new Date(one * 1000).toISOString().replace('.000', '')),
  );
});

it('returns no text for a five-digit year or a missing time', () => {
  expect([time(wire(253_402_300_800)), microTime(wire(253_402_300_800)), time(new Wire(Buffer.alloc(0)))]).toEqual([
    null,
    null,
    null,
  ]);
});

it('keeps microseconds where the field has them', () => {
  expect([time(wire(AT, 123_456_789)), microTime(wire(AT, 123_456_789)), microTime(wire(AT))]).toEqual([
    '2026-09-01T12:00:00Z',
    '2026-09-01T12:00:00.123456Z',
    '2026-09-01T12:00:00.000000Z',
  ]);
});
