import { describe, expect, it } from 'vitest';
import { ours } from '../reason';
import { Silence } from '../watchdog';
import { retryAfterOf, troubleOfError, troubleOfStatus } from './trouble';

const API = ours('https://api');

it.each([
  [410, 'expired', 'the version is too old'],
  [401, 'unauthorized', 'the credentials are refused'],
  [403, 'denied', 'this identity lacks the right; the log names it'],
  [404, 'absent', 'not found'],
  [429, 'busy', 'too many requests'],
  [500, 'busy', 'a server error'],
  [503, 'busy', 'the server is not available'],
  [504, 'busy', 'the server did not answer in time'],
  [400, 'rejected', 'the request is refused'],
  [422, 'rejected', 'the request is refused'],
])('status %i is %s, in ifscope’s own words', (code, kind, words) => {
  expect(troubleOfStatus(code, 'said', null)).toEqual({
    kind,
    message: `HTTP ${code}: ${words}`,
    detail: 'said',
    ...(kind === 'busy' ? { retryAfterMs: null } : {}),
  });
});

it.each([
  [418, 'HTTP 418'],
  [0, 'HTTP 500: a server error'],
  [1e300, 'HTTP 500: a server error'],
  [Number.NaN, 'HTTP 500: a server error'],
])('status %d is reported as %s', (code, message) => {
  expect(troubleOfStatus(code, '', null).message).toBe(message);
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
    [new Error('strange'), 'https://api: the connection failed'],
    ['text', 'https://api: the connection failed'],
  ])('%s', (error, message) => {
    expect(troubleOfError(error, API)).toMatchObject({ kind: 'broken', message });
  });

  it('is recognised by silence', () => {
    expect(troubleOfError(new Error('aborted'), API, new Silence('nothing'))).toMatchObject({
      kind: 'silent',
    });
  });

  it('with an unreadable compressed body is garbled', () => {
    expect(troubleOfError(coded('Z_DATA_ERROR'), API).kind).toBe('garbled');
  });
});
