import { expect, test } from 'vitest';
import { GOLDEN_CLUSTERS } from '../../e2e/testing/golden-clusters';
import { aSource } from '../../e2e/testing/records';
import type { SourceRecord } from '../model/records';
import { captioned, freshnessOf } from './caption';
import { toSvg } from './picture/svg';
import { wholePicture } from './whole';

const source = (id: string, given: Partial<SourceRecord>): SourceRecord =>
  aSource(id, given.state ?? 'live', { asOf: '2026-11-29T09:00:00.000Z', ...given });
const of = (...list: readonly SourceRecord[]) =>
  freshnessOf({ records: { sources: new Map(list.map((one) => [one.id, one])) } } as never);

test.each([
  ['all equally old', [source('a', {}), source('b', {})], '2 of 2 sources live'],
  [
    'one answer is older',
    [source('a', {}), source('b', { asOf: '2026-11-29T08:58:30Z' })],
    '2 of 2 sources live · the oldest answer is 1 min 30 s older (b)',
  ],
  [
    'one source is denied, one is absent',
    [source('a', {}), source('b', { state: 'denied', asOf: null }), source('c', { state: 'absent', asOf: null })],
    '1 of 2 sources live · b denied',
  ],
] as const)('a picture states the age of its data: %s', (_, list, words) => {
  expect(of(...list)).toEqual({ asOf: '2026-11-29T09:00:00.000Z', words });
});

test('without any answer the time is unknown', () => {
  expect(of(source('a', { state: 'failing', asOf: null })).asOf).toBeNull();
});

test('the same data produce the same bytes, with a strip below the picture', () => {
  const make = (): string => {
    const data = GOLDEN_CLUSTERS.telco().build();
    return toSvg(captioned(wholePicture(data), data, 'node a'), { theme: 'light' });
  };
  const data = GOLDEN_CLUSTERS.telco().build();
  expect(make()).toBe(make());
  expect(captioned(wholePicture(data), data).height).toBeGreaterThan(wholePicture(data).height);
  expect(make()).toContain('sources live');
  expect(make()).toContain('node a');
});
