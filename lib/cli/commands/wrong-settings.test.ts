/**
 * Invalid values of every setting of `serve`, as flag, environment variable and entry of a file: each ends the command
 * with exit code 2 and one line with the value and the remedy.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Option } from 'commander';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { settingsOf } from '../common/settings';
import { main } from '../main';
import { createProgram } from '../program';

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-wrong-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const serve = createProgram({
  output: { out: () => Promise.resolve(), err: () => undefined },
  end: () => undefined,
}).commands.find((command) => command.name() === 'serve');
const SETTINGS = serve === undefined ? [] : settingsOf(serve);

/** A setting that requires others. */
const PROXY = ['--auth', 'proxy', '--proxy-from', '10.0.0.7'];
const OIDC = [
  '--auth',
  'oidc',
  '--oidc-issuer',
  'https://login.corp',
  '--oidc-client-id',
  'map',
  '--url',
  'https://a.b',
];

interface Setting {
  /** Invalid values; null if every text may be valid. */
  readonly wrong: readonly string[] | null;
  /** Two valid values. */
  readonly right: readonly [string, string];
  readonly beside?: readonly string[];
  /** Detected when the server is about to start, so `--print-config` does not report it. */
  readonly late?: true;
}

const switched: Setting = { wrong: ['maybe', '1', 'ON'], right: ['on', 'off'] };
const header: Setting = { wrong: ['X User', 'x:y', 'é'], right: ['x-a', 'x-b'], beside: PROXY };
const address = {
  wrong: ['login.corp', 'http://login.corp', 'ftp://login.corp'],
  right: ['https://a.b', 'https://c.d'],
} as const;
const text = (beside: readonly string[] = []): Setting => ({ wrong: null, right: ['some', 'other'], beside });

const TABLE: Readonly<Record<string, Setting>> = {
  from: {
    wrong: ['./gone.json', 'prod', 'https://u:p@a.b/', 'https://a.b/?token=x'],
    right: ['demo', 'in-cluster'],
    late: true,
  },
  host: { wrong: ['192.0.2.1'], right: ['127.0.0.1', '::1'], beside: ['--token', 'x'], late: true },
  port: { wrong: ['many', '-1', '65536', '99999999999', '1.5', '0x50'], right: ['80', '81'] },
  basePath: { wrong: ['map', '/a b', '/../etc', '/map#x'], right: ['/a', '/b'] },
  auth: { wrong: ['basic', 'TOKEN', 'token,oidc'], right: ['none', 'token'] },
  token: text(),
  rights: { wrong: ['nowhere'], right: ['all', 'in-cluster'], beside: PROXY, late: true },
  proxyFrom: {
    wrong: ['proxy.corp', '10.0.0.0/33', '0.0.0.0/0', '::/0', '10.0.0'],
    right: ['10.0.0.7', '::1'],
    beside: ['--auth', 'proxy'],
  },
  proxyUserHeader: header,
  proxyGroupsHeader: header,
  url: { ...address, beside: OIDC.slice(0, 6) },
  oidcIssuer: { ...address, beside: ['--auth', 'oidc', ...OIDC.slice(4)] },
  oidcClientId: text(OIDC),
  oidcClientSecret: text(OIDC),
  oidcScopes: { wrong: ['email', 'open id'], right: ['openid', 'openid email'], beside: OIDC },
  oidcUserClaim: text(OIDC),
  oidcGroupsClaim: text(OIDC),
  oidcUserPrefix: text(OIDC),
  oidcGroupsPrefix: text(OIDC),
  sessionSecret: { wrong: ['hush'], right: ['x'.repeat(32), 'y'.repeat(32)], beside: OIDC },
  sessionMinutes: { wrong: ['0', '481', '1.5', 'long'], right: ['20', '30'], beside: OIDC },
  trustedProxy: switched,
  allowHost: { wrong: ['https://a.corp', 'a.corp:80', 'a.corp/map', '*'], right: ['a.corp', 'b.corp'] },
  namespaces: { wrong: ['Shop', 'a/b', '-a', 'x'.repeat(64)], right: ['shop', 'bank'] },
  fromToken: text(),
  ec2: switched,
  ec2PollSeconds: { wrong: ['0', '-5', 'often', '1e9', '90000', '30s'], right: ['30', '60'] },
  ec2GapSeconds: { wrong: ['-1', 'soon', '90000', 'Infinity'], right: ['0', '1'] },
  awsNode: switched,
  logLevel: { wrong: ['trace', 'DEBUG', '1'], right: ['info', 'warn'] },
  logFormat: { wrong: ['xml', 'JSON'], right: ['json', 'text'] },
};

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: readonly string[];
}

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  for (const { envVar } of SETTINGS) if (envVar !== undefined) vi.stubEnv(envVar, undefined);
  vi.stubEnv('HOME', folder);
  vi.stubEnv('KUBECONFIG', undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const err: string[] = [];
  let out = '';
  const code = await main(args, {
    out: (said) => {
      out += said;
      return Promise.resolve();
    },
    err: (line) => err.push(line),
  });
  return { code, out, err };
}

let files = 0;
/** A file with one setting. */
function fileWith(name: string, value: string): string {
  const file = path.join(folder, `${files++}.yaml`);
  writeFileSync(file, `${name}: ${JSON.stringify(value)}\n`);
  return file;
}

/** The three places of a setting, each with its name in error messages. */
const placesOf = (option: Option, value: string) => {
  const name = option.attributeName();
  const [flag, variable] = [option.long ?? '', option.envVar ?? ''];
  return [
    { label: flag, args: [flag, value], env: {} },
    { label: variable, args: [], env: { [variable]: value } },
    { label: name, args: ['--config', fileWith(name, value)], env: {} },
  ];
};

const settingOf = (option: Option): Setting => TABLE[option.attributeName()] ?? text();
const isSecret = (option: Option): boolean => /token$|secret$/i.test(option.attributeName());
const around = ({ beside = [], late }: Setting): readonly string[] => [...beside, ...(late ? [] : ['--print-config'])];

/** Expects one line that names the setting, in one of its places, and the value. */
function expectRefusal({ code, out, err }: Ended, option: Option, value: string): void {
  expect([code, out, err]).toEqual([2, '', [expect.stringMatching(/^ifscope: [^\n]+$/)]]);
  const [line = ''] = err;
  const names = [option.long, option.envVar, `: ${option.attributeName()}`];
  expect(names.some((name) => name !== undefined && line.includes(name))).toBe(true);
  // Possible secrets are not repeated: of a URL, the user part and the query are left out.
  const shown = value.replace(/\/\/[^/]*@/, '//').replace(/\?.*/, '');
  expect(line).toContain(isSecret(option) ? '' : shown);
  if (value !== '' && (isSecret(option) || shown !== value)) expect(line).not.toContain(value);
}

it('knows every setting', () => {
  expect(Object.keys(TABLE).sort()).toEqual(SETTINGS.map((option) => option.attributeName()).sort());
});

describe.each(SETTINGS.map((option) => [option.attributeName(), option] as const))('%s', (name, option) => {
  const setting = settingOf(option);

  it.each(setting.wrong ?? [])('is not %j', async (value) => {
    for (const { args, env } of placesOf(option, value))
      expectRefusal(await run(['serve', ...around(setting), ...args], env), option, value);
  });

  it.skipIf(name === 'basePath')('is not empty', async () => {
    const own = around(setting).filter((word, at, all) => word !== option.long && all[at - 1] !== option.long);
    for (const { args, env, label } of placesOf(option, '')) {
      const ended = await run(['serve', ...own, ...args], env);
      expectRefusal(ended, option, '');
      expect(ended.err[0]).toContain(label);
    }
  });

  it.skipIf(option.variadic)('is not accepted twice', async () => {
    const [first, second] = setting.right;
    const { long = '' } = option;
    const ended = await run(['serve', '--print-config', long, first, long, second]);
    expectRefusal(ended, option, second);
    expect(ended.err[0]).toContain('twice');
  });
});

describe('settings that contradict each other', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['a token with sign-in disabled', ['--auth', 'none', '--token', 'x'], /--auth none does not go with --token/],
    ['token sign-in without a token', ['--auth', 'token'], /--auth token: give the token with --token/],
    ['proxy sign-in without trusted addresses', ['--auth', 'proxy'], /--proxy-from/],
    [
      'a trusted proxy without proxy sign-in',
      ['--token', 'x', '--proxy-from', '10.0.0.7'],
      /--proxy-from does nothing/,
    ],
    ['a public URL without sign-in', ['--token', 'x', '--url', 'https://a.b'], /--url does nothing/],
    [
      'per-visitor permissions without visitors',
      ['--token', 'x', '--rights', 'all'],
      /--rights does nothing with --auth token/,
    ],
    [
      'one header for two purposes',
      [...PROXY, '--proxy-groups-header', 'X-Forwarded-User'],
      /x-forwarded-user.*--proxy-user-header/,
    ],
    ['two paths', [...OIDC, '--base-path', '/map'], /--url https:\/\/a\.b: its path .*"\/map"/],
    [
      'two paths the other way',
      ['--auth', 'oidc', ...OIDC.slice(2, 6), '--url', 'https://a.b/map'],
      /--base-path \/map/,
    ],
    ['0.0.0.0 without sign-in', ['--host', '0.0.0.0'], /--host 0\.0\.0\.0.*--token/],
  ])('%s', async (_, args, said) => {
    const { code, out, err } = await run(['serve', '--print-config', ...args]);
    expect([code, out, err]).toEqual([2, '', [expect.stringMatching(said)]]);
  });
});

it('valid values are printed', async () => {
  for (const option of SETTINGS) {
    const setting = settingOf(option);
    const { long = '' } = option;
    const own = (setting.beside ?? []).includes(long) ? [] : [long, setting.right[0]];
    const { code, err } = await run(['serve', '--print-config', ...(setting.beside ?? []), ...own]);
    expect([long, code, err]).toEqual([long, 0, []]);
  }
});
