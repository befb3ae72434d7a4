import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Batch } from '../../../model/observation';
import { stringifyTopology, toTopology } from '../../../snapshot/encode';
import { CLUSTER, TAKEN_AT, sampleRecords } from '../../../../e2e/testing/capture-cluster';
import { readCaptureFolder } from './capture-source';
import { readSnapshotFile } from './snapshot-source';
import { createCaptureSource } from './source';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ifscope-files-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = async (name: string, content: string): Promise<string> => {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
};
const subnets = (id: string): string => JSON.stringify({ Subnets: [{ SubnetId: id }] });

describe('a folder from a user', () => {
  it('is read as deep as must-gather and sosreport are nested', async () => {
    await write('must-gather.local.1/image-sha256/namespaces/shop/core/x/pods/a/a.json', subnets('subnet-1'));
    const capture = await readCaptureFolder(folder);
    expect(JSON.stringify(capture.batches)).toContain('subnet-1');
  });

  it('that is an archive of an unsupported format is rejected with the format and the remedy', async () => {
    await expect(readCaptureFolder(await write('sos.tar.xz', 'x'))).rejects.toThrow(/is packed in a way[^]*unpack it/);
  });

  it('that is a single file is read, whatever its extension, and through a link', async () => {
    const file = await write('elsewhere/x.log', subnets('subnet-2'));
    await symlink(file, path.join(folder, 'link.txt'));
    expect(JSON.stringify((await readCaptureFolder(path.join(folder, 'link.txt'))).batches)).toContain('subnet-2');

    const capture = await readCaptureFolder(await write('posted.md', `\`\`\`json\n${subnets('subnet-1')}\n\`\`\`\n`));
    expect(JSON.stringify(capture.batches)).toContain('subnet-1');
  });
});

describe('a folder with Markdown', () => {
  it('reads the answers in a post, and ignores notes without answers', async () => {
    await write('capture.json', '{"takenAt":"2026-09-01T12:00:00Z"}');
    await write('README.md', '# Situation\n\nkind: a note\n\n- item: [\n');
    await write('post.md', `The subnets are:\n\n\`\`\`json\n${subnets('subnet-1')}\n\`\`\`\n\nThanks!\n`);
    await write('shot.png', 'x');
    const capture = await readCaptureFolder(folder);
    expect(JSON.stringify(capture.batches)).toContain('subnet-1');
    expect(JSON.stringify(capture.batches)).not.toContain('capture/files');
    expect(capture.problems.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'README.md',
      // What stands around the fence.
      'post.md',
      'post.md',
      'shot.png',
    ]);
  });
});

describe('a capture folder', () => {
  it('is read with its subfolders, and unrelated files are named', async () => {
    await write('capture.json', '{"takenAt":"2026-09-01T12:00:00Z"}');
    await write('ec2/a.json', subnets('subnet-1'));
    await write('ec2/b.json', '{');
    await write('notes.md', 'x');
    await write('.git/config.json', '{');
    await symlink(path.join(folder, 'nowhere'), path.join(folder, 'ec2', 'broken.json'));
    const capture = await readCaptureFolder(folder);
    expect(capture.takenAt).toBe('2026-09-01T12:00:00Z');
    expect(capture.problems).toEqual([
      'ec2/broken.json: no such file or folder',
      expect.stringMatching(/^ec2\/b\.json:1: ends too early/),
      'notes.md: is text, not an API answer',
    ]);
  });

  it('skips devices and folders in place of files without blocking', async () => {
    await write('ec2/a.json', subnets('subnet-1'));
    await symlink('/dev/zero', path.join(folder, 'ec2', 'zero.json'));
    await symlink('.', path.join(folder, 'ec2', 'loop.json'));
    const capture = await readCaptureFolder(folder);
    expect(capture.problems).toEqual(
      expect.arrayContaining(['loop', 'zero'].map((name) => `ec2/${name}.json: is not a regular file`)),
    );
  });

  it('follows links within it, but not out of it', async () => {
    await write('ec2/a.json', subnets('subnet-1'));
    const outside = await mkdtemp(path.join(tmpdir(), 'ifscope-outside-'));
    await writeFile(path.join(outside, 'b.json'), subnets('subnet-2'));
    await symlink(path.join(outside, 'b.json'), path.join(folder, 'b.json'));
    await symlink('ec2/a.json', path.join(folder, 'c.json'));
    const capture = await readCaptureFolder(folder);
    await rm(outside, { recursive: true });
    expect(capture.problems[0]).toBe('b.json: is a link out of the folder, which is not followed');
    expect(capture.problems.join(' ')).not.toContain('c.json');
    expect(JSON.stringify(capture.batches)).not.toContain('subnet-2');
  });

  it('shows unreadable files as a source of its own', async () => {
    await write('capture.json', '{"takenAt":"2026-09-01T12:00:00Z"}');
    await write('a.json', subnets('subnet-1'));
    const states = async () =>
      (await readCaptureFolder(folder)).batches
        .flatMap(({ observations }) => observations)
        .flatMap((one) => (one.op === 'status' && one.source.id === 'capture/files' ? [one.source] : []));
    await expect(states()).resolves.toEqual([]);
    await write('b.json', '{\n  "a": oops\n}');
    await expect(states()).resolves.toEqual([
      {
        id: 'capture/files',
        state: 'failing',
        asOf: '2026-09-01T12:00:00Z',
        reason: expect.stringMatching(/^Not read in full: b\.json:2: is not valid JSON\.$/) as unknown,
      },
    ]);
  });

  it('may be a single file of any name and format', async () => {
    const capture = await readCaptureFolder(await write('posted', 'Subnets:\n- SubnetId: subnet-1\n'));
    expect(JSON.stringify(capture.batches)).toContain('subnet-1');
  });

  it('is sent once, as one batch, by a source that names its records beforehand', async () => {
    await write('ec2/a.json', subnets('subnet-1'));
    const source = createCaptureSource(await readCaptureFolder(folder));
    const batches: Batch[] = [];
    source.start((batch) => batches.push(batch));
    await source.stop();
    expect(batches).toHaveLength(1);
    const reported = batches[0]?.observations.flatMap((one) => (one.op === 'status' ? [one.source.id] : []));
    expect(source.ids).toEqual(reported);
    expect(source.ids).toContain('ec2/subnets');
  });

  it.each([
    ['missing', 'no such file or folder; give a folder or archive'],
    ['empty', 'holds no capture (no JSON, YAML or metrics text in it); make one with'],
    ['file', 'holds nothing that can be read (file: is empty); make one with'],
    ['broken', 'holds nothing that can be read (core.json:1: ends too early; take it again'],
    ['strange', 'holds nothing that can be read (package.json: '],
  ])('that is %s is reported in one line with its path and the remedy', async (name, message) => {
    await mkdir(path.join(folder, 'empty'));
    await write('file', '');
    await write('broken/core.json', '{');
    await write('strange/package.json', '{"name":"x"}');
    const reading = readCaptureFolder(path.join(folder, name));
    await expect(reading).rejects.toThrow(`${path.join(folder, name)}: ${message}`);
    await expect(reading).rejects.toSatisfy((error) => error instanceof Error && !error.message.includes('\n'));
  });
});

describe('a snapshot file', () => {
  it('gives its record set', async () => {
    const topology = toTopology(sampleRecords(1, 2), CLUSTER, TAKEN_AT);
    const file = await write('a.json', stringifyTopology(topology));
    await expect(readSnapshotFile(file)).resolves.toEqual(topology);
  });

  it.each([
    ['missing.json', 'no such file or folder'],
    ['.', 'is a folder'],
    ['bad.json', 'not valid JSON'],
    ['newer.json', 'written by a newer ifscope'],
  ])('%s: reported in one line with its path and the remedy', async (name, message) => {
    await write('bad.json', '{');
    await write('newer.json', '{"schema":"ifscope/topology/v99"}');
    const file = path.join(folder, name);
    await expect(readSnapshotFile(file)).rejects.toThrow(`${file}: ${message}`);
    await expect(readSnapshotFile(file)).rejects.toThrow('; give a file that `ifscope snapshot -o FILE` wrote');
  });
});
