import { expect, test } from 'vitest';
import { readFrame } from './frame';

test.each([
  { kind: 'delta', delta: { epoch: 'e', from: 1, to: 2, at: 3, tables: {} } },
  { kind: 'reset', epoch: 'e', version: 4, reason: 'too far behind' },
  { kind: 'heartbeat', epoch: 'e', version: 4, at: 5, ages: { 'kubernetes/pods': null }, lags: {} },
])('reads $kind', (frame) => {
  expect(readFrame(JSON.stringify(frame), JSON.parse)).toEqual(frame);
});

test('restores lists that were omitted because they are empty', () => {
  const data = '{"kind":"delta","delta":{"epoch":"e","from":1,"to":2,"at":3,"tables":{"pods":{"drop":["pod:a/b"]}}}}';
  expect(readFrame(data, JSON.parse)).toEqual({
    kind: 'delta',
    delta: { epoch: 'e', from: 1, to: 2, at: 3, tables: { pods: { put: [], patch: [], drop: ['pod:a/b'] } } },
  });
});

test.each([
  ['', 'nothing'],
  ['{', 'half an object'],
  ['null', 'null'],
  ['[]', 'a list'],
  ['{"kind":"delta"}', 'not a delta'],
  ['{"kind":"delta","delta":{"epoch":"e","from":1,"to":"2","at":3,"tables":{}}}', 'a version that is text'],
  ['{"kind":"delta","delta":{"epoch":"e","from":1,"to":2,"at":3}}', 'no tables'],
  ['{"kind":"reset","version":1}', 'no epoch'],
  ['{"kind":"heartbeat","epoch":"e","version":1,"at":null,"ages":{},"lags":{}}', 'no clock'],
  ['{"kind":"hello"}', 'another kind'],
])('rejects %s (%s)', (data) => {
  expect(readFrame(data, JSON.parse)).toBeNull();
});
