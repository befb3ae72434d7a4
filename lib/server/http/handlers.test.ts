/** The HTTP interface over a complete runtime: the demo cluster, read over HTTP, through engine, store and hub. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createParser } from 'eventsource-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MARKS } from '../../export/html';
import { DEFLATED_EVENTS, type Frame } from '../../model/delta';
import { FrameCutter } from '../../snapshot/keyframe/frames';
import { decodeKeyframe } from '../../../e2e/testing/keyframe-reader';
import { readTopology } from '../../snapshot/decode';
import { createReplica } from '../../records/replica';
import { whole } from '../../records/wire';
import { createRuntime, type Runtime } from '../runtime/runtime';
import { explanation, exportFile, healthz, lookupAnswer, metrics, readyz, stream, topology } from './handlers';

let runtime: Runtime;
const request = (path: string, init?: RequestInit): Request => new Request(`http://127.0.0.1${path}`, init);

/** Resolves at the first commit after which `holds` is true. */
const until = (holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    if (holds()) {
      resolve();
      return;
    }
    const leave = runtime.store.onCommit(() => {
      if (!holds()) return;
      leave();
      resolve();
    });
  });

beforeAll(async () => {
  runtime = createRuntime({ kind: 'demo', because: 'a test' }, { log: () => undefined });
  expect(readyz(runtime).status).toBe(503);
  await runtime.start();
  await until(() => runtime.isSynced());
}, 60_000);
afterAll(() => runtime.stop());

describe('/api/topology', () => {
  it('is the record set as in a snapshot, with its position as ETag', async () => {
    const response = await topology(runtime, request('/api/topology'));
    expect(response.headers.get('etag')).toBe(`"${runtime.store.epoch}.${runtime.store.version}"`);
    const read = readTopology(await response.text());
    if (!('topology' in read)) throw new Error(read.error);
    expect(read.topology.cluster.demo).toBe(true);
    expect(read.topology.nodes.length).toBe(runtime.store.replica.records.nodes.size);
    expect(read.topology.nodes.length).toBeGreaterThan(10);
  });

  it('is not sent again to a client that has it', async () => {
    const first = await topology(runtime, request('/api/topology'));
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    const again = await topology(runtime, request('/api/topology', { headers }));
    // Unless a change occurred between the two requests.
    if (again.headers.get('etag') === first.headers.get('etag')) expect(again.status).toBe(304);
    else expect(again.status).toBe(200);
    const other = await topology(runtime, request('/api/topology', { headers: { 'if-none-match': '"x.1"' } }));
    expect(other.status).toBe(200);
  });
});

const chunksOf = async (response: Response): Promise<readonly string[]> => {
  const cutter = new FrameCutter();
  const texts: string[] = [];
  for await (const piece of response.body ?? [])
    for (const chunk of cutter.push(piece)) texts.push(gunzipSync(chunk).toString());
  expect(cutter.isBetween).toBe(true);
  return texts;
};

describe('/api/topology as a keyframe', () => {
  it('has the version from which the stream continues, and is not sent again to a client that already has it', async () => {
    const response = await topology(runtime, request('/api/topology?format=keyframe'));
    const tag = response.headers.get('etag') ?? '';
    const { records, cluster, meta } = decodeKeyframe(await chunksOf(response));
    expect(tag).toBe(`"${meta.epoch}.${meta.version}"`);
    expect(cluster.demo).toBe(true);
    expect(records.pods.size).toBeGreaterThan(100);
    expect(runtime.store.since(meta).kind).not.toBe('reset');
    const again = await topology(
      runtime,
      request('/api/topology?format=keyframe', { headers: { 'if-none-match': tag } }),
    );
    // Unless a newer keyframe was finished in between.
    expect(again.status).toBe(again.headers.get('etag') === tag ? 304 : 200);
  });
});

describe('/api/stream', () => {
  it.each([
    ['as text', '*/*', 'text/event-stream'],
    ['deflated', `${DEFLATED_EVENTS}, text/event-stream`, DEFLATED_EVENTS],
  ])(
    'takes a viewer from its position to the server’s state, and ends with the viewer, %s',
    async (_, accept, type) => {
      const set = await topology(runtime, request('/api/topology?format=keyframe'));
      const { records, cluster, meta } = decodeKeyframe(await chunksOf(set));
      const viewer = createReplica();
      viewer.reset(records, cluster);
      const leaving = new AbortController();
      const response = stream(
        runtime,
        request(`/api/stream?since=${meta.epoch}.${meta.version}`, { signal: leaving.signal, headers: { accept } }),
      );
      expect(response.headers.get('content-type')).toContain(type);
      let at = meta.version;
      const parser = createParser({
        onEvent({ data, id }) {
          const frame = whole(JSON.parse(data) as Frame);
          if (frame.kind === 'reset') throw new Error(frame.reason);
          if (frame.kind !== 'delta') return;
          expect(frame.delta.from).toBe(at);
          expect(id).toBe(`${meta.epoch}.${frame.delta.to}`);
          viewer.apply(frame.delta.tables, frame.delta.cluster);
          at = frame.delta.to;
        },
      });
      const target = runtime.store.version + 3;
      const inflating = new DecompressionStream('deflate-raw') as ReadableWritablePair<Uint8Array, Uint8Array>;
      const reader = (type === DEFLATED_EVENTS ? response.body?.pipeThrough(inflating) : response.body)?.getReader();
      while (reader !== undefined && at < target) {
        const { value, done } = await reader.read();
        if (done) break;
        parser.feed(new TextDecoder().decode(value));
      }
      expect(at).toBeGreaterThanOrEqual(target);
      expect(runtime.hub.viewers).toBe(1);
      leaving.abort();
      expect(runtime.hub.viewers).toBe(0);
      if (runtime.store.version === at)
        expect([...viewer.records.pods.keys()].sort()).toEqual([...runtime.store.replica.records.pods.keys()].sort());
    },
    30_000,
  );

  it('rejects an invalid position', () => {
    expect(stream(runtime, request('/api/stream?since=nonsense')).status).toBe(400);
  });
});

describe('the other routes', () => {
  it('looks up an address', async () => {
    const address = [...runtime.store.replica.records.nodes.values()].find((node) => node.internalIps.length > 0)
      ?.internalIps[0];
    const response = lookupAnswer(runtime, request(`/api/lookup?q=${address ?? ''}`));
    expect(await response.json()).toMatchObject({ asked: 'address', hits: [{ kind: 'primary' }] });
  });

  it('explains a node, and reports that a node does not exist', async () => {
    const [node] = runtime.store.replica.records.nodes.values();
    const response = explanation(runtime, request(`/api/explain?q=node+${node?.name ?? ''}+settings`));
    expect(await response.json()).toMatchObject({
      subject: { kind: 'node', id: node?.id },
      answers: [{ question: 'settings', certainty: 'observed' }],
    });
    expect(explanation(runtime, request('/api/explain?q=node+nowhere')).status).toBe(404);
  });

  it.each([
    ['json', 'application/json', '"schema": "ifscope/topology/v1"'],
    ['svg', 'image/svg+xml', 'demo data'],
    ['csv', 'text/csv', '(demo data)'],
  ])('exports %s, marked as a demo', async (format, media, word) => {
    const response = await exportFile(runtime, request(`/api/export?format=${format}`));
    expect(response.headers.get('content-type')).toContain(media);
    expect(response.headers.get('content-disposition')).toMatch(
      new RegExp(`^attachment; filename="ifscope-[\\w.-]*demo-data[\\w.-]*\\.${format}"$`),
    );
    expect(await response.text()).toContain(word);
  });
});

describe('the single-file page', () => {
  it('contains the snapshot, if the page has been built', async () => {
    const { title, about, snapshot } = MARKS;
    const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-page-'));
    const file = path.join(folder, 'page.html');
    writeFileSync(file, `<title>${title}</title><p>${about}</p><script>${snapshot}</script><b>end</b>`);
    expect((await exportFile(runtime, request('/api/export?format=html'))).status).toBe(503);
    process.env.IFSCOPE_PAGE_FILE = file;
    try {
      const response = await exportFile(runtime, request('/api/export?format=html'));
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('content-disposition')).toMatch(/demo-data[\w.-]*\.html"$/);
      const text = await response.text();
      const [, packed = ''] = /<script>([A-Za-z0-9+/=]+)<\/script><b>end<\/b>$/.exec(text) ?? [];
      const read = readTopology(gunzipSync(Buffer.from(packed, 'base64')).toString());
      if (!('topology' in read)) throw new Error(read.error);
      expect(read.topology.nodes.length).toBe(runtime.store.replica.records.nodes.size);
    } finally {
      delete process.env.IFSCOPE_PAGE_FILE;
      rmSync(folder, { recursive: true });
    }
  });
});

describe('exports and states', () => {
  it('exports the ENIs that a filter selects', async () => {
    const response = await exportFile(runtime, request('/api/export?format=csv&filter=eni+managed:no'));
    const [header, ...lines] = (await response.text()).trim().split('\r\n');
    expect(header).toContain('cluster,eni,node,card');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.every((line) => line.includes(',no,'))).toBe(true);
  });

  it.each([
    ['format', () => topology(runtime, request('/api/topology?format=xml'))],
    ['format', () => topology(runtime, request('/api/topology?format=columns'))],
    ['format', () => exportFile(runtime, request('/api/export?format=png'))],
    ['theme', () => exportFile(runtime, request('/api/export?theme=pink'))],
    ['filter', () => exportFile(runtime, request('/api/export?format=csv&filter=eni+managed:maybe'))],
    ['filter', () => exportFile(runtime, request(`/api/export?format=csv&filter=${'x'.repeat(600)}`))],
    ['filter', () => exportFile(runtime, request('/api/export?format=json&filter=eni+managed:no'))],
    ['q', () => lookupAnswer(runtime, request('/api/lookup'))],
    ['q', () => lookupAnswer(runtime, request(`/api/lookup?q=${'x'.repeat(600)}`))],
    ['"10.0.0.999" is', () => lookupAnswer(runtime, request('/api/lookup?q=10.0.0.999'))],
    ['ns:', () => lookupAnswer(runtime, request('/api/lookup?q=ns:'))],
    ['q', () => explanation(runtime, request('/api/explain'))],
    ['q', () => explanation(runtime, request('/api/explain?q=pod+P_1'))],
    ['q', () => explanation(runtime, request('/api/explain?q=node+n1+if+MAX_PODS=3'))],
    ['q', () => explanation(runtime, request(`/api/explain?q=${'x'.repeat(600)}`))],
  ])('an invalid %s gives 400 with one line', async (word, ask) => {
    const response = await ask();
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: string };
    expect(error).toMatch(new RegExp(`^${word}[^\\n]*$`));
  });

  it('is alive and ready, and serves metrics', async () => {
    expect(await healthz().text()).toBe('ok\n');
    expect(await readyz(runtime).json()).toEqual({ ready: true, waiting: [], behind: [], troubled: [] });
    const text = await (await metrics(runtime)).text();
    for (const name of [
      'ifscope_topology_version',
      'ifscope_viewers 0',
      'ifscope_source_state{source="ec2/subnets",state="live"} 1',
      'ifscope_source_age_seconds',
      'ifscope_ec2_calls_per_minute',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
      'ifscope_records{table="pods"}',
    ])
      expect(text).toContain(name);
  });

  it('names sources in trouble, stays ready, and does not reveal the reasons', async () => {
    const { store } = runtime;
    const live = store.replica.records.sources.get('ec2/subnets');
    if (live === undefined) throw new Error('no such source');
    const put = (source: typeof live): void =>
      store.commit({ tables: { sources: { put: [source], patch: [], drop: [] } } });
    try {
      put({ ...live, state: 'stale', reason: 'EC2 throttles ec2:DescribeSubnets (RequestLimitExceeded)' });
      const ready = readyz(runtime);
      expect([ready.status, await ready.json()]).toEqual([
        200,
        { ready: true, waiting: [], behind: [], troubled: ['ec2/subnets is stale'] },
      ]);
    } finally {
      put(live);
    }
  });

  it('reports the lag of a source everywhere', async () => {
    const { store } = runtime;
    const version = store.version;
    const behind = { lagSeconds: 136, waiting: 41, listing: null, cause: 'the watch is slow' };
    store.setLags({ 'kubernetes/pods': behind });
    try {
      const [ready, file, measured] = [
        readyz(runtime),
        exportFile(runtime, request('/api/export?format=json')),
        runtime.metrics.metrics(),
      ];
      const text = await measured;
      expect(store.version).toBe(version);
      expect(ready.status).toBe(200);
      expect(await ready.json()).toMatchObject({ ready: true, behind: ['kubernetes/pods is 136 s behind'] });
      expect(text).toContain('ifscope_source_lag_seconds{source="kubernetes/pods"} 136');
      expect(text).toContain('ifscope_source_waiting_events{source="kubernetes/pods"} 41');
      expect(text).toContain('ifscope_source_state{source="kubernetes/pods",state="behind"} 1');
      expect(text).not.toContain('ifscope_source_lag_seconds{source="ec2/subnets"}');
      const { cause: reason, ...figures } = behind;
      const read = readTopology(await (await file).text());
      if (!('topology' in read)) throw new Error(read.error);
      expect(read.topology.sources.find(({ id }) => id === 'kubernetes/pods')).toMatchObject({
        state: 'behind',
        reason,
        ...figures,
      });
    } finally {
      store.setLags({});
    }
  });
});
