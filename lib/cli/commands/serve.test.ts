/**
 * Settings of `serve`: precedence of flag, environment and file, what is printed, and the table in `docs/settings.md`.
 */
import { Command } from 'commander';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { settingsTable } from '../../../e2e/testing/settings-table';
import { settingsEnv, settingsOf } from '../common/settings';
import { addServe } from './serve';

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

function createServe(out: (text: string) => void = () => undefined): { program: Command; serve: Command } {
  const program = new Command('ifscope').exitOverride();
  const output = {
    out: (text: string) => {
      out(text);
      return Promise.resolve();
    },
    err: () => undefined,
  };
  addServe(program, { output, end: () => undefined });
  const serve = program.commands.find((command) => command.name() === 'serve');
  if (serve === undefined) throw new Error('there is no serve');
  return { program, serve };
}

const fileOf = (content: string): string => {
  const file = path.join(folder, 'ifscope.yaml');
  writeFileSync(file, content);
  return file;
};

async function printed(args: readonly string[]): Promise<string> {
  let said = '';
  const { program } = createServe((text) => (said += text));
  await program.parseAsync(['serve', '--print-config', ...args], { from: 'user' });
  return said;
}

describe('--print-config', () => {
  it('prints the effective values and their origins: flag, environment, file, default', async () => {
    vi.stubEnv('PORT', '8080');
    vi.stubEnv('IFSCOPE_LOG_LEVEL', 'error');
    const file = fileOf('port: 9090\nlogLevel: info\nlogFormat: json\nallowHost: [a.corp, b.corp]\nhost: 127.0.0.2\n');
    const said = await printed(['--config', file, '--port', '7070']);
    expect(said).toMatch(/^port: 7070 # --port$/m);
    expect(said).toMatch(/^logLevel: error # IFSCOPE_LOG_LEVEL$/m);
    expect(said).toMatch(/^logFormat: json # --config /m);
    expect(said).toMatch(/^allowHost: \[ ?a\.corp, b\.corp ?\] # --config /m);
    expect(said).toMatch(/^host: 127\.0\.0\.2 # --config /m);
    expect(said).toMatch(/^ec2: on # default$/m);
    expect(said).toMatch(/^# from is not set$/m);
  });
  it('prints no secret', async () => {
    vi.stubEnv('IFSCOPE_FROM_TOKEN', 'hush-hush');
    const said = await printed(['--config', fileOf('token: hush-too')]);
    expect(said).not.toMatch(/hush/);
    expect(said).toMatch(/^# token is set by --config/m);
    expect(said).toMatch(/^# fromToken is set by IFSCOPE_FROM_TOKEN/m);
  });
  it('prints a file with the same meaning', async () => {
    const first = await printed([
      '--port',
      '7070',
      '--allow-host',
      'a.corp',
      '--ec2',
      'off',
      '--ec2-poll-seconds',
      '60',
    ]);
    const second = await printed(['--config', fileOf(first)]);
    const values = (text: string): string => text.replaceAll(/ # .*/g, '');
    expect(values(second)).toBe(values(first));
  });
});

describe('an invalid file is rejected with the value and the remedy', () => {
  it.each([
    ['prot: 3000', /unknown setting prot; did you mean port\?/],
    ['colour: red', /unknown setting colour; the settings are: from, host, port/],
    ['port: many', /port: many is not valid/],
    ['ec2: maybe', /ec2: maybe is not valid: Allowed choices are on, off/],
    ['port: [1]', /port: give a text or a number, this is \[1\]/],
    ['allowHost: [1]', /allowHost: give texts/],
    ['ec2: [on]', /ec2: give on or off, this is \["on"\]/],
    ['trustedProxy: "no"', /trustedProxy: no is not valid: Allowed choices are on, off/],
    ['- port', /give settings as NAME: VALUE/],
    ['port: "', /--config .*ifscope\.yaml/],
  ])('%s', async (content, said) => {
    await expect(printed(['--config', fileOf(content)])).rejects.toThrow(said);
  });
  it('is missing', async () => {
    await expect(printed(['--config', path.join(folder, 'missing.yaml')])).rejects.toThrow(/missing\.yaml/);
  });
});

describe('a trusted proxy', () => {
  it.each([
    ['by a flag', ['--trusted-proxy'], '', 'on'],
    ['by the environment', [], 'on', 'on'],
    ['disabled by the environment', [], 'off', 'off'],
    ['by a file, as before', ['--config', 'trustedProxy: true'], '', 'on'],
    ['disabled by a file', ['--config', 'trustedProxy: false'], '', 'off'],
    ['disabled by default', [], '', 'off'],
  ])('%s', async (_, args, variable, expected) => {
    if (variable !== '') vi.stubEnv('IFSCOPE_TRUSTED_PROXY', variable);
    const [flag = '', content] = args;
    const said = await printed(content === undefined ? args : [flag, fileOf(content)]);
    expect(said).toMatch(new RegExp(`^trustedProxy: ${expected} #`, 'm'));
  });
  it('does not accept "yes"', async () => {
    vi.stubEnv('IFSCOPE_TRUSTED_PROXY', 'yes');
    await expect(printed([])).rejects.toThrow(/'yes' from env 'IFSCOPE_TRUSTED_PROXY' is invalid. Allowed .* on, off/);
  });
});

it('has each setting as flag, environment variable and entry', () => {
  for (const setting of settingsOf(createServe().serve)) {
    expect(setting.long).toMatch(/^--/);
    expect(setting.envVar, setting.long).toBeDefined();
  }
});

it('passes every setting to the server in its environment', () => {
  const { serve } = createServe();
  const env = settingsEnv(serve);
  serve.setOptionValue('allowHost', ['a', 'b']);
  expect(env).toMatchObject({ HOST: '127.0.0.1', PORT: '3000', IFSCOPE_TOKEN: '', IFSCOPE_EC2: 'on' });
  expect(settingsEnv(serve)).toMatchObject({ IFSCOPE_ALLOWED_HOSTS: 'a,b' });
});

it('parses a list in the environment as it formats it', async () => {
  vi.stubEnv('IFSCOPE_ALLOWED_HOSTS', 'a.corp, b.corp');
  expect(await printed([])).toMatch(/^allowHost: \[ ?a\.corp, b\.corp ?\] # IFSCOPE_ALLOWED_HOSTS$/m);
});

/** `vitest run lib/cli/commands/serve.test.ts --update` rewrites the page. */
it('has its settings in docs/settings.md', async () => {
  const file = path.join(import.meta.dirname, '../../../docs/settings.md');
  const head = readFileSync(file, 'utf8').split('\n| flag')[0] ?? '';
  const page = `${head}\n${settingsTable(createServe().serve)}\n`;
  const written = await format(page, { ...(await resolveConfig(file)), filepath: file });
  await expect(written).toMatchFileSnapshot(file);
});
