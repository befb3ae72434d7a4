/**
 * Replicas with sign-in that follow one collector, as deployed by the chart: a session that ends on one of them ends on
 * all.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { freePort } from '../free-port';
import { serve, type Served } from '../server';
import {
  cookieHeader,
  cookiesOf,
  startIdentityProvider,
  throughProvider,
  type IdentityProvider,
} from '../testing/servers/identity-provider';

const SECONDS = { timeout: 20_000 };
const ENV = {
  IFSCOPE_SESSION_SECRET: 'x'.repeat(40),
  IFSCOPE_OIDC_CLIENT_SECRET: 'hush',
  IFSCOPE_FROM_TOKEN: 'secret-token',
};
let provider: IdentityProvider;
let collectorPort: number;
let url: string;
let collector: Served;
let one: Served;
let two: Served;

const collect = (): Promise<Served> =>
  serve(['--from', 'demo', '--token', 'secret-token', '--port', String(collectorPort)]);

/** A replica; visitors reach all of them under the same URL, that of the first. */
const replica = (port = '0'): Promise<Served> =>
  serve(
    Object.entries({
      '--port': port,
      '--from': `http://127.0.0.1:${collectorPort}`,
      '--auth': 'oidc',
      '--rights': 'all',
      '--url': url,
      '--oidc-issuer': provider.issuer,
      '--oidc-client-id': 'ifscope',
    }).flat(),
    ENV,
  );

beforeAll(async () => {
  collectorPort = await freePort();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  provider = await startIdentityProvider(url);
  collector = await collect();
  [one, two] = await Promise.all([replica(String(port)), replica()]);
}, 240_000);
afterEach(() => {
  provider.forge = null;
});
afterAll(async () => {
  await Promise.all([one.stop(), two.stop()]);
  await collector.stop();
  provider.stop();
});

const at = (served: Served, path: string): string => new URL(path, served.url).href;
const get = (address: string, cookie: string): Promise<Response> =>
  fetch(address, { headers: { accept: 'text/html', cookie }, redirect: 'manual' });
const statusAt = async (served: Served, cookie: string): Promise<number> => {
  const answer = await get(at(served, '/api/openapi.json'), cookie);
  await answer.body?.cancel();
  return answer.status;
};

async function signIn(): Promise<string> {
  const away = await get(`${url}/`, '');
  const back = await throughProvider(away.headers.get('location') ?? '', url);
  const home = await get(back, cookieHeader(cookiesOf(away)));
  return cookieHeader({ ifscope_session: cookiesOf(home)['ifscope_session'] ?? '' });
}
const signOut = (served: Served, cookie: string): Promise<Response> =>
  fetch(at(served, '/oidc/logout'), { method: 'POST', headers: { cookie, origin: url }, redirect: 'manual' });
const everywhere = (cookie: string): Promise<number[]> => Promise.all([statusAt(one, cookie), statusAt(two, cookie)]);

it('a session ended by its visitor on one replica ends on the other, with its stream, and no other session does', async () => {
  const [cookie, other] = [await signIn(), await signIn()];
  expect(await everywhere(cookie)).toEqual([200, 200]);
  const stream = await get(at(two, '/api/stream'), cookie);
  const reading = stream.text();
  await signOut(one, cookie);
  await expect.poll(() => everywhere(cookie), SECONDS).toEqual([401, 401]);
  // The stream ends by itself.
  await reading;
  expect(await everywhere(other)).toEqual([200, 200]);
});

it('a session ended by the provider ends on every replica', async () => {
  let sid = '';
  provider.forge = (claims) => {
    sid = String(claims['sid']);
    return provider.sign(claims);
  };
  const cookie = await signIn();
  expect(await everywhere(cookie)).toEqual([200, 200]);
  await provider.endSession('alice', sid);
  await expect.poll(() => everywhere(cookie), SECONDS).toEqual([401, 401]);
});

it('a session stays ended after the replicas and the collector restart one at a time', async () => {
  const [cookie, other] = [await signIn(), await signIn()];
  await signOut(two, cookie);
  await expect.poll(() => everywhere(cookie), SECONDS).toEqual([401, 401]);
  await two.stop();
  two = await replica();
  await expect.poll(() => statusAt(two, cookie), SECONDS).toBe(401);
  await collector.stop();
  await expect.poll(() => one.log(), SECONDS).toContain('cannot be reached');
  collector = await collect();
  // The remaining replica informs the new collector, which informs the new replica.
  await two.stop();
  two = await replica();
  await expect.poll(() => statusAt(two, cookie), SECONDS).toBe(401);
  expect(await statusAt(two, other)).toBe(200);
});

it('rejects callers without the token, and malformed calls', async () => {
  const cookie = await signIn();
  const call = { epoch: '', after: 0, notes: ['forged'] };
  const ask = async (served: Served, headers: Readonly<Record<string, string>>, body: unknown): Promise<number> => {
    const answer = await fetch(at(served, '/api/ended-sessions'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    await answer.body?.cancel();
    return answer.status;
  };
  const token = { authorization: 'Bearer secret-token' };
  expect(await ask(collector, {}, call)).toBe(401);
  expect(await ask(one, { cookie }, call)).toBe(403);
  expect(await ask(one, { ...token, cookie }, call)).toBe(403);
  for (const body of [
    null,
    [],
    { ...call, after: -1 },
    { ...call, notes: ['x'.repeat(1_025)] },
    { ...call, notes: 'x' },
  ])
    expect([body, await ask(collector, token, body)]).toEqual([body, 400]);
  expect(await ask(collector, token, call)).toBe(200);
  expect(await everywhere(cookie)).toEqual([200, 200]);
});
