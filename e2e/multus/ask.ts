// Asks the real Multus (oracle/main.go) a batch of questions and returns the answers in order.
import { spawnSync } from 'node:child_process';
import { findOracle } from './build';

interface Nad {
  readonly namespace: string;
  readonly name: string;
  readonly config: string | null;
}

/** The result of one plugin for one network. */
export interface Attached {
  readonly result: unknown;
  readonly name: string;
  readonly default?: boolean;
  readonly deviceInfo?: unknown;
}

export type Question =
  | { readonly ask: 'networks' | 'config'; readonly text: string; readonly namespace: string }
  | { readonly ask: 'quote'; readonly text: string }
  | { readonly ask: 'status'; readonly attached: readonly Attached[] }
  | {
      readonly ask: 'pod';
      readonly namespace: string;
      readonly annotations: Readonly<Record<string, string>>;
      readonly nads: readonly Nad[];
      /** Number of `defaultNetworks` in the daemon's config. */
      readonly before: number;
    };

/** `panic`: Go's message if Multus panics. */
export type Answer<T> = { readonly value: T } | { readonly error: string } | { readonly panic: string };

export function ask<T>(questions: readonly Question[]): readonly Answer<T>[] {
  const found = findOracle();
  if (typeof found !== 'string') throw new Error(found.missing);
  const { status, stdout, stderr } = spawnSync(found, {
    input: questions.map((question) => `${JSON.stringify(question)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const answers = stdout.split('\n').slice(0, -1);
  if (status !== 0 || answers.length !== questions.length) {
    throw new Error(`${answers.length} answers to ${questions.length} questions: ${stderr}`);
  }
  return answers.map((line) => JSON.parse(line) as Answer<T>);
}
