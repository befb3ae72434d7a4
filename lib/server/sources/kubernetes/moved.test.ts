/** The API server gets another certificate authority, or another address, while ifscope runs. */
import dns from 'node:dns';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import {
  CA,
  OTHER_CA,
  OTHER_SERVER_CERT,
  OTHER_SERVER_KEY,
  SERVER_CERT,
  SERVER_KEY,
} from '../../../../e2e/testing/servers/certificates';
import { connect } from './connection';
import { createTokenTransport, type Transport } from './transport';

const listen = async (server: Server, host: string, port = 0): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
};

async function get(transport: Transport): Promise<string> {
  const answer = await transport.request('/version', {}, { signal: AbortSignal.timeout(10_000) });
  return answer.text(1_000);
}

it.each(['file', 'data'] as const)('follows another certificate authority, as %s of the kubeconfig', async (form) => {
  const server = createHttps({ cert: SERVER_CERT, key: SERVER_KEY }, (_, response) => response.end('ok'));
  const port = await listen(server, '127.0.0.1');
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-moved-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const kubeconfig = path.join(folder, 'config');
  const trust = (authority: string): void => {
    writeFileSync(path.join(folder, 'ca.crt'), authority);
    const cluster = {
      server: `https://127.0.0.1:${port}`,
      'tls-server-name': 'kubernetes.test',
      ...(form === 'file'
        ? { 'certificate-authority': 'ca.crt' }
        : { 'certificate-authority-data': Buffer.from(authority).toString('base64') }),
    };
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        'current-context': 'prod',
        clusters: [{ name: 'prod', cluster }],
        users: [{ name: 'me', user: { token: 'secret' } }],
        contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'me' } }],
      }),
    );
  };
  trust(CA);
  const { transport } = connect({ context: null, kubeconfig: [kubeconfig], env: {} });
  onTestFinished(() => transport.close());
  expect(await get(transport)).toBe('ok');
  server.setSecureContext({ cert: OTHER_SERVER_CERT, key: OTHER_SERVER_KEY });
  server.closeAllConnections();
  await expect(get(transport)).rejects.toMatchObject({
    trouble: { kind: 'broken', message: expect.stringContaining('authority that is not trusted') as string },
  });
  trust(OTHER_CA);
  expect(await get(transport)).toBe('ok');
});

it('follows another address of the same name', async () => {
  const [before, after] = ['before', 'after'].map((name) => createHttp((_, response) => response.end(name)));
  if (before === undefined || after === undefined) throw new Error('no server');
  const port = await listen(before, '127.0.0.1');
  await listen(after, '127.0.0.2', port);
  let address = '127.0.0.1';
  const lookup = vi.spyOn(dns, 'lookup');
  onTestFinished(() => lookup.mockRestore());
  lookup.mockImplementation(((_name: string, _options: unknown, done: (error: null, found: object[]) => void) =>
    done(null, [{ address, family: 4 }])) as unknown as typeof dns.lookup);
  const transport = createTokenTransport(`http://api.test:${port}`, null);
  onTestFinished(() => transport.close());
  expect(await get(transport)).toBe('before');
  address = '127.0.0.2';
  before.closeAllConnections();
  expect(await get(transport)).toBe('after');
});
