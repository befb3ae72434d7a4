/**
 * Output files: a file that cannot be written is reported in one line, if possible before anything is read, and no
 * incomplete file is left behind.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../main';
import { fillFolder } from './files';

const COMMAND = new URL('../ifscope.mjs', import.meta.url).pathname;
const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-files-'));
const at = (name: string): string => path.join(folder, name);

beforeAll(() => {
  mkdirSync(at('folder'));
  writeFileSync(at('file'), 'mine');
  execFileSync('mkfifo', [at('pipe')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: readonly string[], stdout: 'pipe' | number = 'pipe') {
  const env = { PATH: process.env.PATH, HOME: folder, NODE_ENV: 'test', NODE_NO_WARNINGS: '1' } as const;
  const child = spawn(process.execPath, [COMMAND, ...args, '--from', 'demo'], {
    cwd: folder,
    env,
    stdio: ['ignore', stdout, 'pipe'],
  });
  const [out, err] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: child.exitCode, out, err };
}

describe('a path that cannot be written to', () => {
  it.each<[string, 1 | 2, RegExp]>([
    ['capture -o /proc/x', 1, /\/proc\/x .*no such file or directory/],
    ['capture -o /proc/x/y', 1, /\/proc\/x\/y .*no such file or directory/],
    ['capture -o /dev/full', 1, /\/dev\/full .*not a directory/],
    ['capture -o file', 1, /file .*not a directory/],
    ['capture -o file/below', 1, /file\/below .*not a directory/],
    ['capture -o pipe', 1, /pipe .*not a directory/],
    ['capture -o .', 2, /not empty/],
    ['snapshot -o /proc/x', 1, /\/proc\/x .*no such file or directory/],
    ['snapshot -o gone/snap.json', 1, /gone.*no such file or directory/],
    ['snapshot -o file/below.json', 1, /below\.json .*not a directory/],
    ['snapshot -o folder', 2, /folder: .*name a file/],
    ['snapshot -o /dev/full', 1, /\/dev\/full .*no space left/],
  ])(
    '%s',
    async (line, code, said) => {
      const [command = '', flag = '', place = ''] = line.split(' ');
      const err: string[] = [];
      const output = { out: () => Promise.reject(new Error('printed')), err: (text: string) => err.push(text) };
      expect(await main([command, flag, path.resolve(folder, place), '--from', 'demo'], output)).toBe(code);
      expect(err).toEqual([expect.stringMatching(/^ifscope: [^\n]*-o[^\n]*$/)]);
      expect(err[0]).toMatch(said);
    },
    60_000,
  );

  it('is standard output', async () => {
    const { code, err } = await run(['check', '--fail-on', 'never'], openSync('/dev/full', 'w'));
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^ifscope: cannot write to standard output .*no space left.*\n$/),
    ]);
  }, 60_000);
});

it('an existing file is not lost if it cannot be written', () => {
  expect(readFileSync(at('file'), 'utf8')).toBe('mine');
  expect(readdirSync(folder).sort()).toEqual(['file', 'folder', 'pipe']);
});

it('a pipe is written to its reader', async () => {
  const reader = spawn('cat', [at('pipe')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [read, ended] = await Promise.all([text(reader.stdout), run(['snapshot', '-o', 'pipe'])]);
  expect(ended).toEqual({ code: 0, out: '', err: '' });
  expect(JSON.parse(read)).toMatchObject({ schema: expect.stringContaining('topology') as string });
}, 60_000);

it('a folder contains all files or none', async () => {
  const full = at('half');
  mkdirSync(full);
  symlinkSync('/dev/full', path.join(full, 'b'));
  const files = new Map([
    ['a', 'a'],
    ['c/d', 'd'],
    ['b', 'b'],
  ]);
  await expect(fillFolder(full, files)).rejects.toThrow(/cannot write to .*half \(no space left on device.*-o$/);
  expect(readdirSync(full)).toEqual([]);
  expect(existsSync('/dev/full')).toBe(true);
});
