/** Kubeconfigs as in practice: an error is one line with the value and the remedy, and files are read as by kubectl. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import {
  CLIENT_CERT,
  CLIENT_KEY,
  EXPIRED_CERT,
  EXPIRED_KEY,
  SERVER_KEY,
} from '../../../../e2e/testing/servers/certificates';
import { connect, type Connection } from './connection';

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-credentials-'));
const at = (name: string): string => path.join(folder, name);
beforeAll(() => {
  writeFileSync(at('empty'), '');
  writeFileSync(at('token'), 'from-file\n');
  writeFileSync(at('plugin'), '#!/bin/sh\necho "$OUT"\n', { mode: 0o755 });
  writeFileSync(at('text'), '#!/bin/sh\n', { mode: 0o644 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const exec = (command: string, more: object = {}) => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command, ...more },
});

interface Parts {
  readonly server?: string;
  readonly cluster?: object;
  readonly user?: object;
  /** The user of the context. */
  readonly named?: string;
}

function open({ server = 'https://10.0.0.1', cluster = {}, user = {}, named = 'me' }: Parts): Connection {
  const file = at('config');
  writeFileSync(
    file,
    JSON.stringify({
      'current-context': 'prod',
      clusters: [{ name: 'k', cluster: { server, ...cluster } }],
      users: [{ name: 'me', user }],
      contexts: [{ name: 'prod', context: { cluster: 'k', user: named } }],
    }),
  );
  const connection = connect({ context: null, kubeconfig: [file], env: { PATH: process.env.PATH } });
  onTestFinished(() => connection.transport.close());
  return connection;
}

it.each<[string, Parts, RegExp]>([
  [
    'a missing certificate authority',
    { cluster: { 'certificate-authority': 'ca.pem' } },
    /certificate-authority \S+\/ca\.pem, .*no such file$/,
  ],
  [
    'an invalid certificate authority',
    { cluster: { 'certificate-authority-data': base64('x') } },
    /contains no certificate in PEM$/,
  ],
  [
    'a certificate authority that is not base64',
    { cluster: { 'certificate-authority-data': '***' } },
    /contains no certificate in PEM$/,
  ],
  [
    'a missing certificate',
    { user: { 'client-certificate': 'c.pem', 'client-key': 'k.pem' } },
    /client-certificate \S+\/c\.pem, .*no such file$/,
  ],
  [
    'a certificate without a key',
    { user: { 'client-certificate-data': base64(CLIENT_CERT) } },
    /without a client-key$/,
  ],
  ['a key without a certificate', { user: { 'client-key-data': base64(CLIENT_KEY) } }, /without a client-certificate$/],
  [
    'a key of another certificate',
    { user: { 'client-certificate-data': base64(CLIENT_CERT), 'client-key-data': base64(SERVER_KEY) } },
    /do not belong together/,
  ],
  [
    'an invalid certificate',
    { user: { 'client-certificate-data': base64('x'), 'client-key-data': base64('x') } },
    /no PEM$/,
  ],
  [
    'an expired certificate',
    { user: { 'client-certificate-data': base64(EXPIRED_CERT), 'client-key-data': base64(EXPIRED_KEY) } },
    /expired on 2001-\d\d-\d\d: get a new kubeconfig/,
  ],
  ['a missing token file', { user: { tokenFile: 'nowhere' } }, /tokenFile \S+\/nowhere, .*no such file$/],
  ['an empty token file', { user: { tokenFile: 'empty' } }, /tokenFile \S+\/empty, which is empty$/],
  [
    'a plugin that is not installed',
    { user: exec('no-such-plugin') },
    /plugin no-such-plugin, which is not on the PATH: install it/,
  ],
  ['a plugin missing next to the kubeconfig', { user: exec('./nowhere') }, /plugin \S+\/nowhere, which is not there/],
  ['a plugin that is not executable', { user: exec('./text') }, /plugin \S+\/text, which .*may not be executed/],
  ['a plugin without a command', { user: exec('') }, /without a command$/],
  [
    'an auth provider that kubectl no longer supports',
    { user: { 'auth-provider': { name: 'gcp' } } },
    /auth-provider gcp, .*since 1\.26: /,
  ],
  [
    'an unsupported kind of proxy',
    { cluster: { 'proxy-url': 'ftp://x' } },
    /proxy-url ftp:\/\/x: give an http, https or socks5 URL$/,
  ],
  ['a proxy without a scheme', { cluster: { 'proxy-url': 'proxy:8080' } }, /proxy-url proxy:8080: give/],
  ['a missing user', { named: 'nobody' }, /^context "prod" names user "nobody", which kubeconfig \S+ does not have$/],
])('%s', (_, parts, words) => {
  expect(() => open(parts)).toThrow(words);
  expect(() => open(parts)).toThrow(/^(cluster "k"|user "me"|context "prod")[^\n]+$/);
});

it('ignores the certificate authority if the server is not verified', () => {
  expect(() =>
    open({ cluster: { 'insecure-skip-tls-verify': true, 'certificate-authority': 'ca.pem' } }),
  ).not.toThrow();
});

/** The Authorization headers that a server receives; it accepts those for which `accepts` returns true. */
async function startServer(accepts: (authorization: string) => boolean = () => true) {
  const got: string[] = [];
  const server = createServer(({ headers }, response) => {
    got.push(headers.authorization ?? '');
    response.writeHead(accepts(headers.authorization ?? '') ? 200 : 401).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got };
}

async function get({ transport }: Connection): Promise<number> {
  const answer = await transport.request('/version', {}, { signal: new AbortController().signal });
  await answer.text(1_000);
  if (answer.status === 401) transport.refresh(answer.credentials);
  return answer.status;
}

it('sends a token from a file next to the kubeconfig, and rereads it once it is rejected', async () => {
  let accepted = 'Bearer from-file';
  const { server, got } = await startServer((authorization) => authorization === accepted);
  const connection = open({ server, user: { tokenFile: 'token' } });
  expect(await get(connection)).toBe(200);
  accepted = 'Bearer rotated';
  writeFileSync(at('token'), 'rotated\n');
  expect([await get(connection), await get(connection)]).toEqual([401, 200]);
  expect(got).toEqual(['Bearer from-file', 'Bearer from-file', 'Bearer rotated']);
});

it('runs a plugin next to the kubeconfig', async () => {
  const { server, got } = await startServer();
  const said = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: 'x' } };
  const env = [{ name: 'OUT', value: JSON.stringify(said) }];
  expect(await get(open({ server, user: exec('./plugin', { env }) }))).toBe(200);
  expect(got).toEqual(['Bearer x']);
});

it('names a proxy that is unreachable', async () => {
  const connection = open({ cluster: { 'proxy-url': 'http://user:secret@127.0.0.1:1' } });
  await expect(get(connection)).rejects.toMatchObject({
    trouble: { message: 'https://10.0.0.1 through the proxy http://127.0.0.1:1: connection refused (ECONNREFUSED)' },
  });
});
