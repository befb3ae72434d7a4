/**
 * One process at a time: a file that names the process that holds it. A process that died holding it holds it no longer.
 * Where no such file can be written there is no lock, and the work is done all the same.
 */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 200;
/** Nothing done under a lock takes longer; a process id may have come to mean another process since. */
const LONGEST_MS = 10 * 60_000;
/** A holder writes itself down at once. */
const UNNAMED_MS = 10_000;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process lives, too.
    return codeOf(error) === 'EPERM';
  }
}

/** Whether whoever made the file no longer holds it. */
async function isAbandoned(file: string): Promise<boolean> {
  try {
    const age = Date.now() - (await stat(file)).mtimeMs;
    const pid = Number(await readFile(file, 'utf8'));
    return pid > 0 ? !isAlive(pid) || age > LONGEST_MS : age > UNNAMED_MS;
  } catch {
    return false;
  }
}

/** True: it is ours now. False: there is no telling. null: somebody has it. */
async function take(file: string): Promise<boolean | null> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    return codeOf(error) === 'EEXIST' ? null : false;
  }
}

/** Does `work` once nobody else holds `file`; `waiting` is called once if somebody does. */
export async function withLock<T>(file: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  let told = false;
  let held = await take(file);
  while (held === null) {
    if (await isAbandoned(file)) await rm(file, { force: true });
    else {
      if (!told) waiting();
      told = true;
      await pause(POLL_MS);
    }
    held = await take(file);
  }
  try {
    return await work();
  } finally {
    if (held) await rm(file, { force: true });
  }
}
