/**
 * Messages of others (a credential plugin, a server, a proxy, the system) may contain a secret. They are never the
 * reason of a source, which every viewer sees; the log has them without anything that looks like a secret.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  objectOf,
  startApiServer,
  type Exchange,
  type FakeApiServer,
} from '../../../../e2e/testing/servers/api-server';
import { NAD, NADS } from '../../../../e2e/testing/servers/kubernetes-bench';
import { createRecorder, type Recorder } from '../../../../e2e/testing/servers/recorder';
import { KINDS } from '../../../normalise/kubernetes/kinds';
import { ec2TroubleOf } from '../ec2/trouble';
import { connect } from './connection';
import { createKubernetesSource } from './kubernetes';
import type { Transport } from './transport';

const SECRET = 'eyJhbGciOiJSUzI1NiJ9.PLANTED1planted2PLANTED3';
const PLANTED = /planted/i;

function follow(transport: Transport, kinds: readonly (typeof KINDS)[number][] = [NAD]): Recorder {
  const seen = createRecorder();
  const source = createKubernetesSource(seen.context(Date.now), {
    transport,
    kinds,
    policy: { backoffBaseMs: 5, backoffCapMs: 20, watchGapMs: 0, gatherMs: 1 },
  });
  onTestFinished(() => source.stop());
  source.start(seen.emit);
  return seen;
}

function connectWith(server: string, user: object): Transport {
  const folder = mkdtempSync(join(tmpdir(), 'ifscope-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const plugin = join(folder, 'plugin');
  writeFileSync(plugin, `#!/bin/sh\necho "error: token=${SECRET} password: planted-too" >&2\nexit 1\n`);
  chmodSync(plugin, 0o755);
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'me', user: 'exec' in user ? { exec } : user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'me' } }],
  };
  const kubeconfig = join(folder, 'config');
  writeFileSync(kubeconfig, JSON.stringify(config));
  return connect({ context: null, kubeconfig: [kubeconfig], env: {} }).transport;
}

/** Waits until an error is reported, and searches for the planted secret. */
async function isSilent(seen: Recorder, id: string = NADS): Promise<void> {
  await seen.until(() => ['failing', 'denied', 'stale'].includes(seen.status(id)?.state ?? ''));
  for (const { reason } of seen.statuses(id)) expect(reason ?? '').not.toMatch(PLANTED);
  for (const line of seen.log) expect(line).not.toMatch(PLANTED);
}

async function server(answer: (exchange: Exchange) => void): Promise<FakeApiServer> {
  const api = await startApiServer();
  onTestFinished(() => api.stop());
  void (async () => {
    for (;;) answer(await api.take());
  })();
  return api;
}

describe('a reason', () => {
  it('never contains the output of a credential plugin', async () => {
    const seen = follow(connectWith('http://127.0.0.1:1', { exec: {} }));
    await isSilent(seen);
    expect(seen.status(NADS)?.reason).toBe(
      'no credentials for http://127.0.0.1:1: the plugin or file that the kubeconfig names gives none; use this context with kubectl once; see the log',
    );
    expect(seen.log[0]).toMatch(/error: token=… password: …/);
  });

  it('never contains the user and password of a URL, or its query', async () => {
    const seen = follow(connectWith('http://me:planted@127.0.0.1:1/k8s?token=planted', { token: 't' }));
    await isSilent(seen);
    expect(seen.status(NADS)?.reason).toContain('http://127.0.0.1:1/k8s: connection refused (ECONNREFUSED)');
  });

  const event = (type: string, object: unknown) => (exchange: Exchange) => {
    if (exchange.watch) exchange.open().event(type, object);
    else exchange.page([], '10');
  };
  it.each<[string, (exchange: Exchange) => void]>([
    ['a Status', (exchange) => exchange.refuse(403, `no: token=${SECRET}`)],
    ['a Status of another kind', (exchange) => exchange.refuse(418, `Bearer ${SECRET}`)],
    ["a proxy's page", (exchange) => exchange.json(502, `<html>${SECRET}</html>`)],
    ['a list that is not JSON', (exchange) => exchange.open().raw.end(`{"items": "${SECRET}" oops`)],
    ['an ERROR event', event('ERROR', { kind: 'Status', code: 500, message: `Bearer ${SECRET}` })],
    ['an event of unknown type', event(SECRET, objectOf('a', '11'))],
    [
      'a line that is not JSON',
      (exchange) => (exchange.watch ? exchange.open().write(`${SECRET}\n`) : exchange.page([], '10')),
    ],
  ])('never contains the content of %s', async (_, answer) => {
    const { url } = await server(answer);
    await isSilent(follow(connectWith(url, { token: 't' })));
  });

  it.each([
    ['broken protobuf', `k8s\0${SECRET}`],
    ['text in place of protobuf', SECRET],
  ])('never contains %s', async (_, body) => {
    const { url } = await server((exchange) => {
      exchange.raw.writeHead(200, { 'content-type': 'application/vnd.kubernetes.protobuf' });
      exchange.raw.end(body);
    });
    const pods = KINDS.filter(({ source }) => source === 'kubernetes/pods');
    await isSilent(follow(connectWith(url, { token: 't' }), pods), 'kubernetes/pods');
  });

  it.each([
    { name: 'CredentialsProviderError', message: `process gave ${SECRET}` },
    { name: 'AuthFailure', message: SECRET },
    { name: 'UnauthorizedOperation', message: `Encoded authorization failure message: ${SECRET}` },
    { name: 'RequestLimitExceeded', message: SECRET },
    { name: 'TimeoutError', message: `connect to https://proxy:${SECRET}@host` },
    { name: 'Error', code: 'ECONNREFUSED', message: SECRET },
    { name: SECRET, message: SECRET },
    { name: 'SyntaxError', message: `Unexpected token in ${SECRET}` },
  ])('of EC2 never contains the text of $name', (error) => {
    expect(ec2TroubleOf(error, 'DescribeInstances').message).not.toMatch(PLANTED);
  });
});
