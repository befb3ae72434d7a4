/** Options shared by several commands, and the parsers of their values. */
import { InvalidArgumentError, Option } from 'commander';

/** The formats of commands that print once. */
export type OutputFormat = 'text' | 'json';

/** The options of every command that reads a record set. */
export interface ReadOptions {
  readonly from?: string;
  readonly timeout: number;
}

/** `--from`: the source of facts. */
export const fromOption = (): Option =>
  new Option(
    '--from <where>',
    'kubeconfig context, in-cluster, demo, URL of another ifscope, capture (folder, archive, file, or - for standard input) or snapshot file',
  ).env('IFSCOPE_FROM');

/** `--output`. `only`: the command has one format, but accepts the option like every command. */
export const outputOption = (only?: OutputFormat): Option =>
  new Option('--output <format>', only === undefined ? 'text for people, json for programs' : `always ${only}`)
    .choices(only === undefined ? ['text', 'json'] : [only])
    .default(only ?? 'text');

/** `--timeout`: maximum seconds for reading a cluster completely. */
export const timeoutOption = (): Option =>
  new Option('--timeout <seconds>', 'maximum time to read a cluster completely')
    .default(120, '120')
    .argParser(readSeconds(0.1));

/** Parses a port. Throws `InvalidArgumentError`. */
export function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port >= 0 && port <= 65535))
    throw new InvalidArgumentError('a port is a number from 0 (any free one) to 65535.');
  return port;
}

const LONGEST_SECONDS = 86_400;

/** A parser for seconds, from `least` to a day; throws `InvalidArgumentError`. */
export const readSeconds =
  (least: number) =>
  (text: string): number => {
    const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    if (!(seconds >= least && seconds <= LONGEST_SECONDS))
      throw new InvalidArgumentError(`give seconds, a number from ${least} to ${LONGEST_SECONDS}.`);
    return seconds;
  };

/** A parser for minutes, at least one and at most `most`; throws `InvalidArgumentError`. */
export const readMinutes =
  (most: number) =>
  (text: string): number => {
    const minutes = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(minutes >= 1 && minutes <= most)) throw new InvalidArgumentError(`give minutes, a number from 1 to ${most}.`);
    return minutes;
  };

/** Parses a base path: `/map`, with a leading slash and no trailing one; empty for the root. */
export function readBasePath(text: string): string {
  const path = text.replace(/\/+$/, '');
  if (!/^(\/[A-Za-z0-9._~-]+)*$/.test(path) || /\/\.{1,2}(\/|$)/.test(path))
    throw new InvalidArgumentError('give a path such as /map or /tools/map.');
  return path;
}

/** Parses a repeated option with one or more values; in the environment they are comma-separated. */
export const readList = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...text.split(',').flatMap((item) => item.trim() || []),
];
