/** Environment variables that look like settings but are not. */
import type { Command, Option } from 'commander';
import { similarName } from '../../model/spelling';
import { Problem } from '../../server/runtime/problem';

/** For troubleshooting, for the server's own process, and for tests and benchmarks. */
export const OTHER_VARIABLES = [
  'IFSCOPE_DEBUG',
  'IFSCOPE_PAGE_FILE',
  'IFSCOPE_CASES',
  'IFSCOPE_CHROMIUM',
  'IFSCOPE_FULL',
  'IFSCOPE_PROBE',
  'IFSCOPE_REQUEST_MS',
  'IFSCOPE_SKIPPED',
];

/** Set by the kubelet in every pod of a namespace with a Service named ifscope (`enableServiceLinks`). */
const isServiceLink = (name: string, value: string): boolean =>
  /_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name) ||
  (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value));

/**
 * `--allow-host` → `IFSCOPE_ALLOW_HOST`: the variable name that the flag suggests, which may differ from the actual
 * one.
 */
const expectedFrom = ({ long = '' }: Option): string => `IFSCOPE_${long.slice(2).replaceAll('-', '_').toUpperCase()}`;

/**
 * Rejects misspelt variables: they would be ignored and the default used, for example the whole cluster instead of a
 * namespace. A variable that resembles no setting may belong to another program: `warn` gets a line about it.
 */
export function checkVariables(
  program: Command,
  env: Readonly<Record<string, string | undefined>>,
  warn: (line: string) => void,
): void {
  const settings = program.commands
    .flatMap((command) => command.options)
    .flatMap((option) => (option.envVar === undefined ? [] : [[expectedFrom(option), option.envVar] as const]));
  const known = new Set([...OTHER_VARIABLES, ...settings.map(([, name]) => name)]);
  const meant = new Map([...settings, ...settings.map(([, name]) => [name, name] as const)]);
  for (const [name, value = ''] of Object.entries(env)) {
    if (!/^IFSCOPE_/i.test(name) || known.has(name) || isServiceLink(name, value)) continue;
    const similar = meant.get(similarName(name, meant.keys()) ?? '');
    const what = `the environment has ${name}, which is not a setting`;
    if (similar !== undefined) throw new Problem('usage', `${what}: did you mean ${similar}?`);
    warn(`ifscope: ${what}; it is ignored`);
  }
}
