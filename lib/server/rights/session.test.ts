/** When a session is over, and the stream that ends with it if rights are not checked. */
import { expect, it } from 'vitest';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { EndedSessions, endedSessions, MAX_SESSION_MS, whileHolds, type Session } from './session';

const NOW = Date.UTC(2026, 8, 1);
const session = (from: number, ...keys: readonly string[]): Session => ({ keys, from, until: from + MAX_SESSION_MS });

it('ends the sessions that started by the time recorded for their key', () => {
  const ended = new EndedSessions();
  ended.end('subject alice', NOW);
  expect(ended.has(session(NOW - 1, 'id 1', 'subject alice'))).toBe(true);
  expect(ended.has(session(NOW, 'id 2', 'subject alice'))).toBe(true);
  expect(ended.has(session(NOW + 1, 'id 3', 'subject alice'))).toBe(false);
  expect(ended.has(session(NOW - 1, 'id 4', 'subject bob'))).toBe(false);
});

it('ends all sessions older than the last forgotten key if there are too many keys', () => {
  const ended = new EndedSessions(2);
  for (let at = 0; at < 3; at++) ended.end(`id ${at}`, NOW + at);
  expect(ended.has(session(NOW - 1, 'id 0'))).toBe(true);
  expect(ended.has(session(NOW - 1, 'id 9'))).toBe(true);
  expect(ended.has(session(NOW + 1, 'id 9'))).toBe(false);
});

it('forgets keys of expired sessions, and ends no other session with them', () => {
  const ended = new EndedSessions(2);
  ended.end('id 0', NOW);
  ended.end('id 1', NOW + MAX_SESSION_MS);
  ended.end('id 2', NOW + MAX_SESSION_MS);
  expect(ended.has(session(NOW, 'id 9'))).toBe(false);
});

it.each<[string, number, (now: number) => void]>([
  ['its eight hours are over', MAX_SESSION_MS, () => undefined],
  ['the visitor signs out', 1, (now) => endedSessions().end('id of-the-stream', now)],
])('a stream ends when %s', async (_, after, change) => {
  const clock = createFakeClock();
  const sees = whileHolds({
    session: session(clock.now(), 'id of-the-stream'),
    clock,
    closed: new AbortController().signal,
    holds: () => Promise.resolve(true),
  });
  const passed = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 30_000) {
      clock.advance(Math.min(30_000, left));
      for (let i = 0; i < 10; i++) await Promise.resolve();
    }
  };
  await passed(30_000);
  expect(sees.aborted).toBe(false);
  change(clock.now());
  await passed(after);
  expect(sees.aborted).toBe(true);
});
