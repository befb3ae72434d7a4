import { describe, expect, it } from 'vitest';
import { hostName, judge, policyFromEnv, type Asked } from './access';

const asked = (part: Partial<Asked>): Asked => ({
  path: '/api/topology',
  search: '',
  host: '127.0.0.1:3000',
  authorization: null,
  cookie: null,
  ...part,
});

describe('host names', () => {
  it.each([
    ['127.0.0.1:3000', '127.0.0.1'],
    ['LOCALHOST', 'localhost'],
    ['[::1]:3000', '[::1]'],
    ['evil.example:3000', 'evil.example'],
    ['', ''],
    ['127.0.0.1.evil.example', '127.0.0.1.evil.example'],
    ['127.0.0.1:3000@evil', ''],
  ])('%j is %j', (header, name) => expect(hostName(header)).toBe(name));
});

describe('without a token', () => {
  const local = policyFromEnv({});
  it.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000', 'LocalHost'])('answers under %s', (host) =>
    expect(judge(asked({ host }), local)).toEqual({ kind: 'allow' }),
  );
  it.each(['evil.example', '10.0.0.4:3000', null, '127.0.0.1.evil.example'])('refuses %s', (host) =>
    expect(judge(asked({ host }), local)).toMatchObject({ kind: 'refuse', status: 403 }),
  );
  it('answers under a name that was allowed', () => {
    const policy = policyFromEnv({ IFSCOPE_ALLOWED_HOSTS: 'ifscope.corp, Other.Corp' });
    expect(judge(asked({ host: 'other.corp:8080' }), policy)).toEqual({ kind: 'allow' });
    expect(judge(asked({ host: 'evil.example' }), policy)).toMatchObject({ status: 403 });
  });
  it('answers probes under any name', () => {
    for (const path of ['/healthz', '/readyz'])
      expect(judge(asked({ path, host: '10.0.0.9:3000' }), local)).toEqual({ kind: 'allow' });
    expect(judge(asked({ path: '/metrics', host: '10.0.0.9:3000' }), local)).toMatchObject({ status: 403 });
  });
  it('trusts a proxy that was named as trusted', () => {
    expect(judge(asked({ host: 'any.name' }), policyFromEnv({ IFSCOPE_TRUSTED_PROXY: '1' }))).toEqual({
      kind: 'allow',
    });
  });
});

describe('with a token', () => {
  const policy = policyFromEnv({ IFSCOPE_TOKEN: 's3cret+/=' });
  it.each([
    ['nothing', {}],
    ['another bearer', { authorization: 'Bearer nope' }],
    ['another cookie', { cookie: 'ifscope_token=nope' }],
    ['another token in the address', { search: '?token=nope' }],
    ['an unreadable cookie', { cookie: 'ifscope_token=%E0%A4%A' }],
  ])('refuses %s', (_, part) => expect(judge(asked(part), policy)).toMatchObject({ kind: 'refuse', status: 401 }));
  it('takes it as bearer and as cookie, under any host name', () => {
    expect(judge(asked({ host: 'box.corp', authorization: 'bearer s3cret+/=' }), policy)).toEqual({ kind: 'allow' });
    expect(judge(asked({ cookie: `a=b; ifscope_token=${encodeURIComponent('s3cret+/=')}` }), policy)).toEqual({
      kind: 'allow',
    });
  });
  it('takes it from the address once, keeps it in a cookie and drops it from the address', () => {
    const search = `?view=networks&token=${encodeURIComponent('s3cret+/=')}`;
    const verdict = judge(asked({ path: '/', search }), policy);
    expect(verdict).toMatchObject({ kind: 'remember', location: '/?view=networks' });
    if (verdict.kind !== 'remember') return;
    expect(verdict.cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect(judge(asked({ cookie: verdict.cookie.split(';')[0] ?? '' }), policy)).toEqual({ kind: 'allow' });
  });
});
