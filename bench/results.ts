/** Prints the results of a benchmark and, with `--save DATE`, writes them to `bench/results/NAME.json`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { baselineText, budgetText, isMet, measuredText, ratioText, type Row } from './rows';

/** The machine of a measurement. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  /** GiB. */
  readonly memory: number;
  /** Load average of the minute before the benchmark, caused by other processes. Null: not recorded. */
  readonly load: number | null;
}

/** A saved result. */
export interface Result {
  readonly name: string;
  /** What was measured, and at which size, in one line. */
  readonly title: string;
  /** `2026-11-28`. */
  readonly date: string;
  readonly machine: Machine;
  /** Versions of `node`, `ifscope` (a commit) and `chromium`. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

const FOLDER = path.join(import.meta.dirname, 'results');

const LOAD = loadavg()[0] ?? NaN;

/** Describes this machine. */
export const thisMachine = (): Machine => ({
  cores: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  memory: Math.round(totalmem() / 2 ** 30),
  load: Math.round(LOAD * 10) / 10,
});

function commit(): string {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : 'unknown';
}

function print(title: string, rows: readonly Row[]): void {
  const cells = rows.map((one) => [
    one.what,
    measuredText(one),
    ratioText(one),
    baselineText(one),
    budgetText(one),
    { true: 'met', false: 'MISSED', null: '' }[String(isMet(one)) as 'true' | 'false' | 'null'],
  ]);
  const table = [['', 'measured', 'ratio', 'baseline of this run', 'budget', ''], ...cells];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((line) => (line[column] ?? '').length)));
  console.log(`\n${title}`);
  for (const line of table)
    console.log(
      `  ${line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd()}`,
    );
}

interface Report {
  readonly title: string;
  readonly rows: readonly Row[];
  /** In addition to Node and ifscope. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** Prints the rows and, with a date, saves them. */
export function report(name: string, date: string | null, { title, rows, versions = {} }: Report): void {
  print(`${name}: ${title}`, rows);
  if (date === null) return;
  const result: Result = {
    name,
    title,
    date,
    machine: thisMachine(),
    versions: { node: process.version, ifscope: commit(), ...versions },
    rows,
  };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path.join(FOLDER, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** The saved result of a benchmark; null without one. */
export function readResult(name: string): Result | null {
  try {
    return JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as Result;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
