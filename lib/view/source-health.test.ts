import { expect, test } from 'vitest';
import { aSource } from '../../e2e/testing/records';
import { sourceNow } from '../model/lag';
import type { SourceRecord, SourceState } from '../model/records';
import { stateWords, summarizeSources, worstWords } from './source-health';

const now = Date.parse('2026-11-21T06:10:00Z');
const source = (
  id: string,
  state: SourceState,
  asOf: string | null = null,
  reason: string | null = null,
): SourceRecord => aSource(id, state, { asOf, reason });

test('all live: there is no worst source', () => {
  const summary = summarizeSources([source('kubernetes/pods', 'live'), source('kubernetes/nodes', 'live')], now);
  expect(summary).toMatchObject({ worst: null, live: 2, counted: 2, tone: 'ok' });
});

test('sources that the cluster lacks or that are disabled are listed, not counted', () => {
  const summary = summarizeSources(
    [source('kubernetes/pods', 'live'), source('kubernetes/nads', 'absent'), source('aws-node/metrics', 'off')],
    now,
  );
  expect(summary).toMatchObject({ worst: null, live: 1, counted: 1 });
  expect(summary.lines.map((line) => line.word)).toEqual(['live', 'not available', 'off']);
});

test.each<[SourceState, SourceState, SourceState]>([
  ['failing', 'denied', 'failing'],
  ['stale', 'denied', 'denied'],
  ['behind', 'stale', 'stale'],
  ['starting', 'behind', 'behind'],
  ['starting', 'stale', 'stale'],
  ['live', 'starting', 'starting'],
])('of %s and %s, %s is worst', (a, b, worst) => {
  expect(summarizeSources([source('a', a), source('b', b)], now).worst?.state).toBe(worst);
});

test('a heartbeat is fresher than the record', () => {
  const record = source('ec2/subnets', 'stale', '2026-11-21T06:00:00Z');
  expect(summarizeSources([record], now).worst?.age).toBe('10 min');
  expect(summarizeSources([sourceNow(record, { 'ec2/subnets': '2026-11-21T06:06:00Z' }, {})], now).worst?.age).toBe(
    '4 min',
  );
});

test('of several sources in one state, the most important one is named and the others are counted', () => {
  const ids = ['ec2/subnets', 'kubernetes/cninodes', 'kubernetes/nodes'];
  const summary = summarizeSources(
    ids.map((id) => source(id, 'failing')),
    now,
  );
  expect(summary).toMatchObject({ worst: { id: 'kubernetes/nodes' }, alike: 2 });
});

test('without sources none is live', () => {
  expect(summarizeSources([], now)).toMatchObject({ worst: null, live: 0, counted: 0 });
});

test('the lag of a source has two units, and its progress is shown', () => {
  const behind = aSource('kubernetes/pods', 'behind', {
    asOf: '2026-11-21T06:07:44Z',
    reason: 'the watch is slow',
    lagSeconds: 136,
    waiting: 1_200,
    listing: { read: 40_000, about: 165_000 },
  });
  expect(summarizeSources([behind], now).worst).toMatchObject({
    word: 'behind by 2 min 16 s',
    tone: 'warn',
    reason: 'the watch is slow',
    progress: 'listing: 40,000 of about 165,000 · 1,200 facts wait inside ifscope',
  });
});

test.each([
  [136, 'behind by 2 min 16 s'],
  [5, 'behind by 5 s'],
  [3_600, 'behind by 1 h'],
  [90_061, 'behind by 1 d 1 h'],
  [0, 'behind'],
  [null, 'behind'],
])('behind by %s s is "%s"', (lagSeconds, words) => {
  expect(stateWords({ state: 'behind', lagSeconds })).toBe(words);
  expect(stateWords({ state: 'live', lagSeconds })).toBe('live');
});

test.each<[string, SourceRecord, string | null]>([
  ['a first list', aSource('p', 'starting', { listing: { read: 250, about: null } }), 'listing: 250'],
  ['a few pending facts', aSource('p', 'live', { lagSeconds: 0, waiting: 3 }), null],
  ['a burst', aSource('p', 'live', { lagSeconds: 1, waiting: 400 }), '400 facts wait inside ifscope'],
  ['the last pending fact', aSource('p', 'behind', { lagSeconds: 9, waiting: 1 }), '1 fact waits inside ifscope'],
  ['a file', aSource('p', 'live'), null],
])('progress of %s', (_, record, progress) => {
  expect(summarizeSources([record], now).lines[0]?.progress).toBe(progress);
});

test('a live record whose figures show a lag is behind, and the cause is the reason', () => {
  const lag = { lagSeconds: 31, waiting: 9_000, listing: null, cause: 'facts wait' };
  const seen = sourceNow(source('kubernetes/pods', 'live'), {}, { 'kubernetes/pods': lag });
  expect(seen).toMatchObject({ state: 'behind', reason: 'facts wait', lagSeconds: 31, waiting: 9_000 });
  expect(seen).not.toHaveProperty('cause');
  expect(sourceNow(source('kubernetes/pods', 'denied', null, 'no'), {}, { 'kubernetes/pods': lag })).toMatchObject({
    state: 'denied',
    reason: 'no',
  });
  expect(
    sourceNow(source('kubernetes/pods', 'live'), {}, { 'kubernetes/pods': { ...lag, lagSeconds: 4 } }),
  ).toMatchObject({ state: 'live', reason: null, lagSeconds: 4 });
});

test('the worst source is named with the number of others in its state and its age', () => {
  const words = (...sources: SourceRecord[]): string | null => worstWords(summarizeSources(sources, now));
  expect(words(source('kubernetes/pods', 'live'))).toBeNull();
  expect(words(source('kubernetes/pods', 'failing'))).toBe('kubernetes/pods failing');
  expect(
    words(
      source('kubernetes/nodes', 'stale', '2026-11-18T06:10:00Z'),
      source('kubernetes/pods', 'stale', '2026-11-18T06:10:00Z'),
    ),
  ).toBe('kubernetes/nodes and 1 more stale · 3 d');
});
