import { expect, test } from 'vitest';
import type { SourceRecord, SourceState } from '../model/records';
import { summarizeSources } from './source-health';

const now = Date.parse('2026-11-21T06:10:00Z');
const source = (
  id: string,
  state: SourceState,
  asOf: string | null = null,
  reason: string | null = null,
): SourceRecord => ({
  id,
  state,
  asOf,
  reason,
});

test('all live: nothing is worst', () => {
  const summary = summarizeSources([source('kubernetes/pods', 'live'), source('kubernetes/nodes', 'live')], {}, now);
  expect(summary).toMatchObject({ worst: null, live: 2, counted: 2, tone: 'ok' });
});

test('what the cluster lacks or what is switched off is listed, not counted', () => {
  const summary = summarizeSources(
    [source('kubernetes/pods', 'live'), source('kubernetes/nads', 'absent'), source('aws-node/metrics', 'off')],
    {},
    now,
  );
  expect(summary).toMatchObject({ worst: null, live: 1, counted: 1 });
  expect(summary.lines.map((line) => line.word)).toEqual(['live', 'not in this cluster', 'off']);
});

test.each<[SourceState, SourceState, SourceState]>([
  ['failing', 'denied', 'failing'],
  ['stale', 'denied', 'denied'],
  ['starting', 'stale', 'stale'],
  ['live', 'starting', 'starting'],
])('of %s and %s, %s is worst', (a, b, worst) => {
  expect(summarizeSources([source('a', a), source('b', b)], {}, now).worst?.state).toBe(worst);
});

test('a heartbeat is fresher than the record', () => {
  const record = source('ec2/subnets', 'stale', '2026-11-21T06:00:00Z');
  expect(summarizeSources([record], {}, now).worst?.age).toBe('10 min');
  expect(summarizeSources([record], { 'ec2/subnets': '2026-11-21T06:06:00Z' }, now).worst?.age).toBe('4 min');
});

test('of many in one state, the most important one is named and the others are counted', () => {
  const ids = ['ec2/subnets', 'kubernetes/cninodes', 'kubernetes/nodes'];
  const summary = summarizeSources(
    ids.map((id) => source(id, 'failing')),
    {},
    now,
  );
  expect(summary).toMatchObject({ worst: { id: 'kubernetes/nodes' }, alike: 2 });
});

test('without sources none is live', () => {
  expect(summarizeSources([], {}, now)).toMatchObject({ worst: null, live: 0, counted: 0 });
});
