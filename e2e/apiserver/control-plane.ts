/**
 * A real kube-apiserver with etcd: start, stop, restart with the same data, and an administrator's client.
 *
 * Two users come from a token file: an administrator (system:masters), and the service account ifscope:ifscope, which has
 * only what RBAC gives it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { Agent, request } from 'undici';
import { freePort } from '../free-port';
import { findServer } from './build';

export const ADMIN_TOKEN = 'test-administrator';
export const IFSCOPE_TOKEN = 'test-ifscope';

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export class ControlPlane {
  readonly #dir = mkdtempSync(path.join(tmpdir(), 'ifscope-apiserver-'));
  readonly #children: ChildProcess[] = [];
  #agent: Agent | null = null;
  #log = '';
  port = 0;

  /** `flags`: additional flags of kube-apiserver. */
  constructor(private readonly flags: readonly string[] = []) {}

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Starts or restarts on the same port and data; resolves when /readyz is ok. */
  async start(): Promise<void> {
    const found = findServer();
    if ('missing' in found) throw new Error(found.missing);
    const certs = path.join(this.#dir, 'certs');
    if (this.port === 0) {
      this.port = await freePort();
      mkdirSync(certs, { recursive: true });
      const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
      writeFileSync(path.join(this.#dir, 'sa.key'), pair.privateKey.export({ type: 'pkcs1', format: 'pem' }), {
        mode: 0o600,
      });
      writeFileSync(
        path.join(this.#dir, 'tokens.csv'),
        `${ADMIN_TOKEN},administrator,1,"system:masters"\n${IFSCOPE_TOKEN},system:serviceaccount:ifscope:ifscope,2,"system:serviceaccounts,system:authenticated"\n`,
      );
    }
    const key = path.join(this.#dir, 'sa.key');
    const args = [
      `--secure-port=${this.port}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--cert-dir=${certs}`,
      `--token-auth-file=${path.join(this.#dir, 'tokens.csv')}`,
      '--authorization-mode=RBAC',
      '--service-account-issuer=https://localhost',
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      '--service-cluster-ip-range=10.0.0.0/24',
      '--disable-admission-plugins=ServiceAccount',
      '--allow-privileged=true',
      '--endpoint-reconciler-type=none',
      ...this.flags,
    ];
    const etcdDir = path.join(this.#dir, 'etcd');
    if (found.etcd === null) {
      this.#spawn(found.apiserver, [`--etcd-data-dir=${etcdDir}`, ...args]);
    } else {
      const [client, peer] = [await freePort(), await freePort()];
      this.#spawn(found.etcd, [
        `--data-dir=${etcdDir}`,
        `--listen-client-urls=http://127.0.0.1:${client}`,
        `--advertise-client-urls=http://127.0.0.1:${client}`,
        `--listen-peer-urls=http://127.0.0.1:${peer}`,
        '--unsafe-no-fsync=true',
      ]);
      this.#spawn(found.apiserver, [`--etcd-servers=http://127.0.0.1:${client}`, ...args]);
    }
    await this.#untilReady();
  }

  #spawn(command: string, args: readonly string[]): void {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (chunk: Buffer) => (this.#log = (this.#log + chunk.toString()).slice(-8_000)));
    this.#children.push(child);
  }

  async #untilReady(): Promise<void> {
    const deadline = Date.now() + 90_000;
    for (;;) {
      const dead = this.#children.find((child) => child.exitCode !== null);
      if (dead) throw new Error(`kube-apiserver ended with ${dead.exitCode}:\n${this.#log}`);
      try {
        const { status } = await this.call('GET', '/readyz');
        if (status === 200) return;
      } catch {
        // Not listening yet.
      }
      if (Date.now() > deadline) throw new Error(`kube-apiserver was not ready after 90 s:\n${this.#log}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Stops the processes; the data is kept for the next `start`. */
  async stop(): Promise<void> {
    await Promise.all(
      this.#children.splice(0).map(async (child) => {
        if (child.exitCode !== null) return;
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }),
    );
    await this.#agent?.destroy();
    this.#agent = null;
  }

  /** Backs up etcd; the returned function restores the backup. Both restart the server. */
  async backUp(): Promise<() => Promise<void>> {
    const [etcd, backup] = [path.join(this.#dir, 'etcd'), path.join(this.#dir, 'backup')];
    await this.stop();
    cpSync(etcd, backup, { recursive: true });
    await this.start();
    return async () => {
      await this.stop();
      rmSync(etcd, { recursive: true });
      cpSync(backup, etcd, { recursive: true });
      await this.start();
    };
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** One request as the administrator (or with another token). */
  async call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
    token = ADMIN_TOKEN,
  ): Promise<Reply> {
    this.#agent ??= new Agent({ connect: { rejectUnauthorized: false } });
    const response = await request(`${this.url}${url}`, {
      method,
      dispatcher: this.#agent,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.body.text();
    let parsed: unknown = text;
    try {
      parsed = JSON.parse(text);
    } catch {
      // readyz answers in plain text.
    }
    return { status: response.statusCode, body: parsed };
  }

  /** The same, but throws the server's message unless the status is 2xx. */
  async must(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<unknown> {
    const reply = await this.call(method, url, body);
    if (reply.status >= 300) throw new Error(`${method} ${url}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  /** The certificate of the authority that signed the server's certificate, in PEM. */
  get ca(): string {
    return readFileSync(path.join(this.#dir, 'certs', 'apiserver.crt'), 'utf8');
  }

  /**
   * A token of the service account ifscope:ifscope as issued by TokenRequest, signed again with another lifetime: the
   * API server issues none that is valid for less than ten minutes.
   */
  async serviceAccountToken(seconds: number): Promise<string> {
    const url = '/api/v1/namespaces/ifscope/serviceaccounts/ifscope/token';
    const { status } = (await this.must('POST', url, { spec: {} })) as { readonly status: { readonly token: string } };
    const { alg = '', kid } = decodeProtectedHeader(status.token);
    const key = createPrivateKey(readFileSync(path.join(this.#dir, 'sa.key')));
    const exp = Math.floor(Date.now() / 1000) + seconds;
    return new SignJWT({ ...decodeJwt(status.token), exp })
      .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
      .sign(key);
  }

  /** Writes a kubeconfig of the ifscope service account; returns the path of the file. */
  kubeconfig(token = IFSCOPE_TOKEN): string {
    const ca = Buffer.from(this.ca).toString('base64');
    const file = path.join(this.#dir, 'kubeconfig.json');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'real',
      contexts: [{ name: 'real', context: { cluster: 'real', user: 'ifscope' } }],
      clusters: [{ name: 'real', cluster: { server: this.url, 'certificate-authority-data': ca } }],
      users: [{ name: 'ifscope', user: { token } }],
    };
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }
}
