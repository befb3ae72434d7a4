/**
 * A secret in everything that a cluster's objects may hold: none of it in what ifscope answers, writes or logs, or in its heap
 * once the objects have been read.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MARKS } from '../../lib/export/html';
import { capture } from '../../lib/cli/capture/record';
import type { FromServing } from '../testing/threads/serving';
import { labelMark, plantedMark, startPlantedCluster, type PlantedCluster } from '../testing/servers/planted-cluster';

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-secrets-'));
const log: string[] = [];
let cluster: PlantedCluster;
let thread: Worker;
let url = '';

beforeAll(async () => {
  cluster = await startPlantedCluster();
  const kubeconfig = {
    'current-context': 'here',
    clusters: [{ name: 'c', cluster: { server: cluster.url } }],
    users: [{ name: 'u', user: { token: `${plantedMark()}-own-token` } }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
  };
  writeFileSync(path.join(folder, 'kubeconfig'), JSON.stringify(kubeconfig));
  vi.stubEnv('KUBECONFIG', path.join(folder, 'kubeconfig'));
  vi.stubEnv('IFSCOPE_EC2', 'off');
  const page = path.join(folder, 'page.html');
  writeFileSync(page, `${MARKS.title}${MARKS.about}[${MARKS.snapshot}]`);
  vi.stubEnv('IFSCOPE_PAGE_FILE', page);
  thread = new Worker(new URL('../testing/threads/serving.mjs', import.meta.url), { env: { ...process.env } });
  url = await new Promise<string>((resolve, reject) => {
    thread.once('error', reject);
    thread.on('message', (message: FromServing) => {
      if ('url' in message) resolve(message.url);
      else log.push(message.log);
    });
  });
  while (!(await (await fetch(`${url}/api/topology`)).text()).includes('core/later'))
    await new Promise((resolve) => setTimeout(resolve, 100));
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  const gone = new Promise((resolve) => thread.once('exit', resolve));
  thread.postMessage('stop');
  await gone;
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

const planted = (): RegExp => new RegExp(plantedMark(), 'i');

/** What of the stream comes in a second. */
async function streamed(): Promise<string> {
  const response = await fetch(`${url}/api/stream`, { signal: AbortSignal.timeout(8_000) });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk);
    if (text.includes('heartbeat')) break;
  }
  return text;
}

describe('a planted secret', () => {
  it('is not in the single-file page', async () => {
    const response = await fetch(`${url}/api/export?format=html`);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).not.toMatch(planted());
    const snapshot = gunzipSync(Buffer.from(/\[(.*)\]/s.exec(text)?.[1] ?? '', 'base64')).toString();
    expect(snapshot).toContain('core/attached');
    expect(snapshot).not.toMatch(planted());
  });

  it.each<[string, object]>([
    ['lookup', { what: 'attached' }],
    ['check', {}],
    ['explain', { about: 'pod core/attached' }],
    ['capacity', { changes: ['WARM_IP_TARGET=5'] }],
  ])('is not in the answer of the tool %s', async (name, args) => {
    const response = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
    });
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain('position');
    expect(text).not.toMatch(planted());
  });
});

describe('a planted secret', () => {
  it.each([
    '/api/topology',
    '/api/topology?format=keyframe',
    '/api/export?format=json',
    '/api/export?format=csv',
    '/api/export?format=svg',
    '/api/lookup?q=attached',
    '/api/explain?q=clashes',
    '/api/explain?q=pod+core/attached',
    '/metrics',
    '/readyz',
  ])('is not in the answer of %s', async (asked) => {
    const response = await fetch(`${url}${asked}`);
    expect(response.status).toBe(200);
    expect(await response.text()).not.toMatch(planted());
  });

  it('in a pod label is not in the metrics, the readiness or the log', async () => {
    const answer = async (asked: string): Promise<string> => (await fetch(`${url}${asked}`)).text();
    expect(await answer('/api/topology')).toContain(labelMark());
    for (const asked of ['/metrics', '/readyz']) expect(await answer(asked)).not.toContain(labelMark());
    expect(log.join('\n')).not.toContain(labelMark());
  });

  it('is not in the stream, nor in the log at debug level', async () => {
    expect(await streamed()).not.toMatch(planted());
    expect(log.filter((line) => line.startsWith('debug kubernetes/pods')).length).toBeGreaterThan(1);
    expect(log.join('\n')).not.toMatch(planted());
  });

  it.each([
    ['plain', false],
    ['redacted', true],
  ])(
    'is not in a capture (%s), which lists what it omits',
    async (name, redact) => {
      const target = path.join(folder, name);
      const printed: string[] = [];
      const output = { out: () => Promise.resolve(), err: (line: string) => void printed.push(line) };
      await capture({ kind: 'context', context: 'here' }, { folder: target, redact, seconds: 30, output });
      const files = readdirSync(target, { recursive: true, encoding: 'utf8' }).filter((file) =>
        statSync(path.join(target, file)).isFile(),
      );
      for (const file of files)
        expect([file, planted().test(readFileSync(path.join(target, file), 'utf8'))]).toEqual([file, false]);
      expect(printed.join('\n')).not.toMatch(planted());
      const labelled = files.filter((file) => readFileSync(path.join(target, file), 'utf8').includes(labelMark()));
      expect(labelled.length > 0).toBe(!redact);
      if (redact) return;
      const { dropped } = JSON.parse(readFileSync(path.join(target, 'capture.json'), 'utf8')) as { dropped: object };
      expect(dropped).toMatchObject({
        pods: {
          'metadata.annotations.example.com/token': 4,
          'metadata.annotations.kubectl.kubernetes.io/last-applied-configuration': 4,
        },
        'network-attachment-definitions.k8s.cni.cncf.io': { 'spec.config: token': 1, 'spec.config: kubeconfig': 1 },
      });
    },
    60_000,
  );

  it('is not in the heap, except for the token that ifscope itself uses', async () => {
    const mark = plantedMark();
    const found = new Set<string>();
    let before = '';
    for await (const chunk of await thread.getHeapSnapshot()) {
      const text = before + String(chunk);
      for (const [one] of text.matchAll(new RegExp(`${mark}[\\w.-]*`, 'gi'))) found.add(one);
      before = text.slice(-200);
    }
    // The token is there, so what is there is found.
    expect(found.delete(`${mark}-own-token`)).toBe(true);
    expect([...found]).toEqual([]);
  }, 60_000);
});
