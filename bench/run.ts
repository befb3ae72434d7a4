/**
 * `npm run bench [-- NAME… [--option…]]`: runs the named benchmarks one after the other, each in its own process and
 * with the given options; without a name, all except the long ones. Everything stays on loopback, and a benchmark stops
 * only what it started. `npm run bench -- table` writes the saved results into docs/performance.md.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, cpus, totalmem } from 'node:os';
import path from 'node:path';
import { NAMES } from './names';
import { readOptions } from './options';
import { writeTables } from './table';

/** Benchmarks that take minutes or hours; they run only by name. */
const LONG: readonly string[] = ['start', 'viewers', 'sizing', 'large', 'soak'];
const ALL: readonly string[] = [...NAMES, 'quick'];
/** A benchmark that takes longer is hung; a soak has no limit. Milliseconds. */
const MAX_MS = 20 * 60_000;

/** Runs one benchmark in its own process group; false when it failed, null when it was interrupted. */
async function runOne(name: string, options: readonly string[]): Promise<boolean | null> {
  const file = path.join(import.meta.dirname, `${name}.ts`);
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--max-old-space-size=8192', '--import', 'tsx', file, ...options],
    { cwd: path.resolve(import.meta.dirname, '..'), stdio: 'inherit', detached: true },
  );
  const ending = new AbortController();
  const stop = (): void => {
    ending.abort();
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const limit = name === 'soak' ? undefined : setTimeout(stop, MAX_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(limit);
  process.off('SIGINT', stop).off('SIGTERM', stop);
  return ending.signal.aborted ? null : code === 0;
}

async function main(args: readonly string[]): Promise<number> {
  const firstOption = args.findIndex((arg) => arg.startsWith('-'));
  const options = firstOption < 0 ? [] : args.slice(firstOption);
  const names = firstOption < 0 ? args : args.slice(0, firstOption);
  if (names.length === 1 && names[0] === 'table') {
    writeTables();
    return 0;
  }
  const unknown = names.filter((name) => !ALL.includes(name));
  if (unknown.length > 0) {
    console.error(`bench: there is no ${unknown.join(' or ')}; there are ${[...ALL, 'table'].join(', ')}`);
    return 2;
  }
  try {
    readOptions(options);
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  console.log(
    `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
  );
  let failed = false;
  for (const name of names.length === 0 ? NAMES.filter((one) => !LONG.includes(one)) : names) {
    const result = await runOne(name, options);
    failed ||= result !== true;
    if (result === null) break;
  }
  return failed ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
