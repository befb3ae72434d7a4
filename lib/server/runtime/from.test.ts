import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeFrom, formatFrom, resolveFrom, workingFolderOf, type From } from './from';
import { Problem } from './problem';

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-from-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (...parts: string[]): string => path.join(folder, ...parts);
const config = (current: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current,
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [
      { name: 'prod', context: { cluster: 'c', user: 'u' } },
      { name: 'arn:aws:eks:us-west-2:1:cluster/telco', context: { cluster: 'c', user: 'u' } },
      { name: 'nowhere', context: { cluster: 'missing', user: 'u' } },
      { name: 'both', context: { cluster: 'c', user: 'u' } },
    ],
  });
mkdirSync(at('home', '.kube'), { recursive: true });
mkdirSync(at('empty'));
mkdirSync(at('capture'));
mkdirSync(at('both'));
writeFileSync(at('home', '.kube', 'config'), config('prod'));
writeFileSync(at('without-current'), config(''));
writeFileSync(at('broken'), ': not: [yaml');
writeFileSync(at('snap.json'), '{}');
writeFileSync(at('enis.json'), '{\n  "NetworkInterfaces": []\n}');
writeFileSync(at('pods.yaml'), 'kind: PodList');
writeFileSync(at('posted.tar.gz'), '\x1f\x8b');
writeFileSync(at('shared'), '{"schema":"ifscope/topology/v1"}');

const resolve = (text: string | undefined, env: Record<string, string>): Promise<From> =>
  resolveFrom(text, { env, workingFolder: folder });
const home = { HOME: at('home') };
const none = { HOME: at('empty') };

describe('the source that --from selects', () => {
  it.each<[string, string | undefined, Record<string, string>, From]>([
    ['the current context without --from', undefined, home, { kind: 'context', context: 'prod' }],
    ['the current context for empty text', '', home, { kind: 'context', context: 'prod' }],
    ['the demo where there is no kubeconfig', undefined, none, { kind: 'demo', because: 'there is no kubeconfig' }],
    ['the demo when asked, whatever is configured', 'demo', home, { kind: 'demo', because: 'as requested' }],
    ['a context by name', 'prod', home, { kind: 'context', context: 'prod' }],
    [
      'a context whose name has slashes',
      'arn:aws:eks:us-west-2:1:cluster/telco',
      home,
      { kind: 'context', context: 'arn:aws:eks:us-west-2:1:cluster/telco' },
    ],
    ['a folder as a capture', 'capture', none, { kind: 'capture', folder: at('capture') }],
    ['a file as a snapshot', './snap.json', none, { kind: 'snapshot', file: at('snap.json') }],
    ['a file of answers as a capture', 'enis.json', none, { kind: 'capture', folder: at('enis.json') }],
    ['standard input as a capture', '-', none, { kind: 'capture', folder: '/dev/stdin' }],
    ['a YAML file as a capture', 'pods.yaml', none, { kind: 'capture', folder: at('pods.yaml') }],
    ['an archive as a capture', 'posted.tar.gz', none, { kind: 'capture', folder: at('posted.tar.gz') }],
    ['a snapshot of any name', './shared', none, { kind: 'snapshot', file: at('shared') }],
    ['a context before a folder of the same name', 'both', home, { kind: 'context', context: 'both' }],
    ['the folder when written as a path', './both', home, { kind: 'capture', folder: at('both') }],
    [
      'a file although the kubeconfig is broken',
      'snap.json',
      { KUBECONFIG: at('broken') },
      { kind: 'snapshot', file: at('snap.json') },
    ],
    [
      'an address is another ifscope',
      'https://map.example:8443/prod/',
      home,
      { kind: 'ifscope', url: 'https://map.example:8443/prod' },
    ],
    ['an address without a path', 'http://10.0.0.1:3000', none, { kind: 'ifscope', url: 'http://10.0.0.1:3000' }],
  ])('%s', async (_, text, env, from) => {
    expect(await resolve(text, env)).toEqual(from);
  });

  it('ignores in-cluster variables without a service account', async () => {
    expect(await resolve(undefined, { ...none, KUBERNETES_SERVICE_HOST: '10.0.0.1' })).toMatchObject({ kind: 'demo' });
  });
});

describe('an invalid value is one line with the value and the remedy', () => {
  it.each<[string, string | undefined, Record<string, string>, Problem['kind'], RegExp]>([
    ['an unknown context', 'stage', home, 'usage', /stage.*prod/],
    ['a context of a missing cluster', 'nowhere', home, 'usage', /nowhere.*missing/],
    ['no current context', undefined, { KUBECONFIG: at('without-current') }, 'usage', /no current context.*prod/],
    ['a broken kubeconfig', undefined, { KUBECONFIG: at('broken') }, 'runtime', /broken/],
    ['a context of a broken kubeconfig', 'prod', { KUBECONFIG: at('broken') }, 'runtime', /broken/],
    [
      'a missing file in KUBECONFIG: never falls back to the demo',
      undefined,
      { KUBECONFIG: at('gone') },
      'runtime',
      /gone/,
    ],
    ['a missing path', './gone.json', home, 'usage', /gone\.json.*no such file/],
    ['a name without a kubeconfig', 'prod', none, 'usage', /prod.*no kubeconfig/],
    ['an invalid address', 'http://', home, 'usage', /^--from http:\/\/: not an address$/],
    [
      'a token in an address, which is not repeated',
      'https://me:secret@map.example/?token=sesame',
      home,
      'usage',
      /^--from https:\/\/map\.example\/: .*IFSCOPE_FROM_TOKEN$/,
    ],
    ['in-cluster outside a cluster', 'in-cluster', home, 'usage', /service account/],
  ])('%s', async (_, text, env, kind, message) => {
    const problem = await resolve(text, env).then(
      () => null,
      (error: unknown) => error,
    );
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ kind, message: expect.stringMatching(message) as string });
    expect((problem as Problem).message).not.toContain('\n');
  });
});

it('is passed on as text with the same meaning everywhere', async () => {
  for (const text of ['demo', 'prod', 'capture', './snap.json', 'https://map.example/prod']) {
    const from = await resolve(text, home);
    expect(await resolveFrom(formatFrom(from), { env: home, workingFolder: '/' })).toEqual(from);
    expect(describeFrom(from)).not.toBe('');
  }
});

it('resolves relative paths from the user’s folder if npm changed the folder', () => {
  expect(workingFolderOf({ npm_lifecycle_event: 'ifscope', INIT_CWD: '/home/me' }, '/repo')).toBe('/home/me');
  expect(workingFolderOf({ npm_lifecycle_event: 'test', INIT_CWD: '/home/me' }, '/repo')).toBe('/repo');
  expect(workingFolderOf({}, '/repo')).toBe('/repo');
});
