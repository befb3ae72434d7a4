/** `kubectl ifscope`: installed by npm, and from the manifest as Krew does it. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import rootPackage from '../../package.json' with { type: 'json' };

import { canBuildKrew, findKrew } from './krew';
import { skipped } from '../testing/skipped';

const ROOT = path.resolve(import.meta.dirname, '..', '..');

interface Manifest {
  readonly spec: {
    readonly version: string;
    readonly shortDescription: string;
    readonly platforms: readonly {
      readonly selector: { readonly matchLabels: { readonly os: string; readonly arch: string } };
      readonly uri: string;
      readonly sha256: string;
      readonly files: readonly { readonly from: string; readonly to: string }[];
      readonly bin: string;
    }[];
  };
}

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-krew-'));
const installed = inject('installed');
let manifest: Manifest;
let kubeconfig = '';
let manifestText = '';
beforeAll(() => {
  const made = spawnSync(process.execPath, ['--import', 'tsx', 'deploy/package/krew.ts', installed.archive], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect([made.status, made.stderr]).toEqual([0, '']);
  manifestText = made.stdout;
  manifest = parse(manifestText) as Manifest;
  kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = { name: 'far', cluster: { server: 'http://127.0.0.1:9' } };
  const contexts = ['prod', 'staging'].map((name) => ({ name, context: { cluster: 'far', user: '' } }));
  writeFileSync(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [cluster], contexts }));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(bin: string, args: readonly string[], searched = `${path.dirname(process.execPath)}:/usr/bin:/bin`) {
  const env = { PATH: searched, HOME: folder, NODE_ENV: 'production' } as const;
  const { status, stdout, stderr } = spawnSync(bin, args, { encoding: 'utf8', env, cwd: folder });
  return { status, out: stdout.trim(), err: stderr.trim() };
}

/**
 * Installs as Krew does: verifies and unpacks the archive, copies files from it, and creates a link to `bin` in a
 * folder of the PATH.
 */
function asKrew(platform: Manifest['spec']['platforms'][number]): string {
  const { os, arch } = platform.selector.matchLabels;
  const place = path.join(folder, `${os}-${arch}`);
  const [unpacked, store, bin] = ['unpacked', 'store', 'bin'].map((name) => path.join(place, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [unpacked, store, bin]) mkdirSync(each, { recursive: true });
  expect(createHash('sha256').update(readFileSync(installed.archive)).digest('hex')).toBe(platform.sha256);
  expect(spawnSync('tar', ['-xzf', installed.archive, '-C', unpacked]).status).toBe(0);
  for (const { from, to } of platform.files)
    cpSync(path.join(unpacked, from.replace(/\/\*$/, '')), path.join(store, to), { recursive: true });
  const link = path.join(bin, 'kubectl-ifscope');
  symlinkSync(path.join(store, platform.bin), link);
  return link;
}

const krew = findKrew();

it.skipIf(skipped('the manifest with Krew itself', typeof krew === 'string' ? null : krew.missing, canBuildKrew()))(
  'can be installed by Krew',
  () => {
    const file = path.join(folder, 'ifscope.yaml');
    writeFileSync(file, manifestText);
    const root = path.join(folder, 'krew');
    const env = {
      PATH: `${path.join(root, 'bin')}:${path.dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: folder,
      KREW_ROOT: root,
      KREW_NO_UPGRADE_CHECK: '1',
      NODE_ENV: 'production',
    } as const;
    const program = typeof krew === 'string' ? krew : '';
    const args = ['install', `--manifest=${file}`, `--archive=${installed.archive}`];
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', env, cwd: folder });
    expect([status, stderr]).toEqual([0, expect.stringContaining('Installed plugin: ifscope') as string]);
    expect(stderr).toContain('Needs Node 22.19 or later');
    const bin = path.join(root, 'bin', 'kubectl-ifscope');
    expect(run(bin, ['--version'])).toEqual({ status: 0, out: rootPackage.version, err: '' });
    expect(run(bin, ['snapshot', '--kubeconfig', kubeconfig, '--context', 'nowhere']).err).toMatch(/unknown context/);
  },
);

it('has a manifest that Krew accepts', () => {
  const { version, shortDescription, platforms } = manifest.spec;
  expect(version).toBe(`v${rootPackage.version}`);
  expect(shortDescription.length).toBeLessThanOrEqual(50);
  expect(shortDescription).not.toMatch(/\.$/);
  expect(platforms).toHaveLength(4);
  for (const { uri } of platforms)
    expect(uri).toBe(`https://registry.npmjs.org/ifscope/-/ifscope-${rootPackage.version}.tgz`);
});

describe.each([
  ['by npm', () => path.join(path.dirname(installed.command), 'kubectl-ifscope')],
  ['by Krew', () => asKrew(manifest.spec.platforms[0] as Manifest['spec']['platforms'][number])],
])('installed %s', (_, place) => {
  let bin = '';
  beforeAll(() => (bin = place()));

  it('is the same program', () => {
    expect(run(bin, ['--version'])).toEqual({ status: 0, out: rootPackage.version, err: '' });
    expect(run(bin, ['lookup', '10.0.0.1', '--from', 'demo']).out).toMatch(/^10\.0\.0\.1 · /);
  });

  it.each([
    ['--kubeconfig FILE --context NAME', (file: string) => ['--kubeconfig', file, '--context', 'nowhere']],
    ['--kubeconfig=FILE --context=NAME', (file: string) => [`--kubeconfig=${file}`, '--context=nowhere']],
  ])('accepts %s', (_name, flags) => {
    const { status, err } = run(bin, ['snapshot', ...flags(kubeconfig)]);
    expect(err).toMatch(/--from nowhere: unknown context \(there are: prod, staging\)/);
    expect(status).toBe(2);
  });

  it.each([['-n', 'No'], ['-nNo'], ['-n=No'], ['--namespace', 'No'], ['--namespace=No']])(
    'reads only the namespace of %s',
    (...flags) => {
      const { status, err } = run(bin, ['list', 'pod', '--from', 'demo', ...flags]);
      expect([status, err]).toEqual([
        2,
        expect.stringContaining('--namespaces No: not the name of a namespace') as string,
      ]);
    },
  );

  it('leaves the namespace of explain to explain', () => {
    const { status, err } = run(bin, ['explain', '-n', 'kube-system', 'pod', 'no-such-pod', '--from', 'demo']);
    expect([status, err]).toEqual([1, expect.stringContaining('no such pod: kube-system/no-such-pod') as string]);
  });

  it('preserves arguments that contain spaces', () => {
    expect(run(bin, ['list', 'node room:0 what is this', '--from', 'demo']).err).not.toMatch(/too many arguments/);
  });

  it('reports what is missing', () => {
    for (const flags of [['--kubeconfig'], ['--kubeconfig='], ['--kubeconfig', '']])
      expect(run(bin, ['snapshot', ...flags])).toMatchObject({
        status: 2,
        err: expect.stringContaining('names no file') as string,
      });
    for (const flags of [['-n'], ['--namespace'], ['--namespace='], ['-n', '']])
      expect(run(bin, ['snapshot', ...flags])).toMatchObject({
        status: 2,
        err: expect.stringContaining('names no namespace') as string,
      });
    expect(run(bin, ['snapshot', '--context', '']).err).toMatch(/--from "" is empty/);
    const without = run('/bin/sh', [bin, '--version'], '/nowhere');
    expect(without).toMatchObject({ status: 1, err: expect.stringContaining('needs Node 22.19') as string });
  });
});
