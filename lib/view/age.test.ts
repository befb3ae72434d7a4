import { expect, test } from 'vitest';
import { UNKNOWN_TIME } from '../model/unknown-time';
import { ageOf, duration, exactTime } from './age';

const now = Date.parse('2026-11-21T06:00:00Z');

test.each([
  ['2026-11-21T05:59:48Z', '12 s'],
  ['2026-11-21T05:59:00Z', '1 min'],
  ['2026-11-21T05:00:01Z', '59 min'],
  ['2026-11-21T05:00:00Z', '1 h'],
  ['2026-11-19T07:00:00Z', '47 h'],
  ['2026-11-18T05:00:00Z', '3 d'],
  ['2026-11-21T06:00:03Z', '0 s'],
  [null, null],
  ['yesterday', null],
])('the age of %s is %s', (timestamp, age) => {
  expect(ageOf(timestamp, now)).toBe(age);
});

test('a duration is rounded down, never up', () => {
  expect(duration(119_999)).toBe('1 min');
});

test('exact times are in UTC, and absent when unreadable', () => {
  expect(exactTime('2026-11-21T07:04:00+01:00')).toBe('2026-11-21 06:04:00 UTC');
  expect(exactTime('never')).toBeNull();
  expect(exactTime(UNKNOWN_TIME)).toBeNull();
  expect(ageOf(UNKNOWN_TIME, Date.parse('2026-11-21T06:04:00Z'))).toBeNull();
});

test('in a file of an unknown time nothing has an age', () => {
  expect(ageOf('2026-11-21T06:04:00Z', NaN)).toBeNull();
});
