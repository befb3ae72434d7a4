/**
 * The settings of a command are its options: each as a flag, in the environment and in a file (`--config`), in this
 * order of precedence. Output, documentation and the server's environment are derived from the options, so there is no
 * second list.
 */
import { InvalidArgumentError, type Command, type Option } from 'commander';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { similarName } from '../../model/spelling';
import { processWorld } from '../../server/runtime/from';
import { Problem, reasonOf } from '../../server/runtime/problem';

/** Options that are not settings: they control how settings are read or printed. */
const NO_SETTING = new Set(['config', 'printConfig', 'output', 'help', 'version']);
/** Secrets, which are never printed. */
const SECRET = /token$|secret$/i;

/** The options that are settings. */
export const settingsOf = (command: Command): readonly Option[] =>
  command.options.filter((option) => !NO_SETTING.has(option.attributeName()));

/** Parses a value of the file like its flag. */
function valueOf(option: Option, given: unknown, where: string): unknown {
  if (option.variadic) {
    const list: unknown[] = Array.isArray(given) ? given : [given];
    if (list.every((item) => typeof item === 'string')) return list;
  } else if (typeof given === 'boolean' && option.argChoices?.includes('off') === true) {
    // Some YAML writers turn `on` and `off` into true and false.
    return given ? 'on' : 'off';
  } else if (typeof given === 'string' || typeof given === 'number') {
    return parsed(option, String(given), where);
  }
  const wanted = option.variadic ? 'texts' : (option.argChoices?.join(' or ') ?? 'a text or a number');
  throw new Problem('usage', `${where}: give ${wanted}, this is ${JSON.stringify(given)}`);
}

function parsed(option: Option, text: string, where: string): unknown {
  try {
    if (option.parseArg === undefined) return text;
    return option.parseArg<unknown>(text, undefined);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new Problem('usage', `${where}: ${text} is not valid: ${error.message}`);
  }
}

function readFile(file: string): Readonly<Record<string, unknown>> {
  const full = path.resolve(processWorld().workingFolder, file);
  let content: unknown;
  try {
    content = parse(readFileSync(full, 'utf8'));
  } catch (error) {
    throw new Problem('usage', `--config ${full}: ${reasonOf(error).replace(/:?\s*$/, '')}`);
  }
  if (content === null) return {};
  if (typeof content !== 'object' || Array.isArray(content))
    throw new Problem('usage', `--config ${full}: give settings as NAME: VALUE, one a line`);
  return content as Record<string, unknown>;
}

/**
 * Sets options from the file that neither a flag nor the environment has set. Throws a `Problem` that names the error.
 */
export function applyConfigFile(command: Command, file: string): void {
  const settings = new Map(settingsOf(command).map((option) => [option.attributeName(), option]));
  for (const [name, given] of Object.entries(readFile(file))) {
    const option = settings.get(name);
    if (option === undefined) {
      const similar = similarName(name, settings.keys());
      const known =
        similar === null ? `the settings are: ${[...settings.keys()].join(', ')}` : `did you mean ${similar}?`;
      throw new Problem('usage', `--config ${file}: unknown setting ${name}; ${known}`);
    }
    const value = valueOf(option, given, `--config ${file}: ${name}`);
    const source = command.getOptionValueSource(name);
    if (source === undefined || source === 'default') command.setOptionValueWithSource(name, value, 'config');
  }
}

const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.join(',');
  return String(value);
};

/** The settings as environment variables for the server; unset ones are empty. */
export function settingsEnv(command: Command): Readonly<Record<string, string>> {
  return Object.fromEntries(
    settingsOf(command).flatMap((option) => {
      if (option.envVar === undefined) return [];
      const value = command.getOptionValue(option.attributeName()) as unknown;
      return [[option.envVar, value === undefined ? '' : textOf(value)]];
    }),
  );
}

/** The origin of a setting, in words. */
function setBy(command: Command, option: Option): string {
  switch (command.getOptionValueSource(option.attributeName())) {
    case 'cli':
      return option.long ?? '';
    case 'env':
      return option.envVar ?? '';
    case 'config':
      return `--config ${String(command.getOptionValue('config'))}`;
    default:
      return 'default';
  }
}

/**
 * Rejects empty values: with `--from "$CONTEXT"` and an unset variable, the command must not show another cluster, or
 * show everything to everybody.
 */
export function refuseEmpty(command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    const source = command.getOptionValueSource(name);
    const value = command.getOptionValue(name) as unknown;
    // In a file a list may be empty; the root is an empty path.
    const isEmpty = Array.isArray(value)
      ? value.some((item) => String(item).trim() === '') || (value.length === 0 && source !== 'config')
      : textOf(value).trim() === '';
    if (!isEmpty || source === undefined || source === 'default' || name === 'basePath') continue;
    const label = source === 'config' ? `${setBy(command, option)}: ${name}` : setBy(command, option);
    const wanted = /[<[].*/.exec(option.flags)?.[0] ?? '';
    throw new Problem('usage', `${label} "" is empty: give ${wanted} (${option.description}), or leave it out`);
  }
}

/** Two values for a single-valued option are ambiguous. */
export function refuseTwice(command: Command): void {
  for (const option of command.options) {
    if (option.variadic || Array.isArray(option.defaultValue)) continue;
    let before: string | null = null;
    command.on(`option:${option.name()}`, (value: string | null) => {
      const values = SECRET.test(option.attributeName()) ? 'with two values' : `${before} and ${value}`;
      if (before !== null && value !== before)
        throw new Problem('usage', `${option.long ?? option.name()} is given twice, ${values}: give it once`);
      before = value;
    });
  }
}

/** The effective settings with their origins, in the format of `--config` files. Secrets are left out. */
export function formatConfig(command: Command): string {
  const lines = settingsOf(command).map((option) => {
    const name = option.attributeName();
    const value = command.getOptionValue(name) as unknown;
    if (value === undefined) return `# ${name} is not set`;
    const by = setBy(command, option);
    if (SECRET.test(name)) return `# ${name} is set by ${by}; secrets are not printed`;
    return `${name}: ${stringify(value, { collectionStyle: 'flow' }).trimEnd()} # ${by}`;
  });
  return `${lines.join('\n')}\n`;
}
