/** EC2 through a proxy, as other AWS tools reach it. */
import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ROLE } from '../../../../e2e/testing/servers/credentials';
import { createEc2Client } from './client';

const asked: string[] = [];
let proxy: Server;
beforeAll(async () => {
  // Refuses the tunnel: the tests only check that it was requested.
  proxy = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterAll(() => proxy.close());
afterEach(() => vi.unstubAllEnvs());

const OWN: { readonly accessKeyId: string; readonly secretAccessKey: string } | null = {
  accessKeyId: 'a',
  secretAccessKey: 'b',
};

/** Sends a call; resolves to the addresses that the proxy was asked to connect to. */
async function call(env: Readonly<Record<string, string>>, credentials: typeof OWN = OWN): Promise<readonly string[]> {
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'])
    vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries({ AWS_ENDPOINT_URL_EC2: 'https://ec2.invalid', ...env }))
    vi.stubEnv(name, value);
  const client = createEc2Client({
    region: 'eu-west-1',
    maxAttempts: 1,
    ...(credentials === null ? {} : { credentials }),
  });
  asked.length = 0;
  await expect(client.send(new DescribeSubnetsCommand({}))).rejects.toThrow();
  client.destroy();
  return [...asked];
}
const address = (): string => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

it.each([
  ['HTTPS_PROXY', {}, ['ec2.invalid:443']],
  ['https_proxy', {}, ['ec2.invalid:443']],
  ['HTTPS_PROXY', { NO_PROXY: '.invalid' }, []],
  // Only for plain HTTP, which EC2 is not.
  ['HTTP_PROXY', {}, []],
])('%s, with %j', async (name, more, expected) => {
  expect(await call({ [name]: address(), ...more })).toEqual(expected);
});

it('bypasses the proxy for a plain endpoint, as in tests', async () => {
  const direct = 'http://127.0.0.1:9';
  expect(await call({ HTTPS_PROXY: address(), HTTP_PROXY: address(), AWS_ENDPOINT_URL_EC2: direct })).toEqual([]);
});

it('uses the proxy for STS, which provides the credentials of IRSA', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-proxy-'));
  const file = path.join(folder, 'token');
  writeFileSync(file, 'token');
  const sts = { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ENDPOINT_URL_STS: 'https://sts.invalid' };
  const none = { AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: file, AWS_EC2_METADATA_DISABLED: 'true' };
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  expect(new Set(await call({ HTTPS_PROXY: address(), ...sts, ...none }, null))).toEqual(new Set(['sts.invalid:443']));
  rmSync(folder, { recursive: true });
});
