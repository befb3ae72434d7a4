/** Environment variables that are not settings, and those that only look like misspelt settings. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../program';
import { OTHER_VARIABLES, checkVariables } from './variables';

const program = createProgram({
  output: { out: () => Promise.resolve(), err: () => undefined },
  end: () => undefined,
});
const check = (name: string, value = 'x'): string[] => {
  const warned: string[] = [];
  checkVariables(program, { [name]: value }, (line) => warned.push(line));
  return warned;
};
const refuse =
  (name: string, value = 'x') =>
  (): unknown =>
    check(name, value);

it('a variable that resembles no setting is ignored, and reported without its value', () =>
  expect(check('IFSCOPE_SOMETHING_ELSE', 'hush')).toEqual([
    'ifscope: the environment has IFSCOPE_SOMETHING_ELSE, which is not a setting; it is ignored',
  ]));

it('every variable that an option reads is known', () => {
  const read = program.commands.flatMap(({ options }) => options.flatMap(({ envVar }) => envVar ?? []));
  expect(read).toContain('IFSCOPE_CONFIG');
  for (const name of read) expect([name, check(name)]).toEqual([name, []]);
});

describe('a misspelt variable is rejected', () => {
  it.each([
    ['IFSCOPE_NAMESPACE', 'did you mean IFSCOPE_NAMESPACES?'],
    ['IFSCOPE_NAMESPCAES', 'did you mean IFSCOPE_NAMESPACES?'],
    ['IFSCOPE_CONFIGS', 'did you mean IFSCOPE_CONFIG?'],
    ['IFSCOPE_AUHT', 'did you mean IFSCOPE_AUTH?'],
    ['IFSCOPE_OIDC_CLIENTID', 'did you mean IFSCOPE_OIDC_CLIENT_ID?'],
    ['IFSCOPE_PROXY_GROUP_HEADER', 'did you mean IFSCOPE_PROXY_GROUPS_HEADER?'],
    ['ifscope_token', 'did you mean IFSCOPE_TOKEN?'],
    // Named like the flags.
    ['IFSCOPE_HOST', 'did you mean HOST?'],
    ['IFSCOPE_PORT', 'did you mean PORT?'],
    ['IFSCOPE_ALLOW_HOST', 'did you mean IFSCOPE_ALLOWED_HOSTS?'],
    ['IFSCOPE_ALLOW_HOSTS', 'did you mean IFSCOPE_ALLOWED_HOSTS?'],
  ])('%s', (name, remedy) =>
    expect(refuse(name, '8080')).toThrow(`the environment has ${name}, which is not a setting: ${remedy}`),
  );
  it('by its name only: its value may be secret', () =>
    expect(refuse('IFSCOPE_TOKN', 'hush')).toThrow(/^(?!.*hush).*IFSCOPE_TOKEN/));
});

describe('variables that the kubelet adds for a Service named ifscope are ignored', () => {
  it.each([
    ['IFSCOPE_SERVICE_HOST', '10.0.0.7'],
    ['IFSCOPE_SERVICE_PORT', '80'],
    ['IFSCOPE_SERVICE_PORT_HTTP', '80'],
    ['IFSCOPE_PORT', 'tcp://10.0.0.7:80'],
    ['IFSCOPE_PORT_80_TCP', 'tcp://10.0.0.7:80'],
    ['IFSCOPE_PORT_80_TCP_PROTO', 'tcp'],
    ['IFSCOPE_PORT_80_TCP_PORT', '80'],
    ['IFSCOPE_PORT_80_TCP_ADDR', '10.0.0.7'],
    ['IFSCOPE_COLLECTOR_SERVICE_HOST', '10.0.0.8'],
    ['IFSCOPE_COLLECTOR_PORT', 'tcp://10.0.0.8:80'],
  ])('%s', (name, value) => expect(check(name, value)).toEqual([]));
});

it('knows every variable that tests and benchmarks read', () => {
  const root = path.resolve(import.meta.dirname, '..', '..', '..');
  const read = ['e2e', 'bench'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.m?ts$|\.mjs$/.test(file) && !file.includes('node_modules'))
      .flatMap((file) => [
        ...readFileSync(path.join(root, folder, file), 'utf8').matchAll(/env(?:\.|\[')(IFSCOPE_[A-Z0-9_]+)/g),
      ])
      .map(([, name]) => name ?? ''),
  );
  expect(read).toContain('IFSCOPE_CHROMIUM');
  for (const name of [...read, ...OTHER_VARIABLES]) expect(check(name)).toEqual([]);
});
