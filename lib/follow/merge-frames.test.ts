import { expect, test } from 'vitest';
import { deltaFrame, pod, podDelta } from '../../e2e/testing/client';
import type { Frame } from '../model/delta';
import { mergeFrames } from './merge-frames';

const added = (from: number, name: string, epoch?: string): Frame => deltaFrame(podDelta(from, [pod(name)], [], epoch));
const beat = (version: number): Frame => ({ kind: 'heartbeat', epoch: 'e1', version, at: version, ages: {}, lags: {} });
const reset: Frame = { kind: 'reset', epoch: 'e2', version: 9, reason: 'the server was restarted since' };

/** A frame in short: `delta 1..3 a b`, `heartbeat 4`. */
const brief = (frame: Frame): string =>
  frame.kind === 'delta'
    ? [
        'delta',
        `${frame.delta.from}..${frame.delta.to}`,
        ...(frame.delta.tables.pods?.put ?? []).map(({ name }) => name),
      ].join(' ')
    : `${frame.kind} ${frame.version}`;

test.each<[string, Frame[], string[]]>([
  ['consecutive deltas are one', [added(1, 'a'), added(2, 'b'), added(3, 'c')], ['delta 1..4 a b c']],
  ['a gap between deltas remains', [added(1, 'a'), added(5, 'b')], ['delta 1..2 a', 'delta 5..6 b']],
  ['deltas of two epochs are not merged', [added(1, 'a'), added(2, 'b', 'e2')], ['delta 1..2 a', 'delta 2..3 b']],
  [
    'the last heartbeat follows the delta',
    [beat(1), added(1, 'a'), beat(2), added(2, 'b')],
    ['delta 1..3 a b', 'heartbeat 2'],
  ],
  [
    'a reset is not moved',
    [added(1, 'a'), beat(2), reset, added(9, 'b')],
    ['delta 1..2 a', 'heartbeat 2', 'reset 9', 'delta 9..10 b'],
  ],
  ['one frame stays as it is', [beat(3)], ['heartbeat 3']],
  ['no frame is none', [], []],
])('%s', (_, frames, expected) => {
  expect(mergeFrames(frames).map(brief)).toEqual(expected);
});
