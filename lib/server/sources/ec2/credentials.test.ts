/**
 * Credentials in a pod, through the AWS SDK's own chain: IRSA (web identity by STS) and EKS Pod Identity (the node's
 * agent).
 */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ROLE, startCredentials, type Credentials } from '../../../../e2e/testing/servers/credentials';
import { answerAll, EC2_SOURCES } from '../../../../e2e/testing/servers/ec2-bench';
import { startEc2 } from '../../../../e2e/testing/servers/ec2-server';
import { createManualTimers } from '../../../../e2e/testing/servers/manual-timers';
import { createRecorder } from '../../../../e2e/testing/servers/recorder';
import { createEc2Client } from './client';
import { createEc2Source } from './ec2';

afterEach(() => vi.unstubAllEnvs());

const WAYS = [
  ['IRSA', 'sts'],
  ['Pod Identity', 'agent'],
] as const;
type Way = (typeof WAYS)[number][1];

/** The environment that EKS sets in a pod. */
const environment = (
  way: Way,
  { stsUrl, agentUrl }: Credentials,
  tokenFile: string,
): Readonly<Record<string, string>> =>
  way === 'sts'
    ? { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_ENDPOINT_URL_STS: stsUrl }
    : { AWS_CONTAINER_CREDENTIALS_FULL_URI: agentUrl, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile };

/** A source whose client finds its credentials by itself. `rotate` replaces the pod's token. */
async function startSource(way: Way, prepare: (credentials: Credentials) => void = () => undefined) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-credentials-'));
  const ec2 = await startEc2();
  answerAll(ec2);
  const credentials = await startCredentials(ec2.url);
  const tokenFile = path.join(folder, 'token');
  const rotate = (token: string): void => {
    credentials.tokens.clear();
    credentials.tokens.add(token);
    writeFileSync(tokenFile, token);
  };
  rotate('token-1');
  prepare(credentials);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
    vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries({
    AWS_REGION: 'eu-west-1',
    AWS_CONFIG_FILE: path.join(folder, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'none'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_EC2: credentials.ec2Url,
    ...environment(way, credentials, tokenFile),
  }))
    vi.stubEnv(name, value);
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
    await credentials.stop();
    await ec2.stop();
    rmSync(folder, { recursive: true });
  });
  source.start(seen.emit);
  const are = (state: string): boolean => EC2_SOURCES.every((id) => seen.status(id)?.state === state);
  return { credentials, rotate, timers, seen, are, all: (state: string) => seen.until(() => are(state)) };
}

describe.each(WAYS)('credentials from %s', (_, way) => {
  it('allow reading EC2, with one set of credentials for all calls', async () => {
    const { credentials, all } = await startSource(way);
    await all('live');
    expect(credentials.given).toEqual({ sts: 0, agent: 0, [way]: 1 });
    expect(credentials.calls.accepted).toBeGreaterThan(4);
    expect(credentials.calls.refused).toEqual([]);
  });

  it('are renewed with the current token before they expire', async () => {
    // The SDK renews credentials that expire within five minutes.
    const { credentials, rotate, timers, all } = await startSource(way, (all) => (all.lifeMs = 60_000));
    await all('live');
    const before = credentials.given[way];
    rotate('token-2');
    do await timers.fire('poll');
    while (credentials.given[way] === before);
    expect(credentials.calls.refused).toEqual([]);
    await all('live');
  });

  it('that cannot be obtained are reported, without blaming EC2 permissions', async () => {
    const { seen, all } = await startSource(way, (all) => {
      all.refusal = {
        status: 403,
        code: 'AccessDenied',
        message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      };
    });
    await all('failing');
    for (const id of EC2_SOURCES) {
      expect(seen.status(id)?.reason).toMatch(/role|credentials/);
      expect(seen.status(id)?.reason).not.toMatch(/ec2:/);
    }
  });

  it('are obtained again when the token is accepted again', async () => {
    const { credentials, rotate, timers, all, are } = await startSource(way, ({ tokens }) => tokens.clear());
    await all('failing');
    expect(credentials.given[way]).toBe(0);
    rotate('token-2');
    do await timers.fire('poll');
    while (!are('live'));
  });
});

describe('instance metadata', () => {
  const ASKED: readonly (readonly [string, RequestListener | null, state: 'live' | 'failing'])[] = [
    [
      'that provides the role of the node',
      ({ url = '', method }, response) => {
        const expires = new Date(Date.now() + 3_600_000).toISOString();
        if (method === 'PUT') response.end('session');
        else if (url.endsWith('/')) response.end('node-role');
        else
          response.end(
            JSON.stringify({
              Code: 'Success',
              AccessKeyId: 'ASIA',
              SecretAccessKey: 's',
              Token: 't',
              Expiration: expires,
            }),
          );
      },
      'live',
    ],
    // As in a pod of a node whose hop limit is 1.
    ['that does not answer', () => undefined, 'failing'],
    ['that is unreachable', null, 'failing'],
    ['that has no role', (_, response) => void response.writeHead(404).end(), 'failing'],
  ];

  it.each(ASKED)('%s', async (_, listener, state) => {
    const ec2 = await startEc2();
    answerAll(ec2);
    const metadata = createServer(listener ?? (() => undefined));
    await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}`;
    if (listener === null) await new Promise((resolve) => metadata.close(resolve));
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries({
      AWS_REGION: 'eu-west-1',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: undefined,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint,
      AWS_ENDPOINT_URL_EC2: ec2.url,
    }))
      vi.stubEnv(name, value);
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
      metadata.closeAllConnections();
      metadata.close();
    });
    source.start(seen.emit);
    await seen.until(() => EC2_SOURCES.every((id) => seen.status(id)?.state === state));
    if (state === 'live') return;
    for (const id of EC2_SOURCES)
      expect(seen.status(id)?.reason).toBe(
        'no AWS credentials: no provider of the default chain gives any; log in (AWS_PROFILE, aws sso login), in a cluster use Pod Identity or IRSA',
      );
    expect(ec2.calls).toEqual([]);
  });
});
