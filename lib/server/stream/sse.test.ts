import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { expect, it } from 'vitest';
import type { Frame } from '../../model/delta';
import { whole } from '../../records/wire';
import type { Piece } from './piece';
import { COMMENT, encodeFrame, GREETING } from './sse';

const read = (...parts: readonly Piece[]): EventSourceMessage[] => {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  for (const part of parts) parser.feed(new TextDecoder().decode(part.text));
  return messages;
};

const frames: readonly Frame[] = [
  {
    kind: 'delta',
    delta: {
      epoch: 'e',
      from: 3,
      to: 5,
      at: 1,
      tables: { pods: { put: [], patch: [{ id: 'pod:a/b', set: {} }], drop: ['pod:a\nb\r\n\u2028/c'] } },
    },
  },
  { kind: 'reset', epoch: 'e', version: 7, reason: 'ä' },
  { kind: 'heartbeat', epoch: 'e', version: 7, at: 2, ages: { 'kubernetes/pods': null }, lags: {} },
];

it.each(frames)('a $kind is parsed back unchanged, with its position as id', (frame) => {
  const [message, ...more] = read(GREETING, encodeFrame(frame), COMMENT);
  expect(more).toEqual([]);
  expect(whole(JSON.parse(message?.data ?? '') as Frame)).toEqual(frame);
  expect(message).toMatchObject({ event: frame.kind, id: frame.kind === 'delta' ? 'e.5' : 'e.7' });
});

it('has exactly these bytes', () => {
  const frame: Frame = { kind: 'reset', epoch: 'e', version: 7, reason: 'r' };
  expect(new TextDecoder().decode(encodeFrame(frame).text)).toBe(
    'event: reset\nid: e.7\ndata: {"kind":"reset","epoch":"e","version":7,"reason":"r"}\n\n',
  );
  expect(new TextDecoder().decode(COMMENT.text)).toBe(':\n\n');
});

it('leaves out empty lists', () => {
  const [frame] = frames;
  if (frame === undefined) throw new Error('no frame');
  const text = new TextDecoder().decode(encodeFrame(frame).text);
  expect(text).toContain('"patch":');
  expect(text).not.toContain('"put":');
});
