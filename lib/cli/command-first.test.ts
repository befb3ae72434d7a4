import { expect, it } from 'vitest';
import { commandFirst } from './command-first';
import { createProgram } from './program';

const program = createProgram({
  output: { out: () => Promise.resolve(), err: () => undefined },
  end: () => undefined,
});

it.each([
  ['--from prod list pod', 'list --from prod pod'],
  ['--from=prod list pod', 'list --from=prod pod'],
  ['--from prod --output json lookup 10.0.0.1', 'lookup --from prod --output json 10.0.0.1'],
  ['-o out capture', 'capture -o out'],
  // The default command.
  ['--from prod', '--from prod'],
  ['--print-config', '--print-config'],
  // A context with the name of a command.
  ['--from list', '--from list'],
  ['--from list --port 80', '--from list --port 80'],
  // The values of a list may have any name.
  ['--namespaces shop list', '--namespaces shop list'],
  ['--trusted-proxy list', '--trusted-proxy list'],
  // Reported as they are.
  ['--nonsense list', '--nonsense list'],
  ['-- list', '-- list'],
  ['fly', 'fly'],
  ['--from prod fly', '--from prod fly'],
  ['list --from prod', 'list --from prod'],
  ['', ''],
])('%s', (line, expected) => {
  const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');
  expect(commandFirst(program, words(line))).toEqual(words(expected));
});
