import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { MARKS } from '../export/html';
import { describe, expect, test } from 'vitest';
import { CLUSTER, sampleRecords, TAKEN_AT } from '../../e2e/testing/capture-cluster';
import { toTopology, stringifyTopology } from '../snapshot/encode';
import { readArrivingSet } from '../client/set/arriving-set';
import { collectDropped, Unreadable } from './collect';
import { Desk, type Item } from './desk';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const item = (path: string, bytes: Uint8Array): Item => ({ name: path, files: [{ path, bytes }] });

const NODES = JSON.stringify({
  kind: 'List',
  apiVersion: 'v1',
  items: [
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'a', uid: 'u', creationTimestamp: '2026-09-01T10:00:00Z', labels: {} },
      spec: { providerID: 'aws:///eu-west-1a/i-0123456789abcdef0' },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    },
  ],
});
const FILES: Readonly<Record<string, string>> = { 'my/kubernetes/nodes.json': NODES, 'my/broken.json': '{"items": [' };

async function tar(files: Readonly<Record<string, string>>, link = false): Promise<Uint8Array> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  if (link) archive.entry({ name: 'my/link.json', type: 'symlink', linkname: '/etc/passwd' });
  archive.finalize();
  return new Uint8Array(await buffer(archive));
}

/** `says`: the size in the central directory, if it differs from the actual one. */
function zip(files: Readonly<Record<string, string>>, says: number | null = null): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const raw = Buffer.from(content);
    const packed = deflateRawSync(raw);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(crc32(raw), 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(raw.length, 22);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(says ?? raw.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    parts.push(head, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]));
}

const records = sampleRecords(2, 3);
const [pod] = [...records.pods.values()];
if (pod === undefined) throw new Error('the sample is too small');
const LATER = '2026-09-01T12:05:00Z';
const snapshot = (change: Partial<typeof records> = {}, at = TAKEN_AT): Uint8Array =>
  text(stringifyTopology(toTopology({ ...records, ...change }, CLUSTER, at)));

describe('dropped files are read as --from reads them', () => {
  test.each([
    ['a tar', async () => item('capture.tar', await tar(FILES))],
    ['a tar.gz', async () => item('capture.tar.gz', gzipSync(await tar(FILES)))],
    ['a zip', () => Promise.resolve(item('capture.zip', zip(FILES)))],
    [
      'a folder',
      () =>
        Promise.resolve({
          name: 'my',
          files: Object.entries(FILES).map(([path, content]) => ({ path, bytes: text(content) })),
        }),
    ],
  ])('%s', async (_, make) => {
    const desk = new Desk();
    const [opened] = await desk.open([await make()]);
    expect(opened).toMatchObject({ kind: 'capture', takenAt: '2026-09-01T10:00:00Z' });
    // The unreadable part is reported with file and line.
    expect(opened?.problems.join('\n')).toMatch(/^broken\.json:1: /);
    const answer = desk.answer(opened?.id ?? 0, '/api/lookup?q=node:a');
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('node:a');
  });

  test('pasted text', async () => {
    const [opened] = await new Desk().open([item('pasted', text(NODES))]);
    expect(opened).toMatchObject({ kind: 'capture', name: 'pasted', problems: [] });
  });

  test('a snapshot, which the page reads like a keyframe', async () => {
    const desk = new Desk();
    const [opened] = await desk.open([item('a.json', snapshot())]);
    expect(opened).toMatchObject({ kind: 'snapshot', takenAt: TAKEN_AT });
    const bytes = await desk.keyframe(opened?.id ?? 0);
    const set = await readArrivingSet(new Blob([bytes]).stream(), {
      signal: new AbortController().signal,
      onArrival: () => undefined,
      painted: () => Promise.resolve(),
      isWanted: () => false,
    });
    await set.rest;
    expect(set.replica.records.pods.get(pod.id)).toMatchObject({ name: pod.name });
    expect(desk.answer(opened?.id ?? 0, '/api/export?format=csv').text).toContain(pod.name);
  });

  test('embeds a snapshot in an empty page so that the single-file page opens it', async () => {
    const desk = new Desk();
    const [opened] = await desk.open([item('a.json', snapshot())]);
    const empty = `<title>${MARKS.title}</title><p>${MARKS.about}</p><script>${MARKS.snapshot}</script>`;
    const made = await desk.page(opened?.id ?? 0, empty);
    expect(made.type).toMatch(/^text\/html/);
    const packed = /<script>(.+)<\/script>/.exec(made.text)?.[1] ?? '';
    const again = await new Desk().openEmbedded(Buffer.from(packed, 'base64'));
    expect(again).toMatchObject({ kind: 'snapshot', takenAt: TAKEN_AT });
    await expect(desk.page(opened?.id ?? 0, 'no page of this build')).rejects.toThrow('lacks');
  });

  test('opens two snapshots as two sets, the earlier first, with the same difference as diff', async () => {
    const desk = new Desk();
    const changed = { pods: new Map([...records.pods, [pod.id, { ...pod, phase: 'Failed' }]]) };
    const [before, after] = await desk.open([
      item('later.json', snapshot(changed, LATER)),
      item('earlier.json', snapshot()),
    ]);
    expect([before?.name, after?.name]).toEqual(['earlier.json', 'later.json']);
    expect(desk.compare(before?.id ?? 0, after?.id ?? 0)).toMatchObject([
      { kind: 'changed', id: pod.id, node: pod.node, at: Date.parse(LATER) },
    ]);
  });

  test('combines two kubectl outputs into one capture', async () => {
    expect(await new Desk().open([item('a.json', text(NODES)), item('b.json', text(NODES))])).toHaveLength(1);
  });
});

describe('hostile input is rejected in one clear line', () => {
  const LIMITS = { files: 10, file: 1 << 20, total: 1 << 20 };
  const zeros = ' '.repeat(8 << 20);
  const why = (made: Promise<unknown>): Promise<string> =>
    made.then(
      () => 'read',
      (error: unknown) => {
        expect(error).toBeInstanceOf(Unreadable);
        return error instanceof Error ? error.message : '';
      },
    );
  const collected = (path: string, bytes: Uint8Array): Promise<string> =>
    why(collectDropped([{ path, bytes }], LIMITS));

  test.each([
    ['a gzip that expands beyond the limit', () => gzipSync(zeros), 'bomb.gz', /unpacks to more than 2 MiB/],
    ['a zip that declares a size beyond the limit', () => zip({ 'a.json': zeros }), 'a.zip', /holds more than 1 MiB/],
    ['a damaged gzip', () => gzipSync('x'.repeat(1000)).subarray(0, 15), 'a.gz', /cannot be unpacked/],
    ['a zip without an end record', () => zip({ 'a.json': '{}' }).subarray(0, 40), 'a.zip', /has no directory/],
    [
      'a zip with many files',
      () => zip(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.json`, '{}']))),
      'a.zip',
      /holds more than 10 files/,
    ],
  ] as const)('%s', async (_, make, name, line) => {
    const said = await collected(name, make());
    expect(said).toMatch(line);
    expect(said).not.toContain('\n');
  });

  test('a zip with a wrong size: the file is named, and the rest is read', async () => {
    const { files, unreadable } = await collectDropped(
      [{ path: 'a.zip', bytes: zip({ 'a.json': zeros }, 10) }],
      LIMITS,
    );
    expect(files).toEqual([]);
    expect(unreadable).toEqual(['a.json: cannot be unpacked (it takes more bytes than it says)']);
  });

  test('a damaged tar', async () => {
    const bytes = await tar(FILES);
    bytes[130] = 0x39;
    expect(await collected('a.tar', bytes)).toMatch(/a header in it is damaged/);
    expect(await collected('a.tar', (await tar({ 'a.json': 'x'.repeat(2_000) })).subarray(0, 700))).toMatch(
      /ends within a file/,
    );
  });

  test('links and paths that lead outside are named and not followed', async () => {
    const { files, unreadable } = await collectDropped([
      { path: 'a.tar', bytes: await tar({ '../../etc/x.json': '{}', ...FILES }, true) },
    ]);
    expect(files.map(({ path }) => path)).toEqual(['broken.json', 'kubernetes/nodes.json']);
    expect(unreadable.join('\n')).toMatch(/leads out of the archive[\s\S]*is a link/);
  });

  test.each([
    ['an empty file', ''],
    ['a picture', '\u0000\u0001'],
    ['a text', 'hello'],
    ['JSON of something else', '{"a": 1}'],
    ['a snapshot of a newer ifscope', '{"schema": "ifscope/topology/v99"}'],
    ['a damaged snapshot', '{"schema": "ifscope/topology/v1", "takenAt": "x"}'],
  ])('%s', async (_, content) => {
    const said = await why(new Desk().open([item('x.json', text(content))]));
    expect(said).not.toBe('read');
    expect(said).not.toContain('\n');
  });
});

test('opens the snapshot inside a page, and reports anything else', async () => {
  const desk = new Desk();
  const snapshot = stringifyTopology(toTopology(records, CLUSTER, TAKEN_AT));
  const { id, takenAt, kind } = await desk.openEmbedded(gzipSync(snapshot));
  expect({ takenAt, kind }).toEqual({ takenAt: TAKEN_AT, kind: 'snapshot' });
  expect(JSON.parse(desk.answer(id, '/api/lookup?q=node').text)).toMatchObject({ query: 'node' });
  await expect(desk.openEmbedded(gzipSync('{"schema": "ifscope/topology/v1"'))).rejects.toThrow(/snapshot/);
});
