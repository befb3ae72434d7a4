import { describe, expect, it } from 'vitest';
import { Silence } from '../watchdog';
import { retryAfterOf, troubleOfError, troubleOfStatus } from './trouble';

it.each([
  [410, 'expired'],
  [401, 'unauthorized'],
  [403, 'denied'],
  [404, 'absent'],
  [429, 'busy'],
  [500, 'busy'],
  [503, 'busy'],
  [504, 'busy'],
  [400, 'rejected'],
  [422, 'rejected'],
])('status %i is %s', (code, kind) => {
  expect(troubleOfStatus(code, 'said', null)).toMatchObject({ kind, message: `HTTP ${code}: said` });
});

it('keeps what a server says on one line, without control characters, and short', () => {
  const { message } = troubleOfStatus(500, `a\nb\u001b[31m\u202e${'x'.repeat(1_000)}`, null);
  expect(message).toMatch(/^HTTP 500: a b \[31m x+…$/);
  expect(message.length).toBe(400);
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1);
  it.each([
    [null, null],
    ['7', 7_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2025 00:00:30 GMT', 0],
    ['soon', null],
    ['-3', null],
    ['99999999999999', null],
  ])('%j is %j', (header, milliseconds) => {
    expect(retryAfterOf(header, now)).toBe(milliseconds);
  });
});

describe('a failed connection', () => {
  const coded = (code: string, more: object = {}): Error => Object.assign(new Error('x'), { code, ...more });
  it.each([
    [coded('ECONNREFUSED'), 'https://api: connection refused (ECONNREFUSED)'],
    [
      Object.assign(new AggregateError([coded('ECONNREFUSED')]), { code: undefined }),
      'https://api: connection refused (ECONNREFUSED)',
    ],
    [new TypeError('fetch failed', { cause: coded('ENOTFOUND') }), 'https://api: host name not found (ENOTFOUND)'],
    [coded('CERT_HAS_EXPIRED'), 'https://api: certificate has expired (CERT_HAS_EXPIRED)'],
    [new Error('strange'), 'https://api: strange'],
    ['text', 'https://api: text'],
  ])('%s', (error, message) => {
    expect(troubleOfError(error, 'https://api')).toEqual({ kind: 'broken', message });
  });

  it('by silence is recognised', () => {
    expect(troubleOfError(new Error('aborted'), 'https://api', new Silence('nothing'))).toMatchObject({
      kind: 'silent',
    });
  });

  it('with an unreadable compressed body is garbled', () => {
    expect(troubleOfError(coded('Z_DATA_ERROR'), 'https://api').kind).toBe('garbled');
  });
});
