import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveType, readArchive, textFilesOf } from './archive';
import { readCaptureFolder } from './capture-source';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ifscope-archive-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** `link`: the target of a link, instead of content. `says`: a declared length that differs from the actual one. */
interface Part {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly link?: string;
  readonly says?: number;
  /** Not compressed; only in a zip. */
  readonly isStored?: boolean;
}

async function tar(parts: readonly Part[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, content = '', link } of parts) {
    const header: Partial<Header> & { name: string } =
      link === undefined ? { name } : { name, type: 'symlink', linkname: link };
    archive.entry(header, content);
  }
  archive.finalize();
  return buffer(archive);
}

/**
 * A zip according to PKWARE's APPNOTE: local headers with their data, the central directory, its end record. `from`: the bytes
 * before it in the file.
 */
function zip(parts: readonly Part[], from = 0): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = from;
  for (const { name, content = '', link, says, isStored = false } of parts) {
    const bytes = Buffer.from(link ?? content);
    const data = isStored ? bytes : deflateRawSync(bytes);
    const file = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isStored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(says ?? bytes.length, 18);
    common.writeUInt16LE(file.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(link === undefined ? 0 : 0o120777 * 0x10000, 6);
    rest.writeUInt32LE(at, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, file, data]);
    locals.push(local);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, file]));
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]);
}

const FORMATS = [
  ['tar', tar],
  ['gzip', async (parts: readonly Part[]) => gzipSync(await tar(parts))],
  ['zip', (parts: readonly Part[]) => Promise.resolve(zip(parts))],
] as const;

const write = async (name: string, bytes: Buffer): Promise<string> => {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return file;
};
const subnets = (id: string): string => JSON.stringify({ Subnets: [{ SubnetId: id }] });
const MANIFEST = '{"takenAt":"2026-09-01T12:00:00Z"}';

describe.each(FORMATS)('a %s of a capture', (type, make) => {
  it.each(['', 'my-capture/', './my-capture/', 'a/b/'])('is read, also below %j', async (top) => {
    const file = await write(
      'x',
      await make([
        { name: `${top}capture.json`, content: MANIFEST },
        { name: `${top}ec2/subnets.json`, content: subnets('subnet-1') },
        { name: `${top}ec2/._subnets.json`, content: '\0\0' },
        { name: `__MACOSX/x.json`, content: '{' },
        { name: `${top}notes.md`, content: 'x' },
      ]),
    );
    await expect(archiveType(file)).resolves.toBe(type);
    const capture = await readCaptureFolder(file);
    expect(capture.takenAt).toBe('2026-09-01T12:00:00Z');
    expect(capture.problems).toEqual(['notes.md: is text, not an API answer']);
    expect(JSON.stringify(capture.batches)).toContain('subnet-1');
  });

  it('is read without entries that lead out of it, each of which is named', async () => {
    const file = await write(
      'x',
      await make([
        { name: 'a.json', content: subnets('subnet-1') },
        { name: '../../etc/passwd', content: subnets('subnet-2') },
        { name: '/etc/hosts.json', content: subnets('subnet-3') },
        { name: 'ec2/../../b.json', content: subnets('subnet-4') },
        { name: 'link.json', link: '/etc/passwd' },
        { name: 'binary', content: '\0\x01\x02' },
        { name: 'half.json', content: '{"Subnets":[' },
      ]),
    );
    const capture = await readCaptureFolder(file);
    expect(JSON.stringify(capture.batches)).not.toMatch(/subnet-[234]/);
    expect(capture.problems).toEqual(
      expect.arrayContaining([
        '../../etc/passwd: is not read: its path leads out of the archive',
        '/etc/hosts.json: is not read: its path leads out of the archive',
        'ec2/../../b.json: is not read: its path leads out of the archive',
        'link.json: is a link, which is not followed',
        'binary: not read (it is no text)',
        'half.json:1: ends too early; take it again',
      ]),
    );
  });

  it('is limited in size', async () => {
    const many = Array.from({ length: 6 }, (_, index) => ({ name: `${index}.json`, content: ' '.repeat(1000) }));
    const file = await write('x', await make(many));
    const limited = (limits: { files: number; file: number; total: number }) =>
      readArchive(file, type, textFilesOf(file, limits));
    await expect(limited({ files: 6, file: 1000, total: 6000 })).resolves.toMatchObject({ unreadable: [] });
    await expect(limited({ files: 5, file: 1000, total: 6000 })).rejects.toThrow(`${file}: holds more than 5 files; `);
    await expect(limited({ files: 6, file: 1000, total: 5999 })).rejects.toThrow(`${file}: holds more than 0 MiB; `);
    const read = await limited({ files: 6, file: 999, total: 6000 });
    expect(read.files).toEqual([]);
    expect(read.unreadable).toHaveLength(6);
  });

  it('that is truncated is reported in one line', async () => {
    const whole = await make([{ name: 'a.json', content: subnets('subnet-1').repeat(50) }]);
    const file = await write('x', whole.subarray(0, Math.min(600, whole.length - 30)));
    await expect(readCaptureFolder(file)).rejects.toThrow(
      /^\/.*\/x: is no \w+ file that can be read \([^\n]+\); give a tar/,
    );
  });
});

it('stops reading a zip entry that is longer than declared, and reads the others', async () => {
  const long = { name: 'a.json', content: ' '.repeat(1 << 20), says: 10 };
  const file = await write('x', zip([long, { name: 'b.json', content: subnets('subnet-1') }]));
  const { files, unreadable } = await readArchive(file, 'zip');
  expect(files.map(({ path: one }) => one)).toEqual(['b.json']);
  expect(unreadable).toEqual(['a.json: cannot be unpacked (it unpacks to more than it says)']);
});

it.each([
  ['stored', { isStored: true, content: ' '.repeat(1 << 20) }],
  ['packed', { content: randomBytes(1 << 20) }],
])('reads no more bytes of a %s zip entry than it declares', async (_, long) => {
  const file = await write(
    'x',
    zip([
      { name: 'a.json', says: 10, ...long },
      { name: 'b.json', content: '{}' },
    ]),
  );
  const { files, unreadable } = await readArchive(file, 'zip');
  expect(files.map(({ path: one }) => one)).toEqual(['b.json']);
  expect(unreadable).toEqual(['a.json: cannot be unpacked (it takes more bytes than it says)']);
});

it('reads only the required files of a zip too large for memory', async () => {
  const from = 3 * 2 ** 30;
  const file = path.join(folder, 'x.zip');
  const handle = await open(file, 'w');
  const small = { name: 'a.json', content: subnets('subnet-1') };
  const parts = zip([{ name: 'trace.pcap', says: from }, small], from);
  await handle.write(parts, 0, parts.length, from);
  await handle.close();
  await expect(readArchive(file, 'zip')).resolves.toMatchObject({
    files: [{ path: 'a.json', text: small.content }],
    unreadable: [],
    skipped: [expect.stringContaining('trace.pcap')],
  });
});

it('does not decompress a small gzip of endless zeros to its end', async () => {
  const zeros = Buffer.alloc(64 << 20);
  const limits = { files: 10, file: 1 << 20, total: 1 << 20 };
  const file = await write('x.gz', gzipSync(zeros));
  expect((await stat(file)).size).toBeLessThan(100_000);
  await expect(readArchive(file, 'gzip', textFilesOf(file, limits))).resolves.toMatchObject({
    files: [],
    unreadable: ['x.gz: is gzip that cannot be unpacked, or is larger than 1 MiB then'],
  });
  // A tar with a file of zeros whose header declares a huge length.
  zeros.write('a.json', 0);
  zeros.write('77777777777', 124);
  zeros.write('ustar', 257);
  const tar = await write('x.tar.gz', gzipSync(zeros));
  await expect(readArchive(tar, 'gzip', textFilesOf(tar, limits))).rejects.toThrow();
});

describe('nested archives', () => {
  it('are read under their names, and unreadable ones are named', async () => {
    const inner = gzipSync(await tar([{ name: './ipamd/enis.json', content: '{"ENIs":null}' }]));
    const own = await tar([
      { name: 'c/capture.json', content: MANIFEST },
      { name: 'c/a.json', content: subnets('subnet-9') },
    ]);
    const outer = await tar([
      { name: 'support/nodes.json', content: subnets('subnet-1') },
      { name: 'support/eks_i-0abc.tar.gz', content: inner },
      { name: 'support/more.zip', content: zip([{ name: 'b.json', content: subnets('subnet-2') }]) },
      { name: 'support/other.tar', content: own },
      { name: 'support/damaged.tar', content: own.subarray(0, 530) },
      { name: 'support/sos.tar.xz', content: 'x' },
    ]);
    const file = await write('x.tar', outer);
    const { files, unreadable } = await readArchive(file, 'tar');
    expect(files.map(({ path: one }) => one)).toEqual([
      'eks_i-0abc.tar.gz/ipamd/enis.json',
      'more.zip/b.json',
      'nodes.json',
    ]);
    expect(unreadable).toEqual([
      'support/damaged.tar: cannot be unpacked (it ends within a file)',
      'support/other.tar: is a capture of its own, which is not mixed with this one; give it alone',
      'support/sos.tar.xz: is packed in a way that is not read here; unpack it, or pack it as tar.gz or zip',
    ]);
  });

  it('are limited', async () => {
    const bomb = zip([{ name: 'a.json', content: ' '.repeat(8_000) }]);
    const file = await write('x.tar', await tar([{ name: 'a.zip', content: bomb }]));
    const limits = { files: 10, file: 9_000, total: 8_000 };
    await expect(readArchive(file, 'tar', textFilesOf(file, limits))).rejects.toThrow('holds more than');
    let nested: Buffer = Buffer.from(subnets('subnet-1'));
    for (let depth = 0; depth < 6; depth += 1)
      nested = zip([{ name: depth === 0 ? 'a.json' : 'a.zip', content: nested }]);
    const deep = await readArchive(await write('deep.zip', nested), 'zip');
    expect([deep.files, deep.unreadable]).toEqual([[], [expect.stringMatching(/too deep in archives/)]]);
  });
});

it('reads a single compressed file as that file', async () => {
  const file = await write('pods.json.gz', gzipSync('{"a":1}'));
  await expect(readArchive(file, 'gzip')).resolves.toMatchObject({ files: [{ path: 'pods.json', text: '{"a":1}' }] });
});

it.each(['{"a":1}', '', 'PK', 'kind: Pod\n'])('does not take %j for an archive', async (text) => {
  await expect(archiveType(await write('x', Buffer.from(text)))).resolves.toBeNull();
});
