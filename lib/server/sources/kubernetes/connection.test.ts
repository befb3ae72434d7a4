import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import { connect as connectTcp, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CA, CLIENT_CERT, CLIENT_KEY, SERVER_CERT, SERVER_KEY } from '../../../../e2e/testing/servers/certificates';
import { connect, connectInCluster, type Connection } from './connection';
import { chooseContext, findConfiguration, findKubeconfig, loadKubeconfig, readClusterName } from './kubeconfig';

let folder = '';
const cleanups: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ifscope-kubeconfig-'));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  rmSync(folder, { recursive: true });
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Parts {
  readonly cluster?: object;
  readonly user?: object | null;
  readonly name?: string;
}

/** Writes a kubeconfig as JSON, which is valid YAML. Returns its path. */
function kubeconfig(server: string, { cluster = {}, user = {}, name = 'prod' }: Parts = {}, file = 'config'): string {
  const path = join(folder, file);
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      clusters: [{ name: `${name}-cluster`, cluster: { server, ...cluster } }],
      users: user === null ? [] : [{ name: 'me', user }],
      contexts: [
        { name, context: { cluster: `${name}-cluster`, ...(user === null ? {} : { user: 'me' }) } },
        { name: `${name}-broken`, context: { cluster: 'nowhere', user: 'me' } },
      ],
    }),
  );
  return path;
}

interface Served {
  readonly url: string;
  readonly requests: IncomingMessage[];
  /** Total number of accepted connections. */
  readonly connections: () => number;
}

async function serve(status: (request: IncomingMessage) => number, tls: ServerOptions | null = null): Promise<Served> {
  const requests: IncomingMessage[] = [];
  let accepted = 0;
  const handle: Parameters<typeof createHttp>[1] = (request, response) => {
    requests.push(request);
    response.writeHead(status(request)).end('{"ok":true}');
  };
  const server: Server =
    tls === null ? createHttp(handle) : createHttps({ cert: SERVER_CERT, key: SERVER_KEY, ...tls }, handle);
  server.on('connection', () => accepted++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${tls === null ? 'http' : 'https'}://127.0.0.1:${port}`, requests, connections: () => accepted };
}

function open(path: string, env: Record<string, string> = {}): Connection {
  const connection = connect({ context: null, kubeconfig: [path], env });
  cleanups.push(() => connection.transport.close());
  return connection;
}

async function get({ transport }: Connection, path = '/version'): Promise<number> {
  const answer = await transport.request(path, {}, { signal: new AbortController().signal });
  await answer.text(1_000);
  if (answer.status === 401) transport.refresh(answer.credentials);
  return answer.status;
}

const ok = (): number => 200;

describe('credentials', () => {
  it('a token, over plain http, with the names of context and cluster', async () => {
    const server = await serve(ok);
    const connection = open(kubeconfig(server.url, { user: { token: 'T' } }));
    expect(await get(connection)).toBe(200);
    expect(server.requests[0]?.headers.authorization).toBe('Bearer T');
    expect(connection).toMatchObject({ context: 'prod', clusterName: 'prod-cluster', region: null });
  });

  it('no credentials', async () => {
    const server = await serve(ok);
    await get(open(kubeconfig(server.url, { user: null })));
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('user and password', async () => {
    const server = await serve(ok);
    await get(open(kubeconfig(server.url, { user: { username: 'u', password: 'p' } })));
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${base64('u:p')}`);
  });

  it('impersonation', async () => {
    const server = await serve(ok);
    await get(open(kubeconfig(server.url, { user: { token: 'T', as: 'robot' } })));
    expect(server.requests[0]?.headers['impersonate-user']).toBe('robot');
  });

  it('rereads a rewritten kubeconfig after a 401', async () => {
    const server = await serve((request) => (request.headers.authorization === 'Bearer new' ? 200 : 401));
    const path = kubeconfig(server.url, { user: { token: 'old' } });
    const connection = open(path);
    expect(await get(connection)).toBe(401);
    kubeconfig(server.url, { user: { token: 'new' } });
    expect(await get(connection)).toBe(200);
  });

  it('tolerates a kubeconfig that is half-written at that moment', async () => {
    const server = await serve((request) => (request.headers.authorization === 'Bearer new' ? 200 : 401));
    const path = kubeconfig(server.url, { user: { token: 'old' } });
    const connection = open(path);
    writeFileSync(path, '{"clusters": [');
    expect(await get(connection)).toBe(401);
    expect(await get(connection)).toBe(401);
    kubeconfig(server.url, { user: { token: 'new' } });
    await get(connection);
    expect(await get(connection)).toBe(200);
  });

  it('runs an exec plugin once for many requests, and again after a 401', async () => {
    const server = await serve((request) => (request.headers.authorization === 'Bearer 1' ? 200 : 401));
    const script = join(folder, 'plugin.sh');
    const count = join(folder, 'count');
    writeFileSync(count, '');
    writeFileSync(
      script,
      `#!/bin/sh
echo run >> ${count}
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(grep -c run ${count})"
`,
    );
    chmodSync(script, 0o755);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: script, interactiveMode: 'Never' };
    const connection = open(kubeconfig(server.url, { user: { exec } }));
    expect(await Promise.all(Array.from({ length: 10 }, () => get(connection)))).toEqual(Array(10).fill(200));
    expect(readFileSync(count, 'utf8')).toBe('run\n');
    connection.transport.refresh(1);
    connection.transport.refresh(1);
    expect(await get(connection)).toBe(401);
    expect(readFileSync(count, 'utf8')).toBe('run\nrun\n');
  });

  it('reports a failing exec plugin in one line', async () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: '/bin/false' };
    const connection = open(kubeconfig('https://127.0.0.1:1', { user: { exec } }));
    await expect(get(connection)).rejects.toMatchObject({
      trouble: {
        kind: 'unauthorized',
        message:
          'no credentials for https://127.0.0.1:1: the plugin or file that the kubeconfig names gives none; use this context with kubectl once; see the log',
      },
    });
  });

  it('is not kept from stopping by an exec plugin that hangs', async () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: '/bin/sleep', args: ['2'] };
    const { transport } = open(kubeconfig('https://127.0.0.1:1', { user: { exec } }));
    const controller = new AbortController();
    const request = transport.request('/version', {}, { signal: controller.signal });
    controller.abort(new Error('stopped'));
    await expect(request).rejects.toMatchObject({ trouble: { kind: 'silent' } });
  });
});

describe('TLS', () => {
  const trusted = { 'certificate-authority-data': base64(CA), 'tls-server-name': 'kubernetes.test' };

  it('trusts the configured certificate authority, for the configured server name', async () => {
    const server = await serve(ok, {});
    expect(await get(open(kubeconfig(server.url, { cluster: trusted, user: null })))).toBe(200);
  });

  it.each([
    ['another authority', {}, 'is signed by an authority that is not trusted'],
    ['another name', { 'certificate-authority-data': base64(CA) }, 'certificate is for another host name'],
  ])('rejects %s with an explanation', async (_name, cluster, words) => {
    const server = await serve(ok, {});
    await expect(get(open(kubeconfig(server.url, { cluster })))).rejects.toMatchObject({
      trouble: { kind: 'broken', message: expect.stringContaining(words) as string },
    });
  });

  it('skips the verification if told to', async () => {
    const server = await serve(ok, {});
    expect(await get(open(kubeconfig(server.url, { cluster: { 'insecure-skip-tls-verify': true } })))).toBe(200);
  });

  it('presents a client certificate, from files next to the kubeconfig, and picks up a renewed one', async () => {
    const server = await serve((request) => (tlsOf(request)?.authorized === true ? 200 : 401), {
      ca: CA,
      requestCert: true,
      rejectUnauthorized: false,
    });
    writeFileSync(join(folder, 'ca.crt'), CA);
    const user = { 'client-certificate': 'client.crt', 'client-key': 'client.key' };
    // First a certificate that this authority did not sign.
    writeFileSync(join(folder, 'client.crt'), SERVER_CERT);
    writeFileSync(join(folder, 'client.key'), SERVER_KEY);
    const connection = open(
      kubeconfig(server.url, {
        cluster: { 'certificate-authority': 'ca.crt', 'tls-server-name': 'kubernetes.test' },
        user,
      }),
    );
    await get(connection);
    expect(subject(server)).toBe('kubernetes.test');
    writeFileSync(join(folder, 'client.crt'), CLIENT_CERT);
    writeFileSync(join(folder, 'client.key'), CLIENT_KEY);
    expect(await get(connection)).toBe(200);
    expect(subject(server)).toBe('alice');
  });

  const tlsOf = (request: IncomingMessage | undefined): TLSSocket | null =>
    request?.socket instanceof TLSSocket ? request.socket : null;
  const subject = (server: Served): unknown => tlsOf(server.requests.at(-1))?.getPeerCertificate().subject.CN;

  it('reuses the connection', async () => {
    const server = await serve(ok, {});
    const connection = open(kubeconfig(server.url, { cluster: trusted }));
    for (let n = 0; n < 20; n++) await get(connection);
    expect(server.connections()).toBeLessThanOrEqual(2);
  });
});

describe('proxies', () => {
  /** A CONNECT proxy. */
  async function proxy(): Promise<{ url: string; tunnels: string[] }> {
    const tunnels: string[] = [];
    const server = createHttp();
    server.on('connect', (request: IncomingMessage, client: Socket) => {
      tunnels.push(request.url ?? '');
      const upstream = connectTcp(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client);
        client.pipe(upstream);
      });
      const end = (): void => {
        client.destroy();
        upstream.destroy();
      };
      for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => server.close(resolve)));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tunnels };
  }

  it('uses the proxy that the cluster names', async () => {
    const server = await serve(ok, {});
    const via = await proxy();
    const cluster = {
      'certificate-authority-data': base64(CA),
      'tls-server-name': 'kubernetes.test',
      'proxy-url': via.url,
    };
    expect(await get(open(kubeconfig(server.url, { cluster })))).toBe(200);
    expect(via.tunnels).toEqual([new URL(server.url).host]);
  });

  it('does not use the proxy from the environment for the local host', async () => {
    const server = await serve(ok);
    const via = await proxy();
    expect(await get(open(kubeconfig(server.url), { HTTP_PROXY: via.url, http_proxy: via.url }))).toBe(200);
    expect(via.tunnels).toEqual([]);
  });
});

describe('errors are reported in one line', () => {
  it('connection refused', async () => {
    await expect(get(open(kubeconfig('http://127.0.0.1:1')))).rejects.toMatchObject({
      trouble: { kind: 'broken', message: 'http://127.0.0.1:1: connection refused (ECONNREFUSED)' },
    });
  });

  it.each([
    ['no such file', (): string => join(folder, 'missing'), / cannot be read: no such file$/],
    ['a directory', (): string => folder, / cannot be read: it is a directory$/],
    ['not YAML', (): string => written('{ a: [ }'), /^kubeconfig \S+ is not valid: .+$/],
    ['an empty file', (): string => written(''), /^kubeconfig \S+ is not valid: .+$/],
    ['a cluster without a server', (): string => written('clusters: [{name: a, cluster: {}}]'), /server is missing$/],
    ['no current context', (): string => written('contexts: []'), /has no current context; there are none$/],
  ])('%s', (_name, path, words) => {
    const attempt = (): Connection => connect({ context: null, kubeconfig: [path()], env: {} });
    expect(attempt).toThrow(words);
    expect(attempt).toThrow(/^[^\n]+$/);
  });

  it('an unknown context, with the existing ones', () => {
    const path = kubeconfig('http://x');
    expect(() => connect({ context: 'dev', kubeconfig: [path], env: {} })).toThrow(
      `unknown context "dev" in kubeconfig ${path}; there are: prod, prod-broken`,
    );
    expect(() => connect({ context: 'prod-broken', kubeconfig: [path], env: {} })).toThrow(
      `context "prod-broken" names cluster "nowhere", which kubeconfig ${path} does not have`,
    );
  });

  it.each(['localhost', '10.0.0.1:6443', 'ftp://x', ''])('an invalid server URL: %j', (server) => {
    const attempt = (): Connection => connect({ context: null, kubeconfig: [kubeconfig(server)], env: {} });
    expect(attempt).toThrow(server === '' ? 'server is missing' : 'is not an http or https URL');
  });

  it('no kubeconfig, and not in a pod', () => {
    expect(() => connect({ context: null, env: {} })).toThrow('no kubeconfig found');
    expect(() => connectInCluster({})).toThrow('KUBERNETES_SERVICE_HOST is not set');
  });

  const written = (text: string): string => {
    const path = join(folder, 'bad');
    writeFileSync(path, text);
    return path;
  };
});

describe('finding the configuration', () => {
  it('merges several files in KUBECONFIG: the first definition takes precedence, missing files are skipped', () => {
    const first = kubeconfig('http://first', { name: 'a' }, 'first');
    const second = kubeconfig('http://second', { name: 'b', user: { token: 'B' } }, 'second');
    const paths = findKubeconfig({ KUBECONFIG: [first, join(folder, 'missing'), second].join(delimiter) });
    const config = loadKubeconfig(paths);
    expect(config.contexts.map(({ name }) => name)).toEqual(['a', 'a-broken', 'b', 'b-broken']);
    expect(config.getCurrentContext()).toBe('a');
    expect(config.getCurrentCluster()?.server).toBe('http://first');
    expect(config.getUser('me')?.token).toBeUndefined();
    expect(chooseContext(config, 'b', paths)).toBe('b');
  });

  it('distinguishes no configuration from an unreadable one', () => {
    expect(findConfiguration({ HOME: folder })).toEqual({ kind: 'none' });
    expect(findConfiguration({ KUBECONFIG: '/nowhere' })).toEqual({ kind: 'kubeconfig', paths: ['/nowhere'] });
  });

  it.each([
    ['arn:aws:eks:eu-west-1:123456789012:cluster/prod', 'prod', 'eu-west-1'],
    ['arn:aws-us-gov:eks:us-gov-west-1:123456789012:cluster/p', 'p', 'us-gov-west-1'],
    ['prod.eu-west-1.eksctl.io', 'prod', 'eu-west-1'],
    ['kind-dev', 'kind-dev', null],
  ])('reads the cluster name %s as %s in %s', (cluster, name, region) => {
    expect(readClusterName(cluster)).toEqual({ name, region });
  });
});
