/** What visitors see and what is logged if the API server does not answer access reviews. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReviewer } from './reviewer';

const ALICE = { user: 'alice', groups: [] };
const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-reviewer-'));
const KUBECONFIG = path.join(folder, 'config');
let answer: (response: ServerResponse) => void = () => undefined;
const server = createServer((_, response) => answer(response));

const answers = (status: number, body: string) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
};
const allows = answers(201, JSON.stringify({ status: { allowed: true } }));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cluster = { name: 'c', cluster: { server: `http://127.0.0.1:${port}` } };
  const contexts = [{ name: 'here', context: { cluster: 'c', user: 'u' } }];
  const users = [{ name: 'u', user: { token: 'hush' } }];
  writeFileSync(KUBECONFIG, JSON.stringify({ clusters: [cluster], contexts, users }));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function setUp() {
  const log: string[] = [];
  const debug: string[] = [];
  const { review, close } = createReviewer({
    from: { kind: 'context', context: 'here' },
    rights: null,
    env: { KUBECONFIG },
    log: (level, message) => (level === 'debug' ? debug.push(message) : log.push(`${level} ${message}`)),
  });
  return { log, debug, review: (namespace: string | null = 'shop') => review(ALICE, namespace), close };
}

describe.each<[string, (response: ServerResponse) => void, RegExp, RegExp]>([
  [
    'the permission to request reviews is missing',
    answers(403, '{}'),
    /lacks the right to create subjectaccessreviews$/,
    /lacks the right/,
  ],
  ['the server fails', answers(500, 'token=hush'), /answered 500 when asked/, /answered 500/],
  [
    'the response is not a review',
    answers(201, '<p>secret-host'),
    /answered with something else/,
    /with something else/,
  ],
  [
    'the response neither allows nor denies',
    answers(201, '{"status":{}}'),
    /answered with something else/,
    /something else/,
  ],
  [
    'the connection breaks',
    (response) => response.destroy(),
    /^the API server could not be asked what you may see$/,
    /could not be asked what you may see: .*127\.0\.0\.1/,
  ],
])('if %s', (_, how, told, logged) => {
  it('the visitor sees a message of ifscope, and each failure is logged once', async () => {
    const { log, review, close } = setUp();
    answer = how;
    await expect(review()).rejects.toThrow(told);
    await expect(review()).rejects.toThrow(told);
    expect(log).toEqual([expect.stringMatching(/^warn access reviews: .*; visitors see no pods$/)]);
    expect(log[0]).toMatch(logged);
    answer = allows;
    expect(await review()).toBe(true);
    expect(log[1]).toBe('info access reviews: answered again');
    answer = how;
    await expect(review()).rejects.toThrow(told);
    expect(log).toHaveLength(3);
    expect(log.join('\n')).not.toMatch(/hush|secret-host/);
    await close();
  });
});

it('logs each review at debug level with outcome and duration, without the visitor’s name', async () => {
  const { log, debug, review, close } = setUp();
  answer = allows;
  await review();
  answer = answers(201, JSON.stringify({ status: { allowed: false } }));
  await review(null);
  answer = answers(500, 'token=hush');
  await expect(review()).rejects.toThrow();
  expect(debug.map((line) => line.replace(/\d+ ms$/, 'N ms'))).toEqual([
    'access review (list pods in namespace shop): allowed, N ms',
    'access review (list pods in all namespaces): not allowed, N ms',
    'access review (list pods in namespace shop): no answer, N ms',
  ]);
  expect([...log, ...debug].join('\n')).not.toMatch(/alice|hush/);
  await close();
});
