/** Faults of EC2, network and credentials: the reason that each source shows, and that old data are not live. */
import { createServer as createTlsServer } from 'node:https';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { SERVER_CERT, SERVER_KEY } from '../../../../e2e/testing/servers/certificates';
import { answerAll, EC2_SOURCES, keysOf, startEc2Source } from '../../../../e2e/testing/servers/ec2-bench';
import { startEc2 } from '../../../../e2e/testing/servers/ec2-server';
import { createManualTimers } from '../../../../e2e/testing/servers/manual-timers';
import { createRecorder, type Recorder } from '../../../../e2e/testing/servers/recorder';
import { createEc2Client } from './client';
import { createEc2Source } from './ec2';
import { ec2TroubleOf } from './trouble';

afterEach(() => vi.unstubAllEnvs());

const stateOf = (seen: Recorder, id: string) => seen.status(`ec2/${id}`)?.state;
const reasonOf = (seen: Recorder, id: string) => seen.status(`ec2/${id}`)?.reason;

describe('one action is not allowed', () => {
  /** The state of the other sources: those that need its answer give the missing data as the reason. */
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['DescribeNetworkInterfaces', 'network-interfaces', { 'subnet-cidr-reservations': 'no subnet is known' }],
    ['DescribeInstances', 'instances', { 'instance-types': 'no instance type is known' }],
    ['DescribeInstanceTypes', 'instance-types', {}],
    ['DescribeSubnets', 'subnets', {}],
    ['GetSubnetCidrReservations', 'subnet-cidr-reservations', {}],
  ])('%s', async (action, id, without) => {
    const { seen } = await startEc2Source({
      prepare: (fake) =>
        fake.on(action, () => ({ status: 403, error: { code: 'UnauthorizedOperation', message: 'You are not' } })),
    });
    await seen.until(() => EC2_SOURCES.every((each) => seen.status(each)?.state !== 'starting'));
    const states = Object.fromEntries(
      EC2_SOURCES.map((each) => [each.slice('ec2/'.length), seen.status(each)?.state] as const),
    );
    const expected = Object.fromEntries(
      Object.keys(states).map((each) => [each, each === id ? 'denied' : each in without ? 'failing' : 'live']),
    );
    expect(states).toEqual(expected);
    expect(reasonOf(seen, id)).toBe(`not allowed to call ec2:${action}; grant this action`);
    for (const [each, why] of Object.entries(without)) expect(reasonOf(seen, each)).toContain(why);
    expect(keysOf(seen, `ec2/${id}`)).toEqual([]);
  });
});

describe('another region or account', () => {
  const NOTHING = { body: { networkInterfaceSet: [], reservationSet: [] } };

  it('finds nothing, and is not reported as an empty cluster', async () => {
    const { seen, becomes } = await startEc2Source({
      prepare: (fake) => {
        for (const action of ['DescribeNetworkInterfaces', 'DescribeInstances']) fake.on(action, () => NOTHING);
      },
    });
    await becomes('subnet-cidr-reservations', 'failing');
    for (const id of ['network-interfaces', 'instances'])
      expect(seen.status(`ec2/${id}`)).toMatchObject({
        state: 'failing',
        asOf: null,
        reason:
          "EC2 in eu-west-1 knows none of the 2 instances of this cluster's nodes; check the region and the account (AWS_REGION, AWS_PROFILE)",
      });
  });

  it('keeps previous facts as stale', async () => {
    const { ec2, timers, seen, live, becomes } = await startEc2Source();
    await live();
    const before = keysOf(seen, 'ec2/network-interfaces');
    ec2.on('DescribeNetworkInterfaces', () => NOTHING);
    await timers.fire('poll');
    await becomes('network-interfaces', 'stale');
    expect(keysOf(seen, 'ec2/network-interfaces')).toEqual(before);
    answerAll(ec2);
    await timers.fire('poll');
    await becomes('network-interfaces', 'live');
  });
});

const WHOLE =
  '<DescribeNetworkInterfacesResponse><networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId><attachment><instanceId>i-1</instanceId></attachment></item></networkInterfaceSet></DescribeNetworkInterfacesResponse>';
const sends =
  (status: number, type: string, body: string): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': type }).end(body);
  };

/** A source whose endpoint is `listener`. */
async function sourceOf(listener: RequestListener, endpoint?: string) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const timers = createManualTimers();
  const seen = createRecorder();
  const source = createEc2Source(seen.context(timers.now), {
    client: createEc2Client({
      region: 'eu-west-1',
      endpoint: endpoint ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
      silenceMs: 300,
    }),
    instances: () => ['i-1'],
    addresses: () => [],
    policy: { gapMs: 0 },
    timers,
  });
  onTestFinished(async () => {
    await source.stop();
    server.closeAllConnections();
    server.close();
  });
  source.start(seen.emit);
  await seen.until(() => (seen.status('ec2/network-interfaces')?.state ?? 'starting') !== 'starting');
  return { seen, timers };
}

describe('responses that are corrupt or not from EC2', () => {
  it.each<[string, RequestListener]>([
    ['a response truncated in an item', sends(200, 'text/xml', WHOLE.slice(0, 120))],
    ['a response truncated after an item', sends(200, 'text/xml', WHOLE.slice(0, -40))],
    ['an empty response', sends(200, 'text/xml', '')],
    ['the page of a captive portal', sends(200, 'text/html', '<html><body>Sign in to the network</body></html>')],
    ['a response to another request', sends(200, 'text/xml', '<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>')],
    ['JSON', sends(200, 'application/json', '{"NetworkInterfaces":[]}')],
    ['an error of a proxy', sends(502, 'text/html', '<html>Bad gateway</html>')],
    [
      'a connection that breaks',
      (request, response) => {
        request.resume();
        response.writeHead(200, { 'content-length': '9999' }).write(WHOLE);
        setImmediate(() => response.destroy());
      },
    ],
  ])('%s: failing, without facts', async (_, listener) => {
    const { seen } = await sourceOf(listener);
    expect([stateOf(seen, 'network-interfaces'), keysOf(seen, 'ec2/network-interfaces')]).toEqual(['failing', []]);
    expect(reasonOf(seen, 'network-interfaces')).toMatch(/^ec2:DescribeNetworkInterfaces failed/);
    expect(reasonOf(seen, 'network-interfaces')).not.toMatch(/Sign in|gateway|eni-1|region/);
  });

  it.each(['DescribeInstances', 'DescribeInstanceTypes', 'DescribeSubnets', 'GetSubnetCidrReservations'])(
    'to %s are not taken for a shorter list',
    async (action) => {
      for (const raw of [
        (whole: string) => whole.slice(0, -30),
        () => '<html><body>Sign in to the network</body></html>',
        () => '<DescribeVpcsResponse><vpcSet></vpcSet></DescribeVpcsResponse>',
      ]) {
        const { seen } = await startEc2Source({
          prepare: (fake) => {
            fake.raw = (asked, whole) => (asked === action ? raw(whole) : whole);
          },
        });
        await seen.until(() => EC2_SOURCES.every((each) => seen.status(each)?.state !== 'starting'));
        const failing = EC2_SOURCES.map((id) => seen.status(id)).filter((status) => status?.state === 'failing');
        expect(failing[0]?.reason).toMatch(
          new RegExp(`^ec2:${action} failed: the response is not from EC2, or is truncated`),
        );
      }
    },
  );

  it('a certificate of an untrusted authority', async () => {
    const server = createTlsServer({ key: SERVER_KEY, cert: SERVER_CERT }, sends(200, 'text/xml', WHOLE));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { seen } = await sourceOf(() => undefined, `https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (const id of EC2_SOURCES) {
      expect(seen.status(id)?.state).toBe('failing');
      expect(seen.status(id)?.reason).toMatch(/^EC2 cannot be reached: its certificate .*NODE_EXTRA_CA_CERTS$/);
    }
  });
});

describe('an unresponsive EC2 API', () => {
  it.each<[string, RequestListener]>([
    ['no response', (request) => void request.resume()],
    [
      'an incomplete response',
      (request, response) => {
        request.resume();
        response.writeHead(200, { 'content-length': '9999' }).write(WHOLE);
      },
    ],
  ])('%s: failing, and retried', async (_, listener) => {
    let asked = 0;
    const { seen, timers } = await sourceOf((request, response) => {
      asked++;
      listener(request, response);
    });
    for (const id of EC2_SOURCES)
      expect(seen.status(id)).toMatchObject({
        state: 'failing',
        reason:
          'EC2 cannot be reached: no answer in time; check what may drop packets (routes, firewalls, a NetworkPolicy)',
      });
    const before = asked;
    await timers.fire('poll');
    await expect.poll(() => asked).toBeGreaterThan(before);
  });
});

it.each([
  ['CERT_NOT_YET_VALID', 'its certificate is not valid yet (CERT_NOT_YET_VALID); check the clock of this machine'],
  ['ENOTFOUND', 'host name not found (ENOTFOUND); check AWS_REGION'],
  ['ECONNREFUSED', 'connection refused (ECONNREFUSED)'],
])('explains %s in words', (code, words) =>
  expect(ec2TroubleOf({ name: 'Error', code }, 'DescribeSubnets').message).toBe(`EC2 cannot be reached: ${words}`),
);

it('logs what EC2 reports once for each call, until the call succeeds', async () => {
  const refusal = (): object => ({ status: 400, error: { code: 'Unheard', message: 'of' } });
  const { ec2, timers, seen, live, becomes } = await startEc2Source();
  await live();
  const fail = async (): Promise<void> => {
    for (const action of ['DescribeNetworkInterfaces', 'DescribeSubnets']) ec2.on(action, refusal);
    const before = ec2.calls.length;
    do await timers.fire('poll');
    while (ec2.calls.length < before + 6);
    await becomes('network-interfaces', 'stale');
  };
  await fail();
  const line = (action: string): string => `warn ec2: ec2:${action} failed: the log says why: of (Unheard)`;
  expect([...seen.log].sort()).toEqual([line('DescribeNetworkInterfaces'), line('DescribeSubnets')]);
  answerAll(ec2);
  do await timers.fire('poll');
  while (stateOf(seen, 'network-interfaces') !== 'live' || stateOf(seen, 'subnets') !== 'live');
  await fail();
  expect(seen.log).toHaveLength(4);
});

it('logs what affects every call once, until a call succeeds', async () => {
  let n = 0;
  // Any call may be the next one.
  const { ec2, timers, seen, live } = await startEc2Source({ random: () => (n++ % 7) / 7 });
  await live();
  const fail = async (): Promise<void> => {
    ec2.guard = () => 'AuthFailure';
    const before = ec2.calls.length;
    do await timers.fire('poll');
    while (ec2.calls.length < before + 12);
  };
  await fail();
  expect(seen.log).toEqual([expect.stringMatching(/^warn ec2: AWS refuses the credentials: AuthFailure; .*: /)]);
  ec2.guard = null;
  do await timers.fire('poll');
  while (EC2_SOURCES.some((id) => seen.status(id)?.state !== 'live'));
  await fail();
  expect(seen.log).toHaveLength(2);
});

describe('throttling for minutes', () => {
  it('is reported, keeps previous facts as stale, and recovers', async () => {
    const { ec2, timers, seen, live, becomes } = await startEc2Source();
    await live();
    const asOf = seen.status('ec2/network-interfaces')?.asOf;
    ec2.on('DescribeNetworkInterfaces', () => ({ status: 503, error: { code: 'RequestLimitExceeded' } }));
    await timers.fire('poll');
    await becomes('network-interfaces', 'stale');
    expect(seen.status('ec2/network-interfaces')).toMatchObject({
      asOf,
      reason: 'EC2 throttles ec2:DescribeNetworkInterfaces (RequestLimitExceeded)',
    });
    answerAll(ec2);
    do await timers.fire('poll');
    while (stateOf(seen, 'network-interfaces') !== 'live');
  });
});

describe('credentials', () => {
  it.each([
    ['ExpiredToken', 'log in again'],
    ['RequestExpired', 'clock'],
    ['SignatureDoesNotMatch', 'clock'],
    ['InvalidClientTokenId', 'AWS_PROFILE'],
    ['AuthFailure', 'AWS_PROFILE'],
    ['OptInRequired', 'AWS_REGION'],
    ['Blocked', 'AWS has blocked the account'],
  ])('%s are reported with the remedy', (name, remedy) => {
    const { kind, message } = ec2TroubleOf({ name, message: 'x' }, 'DescribeSubnets');
    expect(kind).toBe('credentials');
    expect(message).toMatch(new RegExp(`^AWS refuses the credentials: ${name}; .*${remedy}`));
  });

  it('that expire at run time are replaced after another login, without a restart', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-profile-'));
    const file = path.join(folder, 'credentials');
    const logIn = (token: string): void =>
      writeFileSync(
        file,
        `[default]\naws_access_key_id = AKIA\naws_secret_access_key = s\naws_session_token = ${token}\n`,
      );
    logIn('old');
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined);
    const ec2 = await startEc2();
    answerAll(ec2);
    for (const [name, value] of Object.entries({
      AWS_REGION: 'eu-west-1',
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_CONFIG_FILE: path.join(folder, 'none'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL_EC2: ec2.url,
    }))
      vi.stubEnv(name, value);
    let accepted = 'old';
    ec2.guard = ({ 'x-amz-security-token': token }) => (token === accepted ? null : 'ExpiredToken');
    const timers = createManualTimers();
    const seen = createRecorder();
    const source = createEc2Source(seen.context(timers.now), {
      client: createEc2Client({ maxAttempts: 1 }),
      instances: () => ['i-1', 'i-2'],
      addresses: () => [],
      policy: { gapMs: 0 },
      timers,
    });
    onTestFinished(async () => {
      await source.stop();
      await ec2.stop();
      rmSync(folder, { recursive: true });
    });
    source.start(seen.emit);
    const are = (state: string): boolean => EC2_SOURCES.every((id) => seen.status(id)?.state === state);
    await seen.until(() => are('live'));
    accepted = 'new';
    await timers.fire('poll');
    await seen.until(() => are('stale'));
    for (const id of EC2_SOURCES)
      expect(seen.status(id)?.reason).toBe('AWS refuses the credentials: ExpiredToken; log in again (aws sso login)');
    logIn('new');
    do await timers.fire('poll');
    while (!are('live'));
  });
});
