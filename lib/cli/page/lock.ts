/**
 * A lock between processes: a file with its holder's process id, released when that process has ended. If the file
 * cannot be written, nothing is locked.
 */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 200;
/** Maximum duration of work under a lock; the process id of an older lock may have been reused. */
const LONGEST_MS = 10 * 60_000;
/** A file without a process id for this long was left by a process that ended. */
const UNNAMED_MS = 10_000;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists, but belongs to another user.
    return codeOf(error) === 'EPERM';
  }
}

/** Whether the process that wrote the file no longer holds the lock. */
async function isAbandoned(file: string): Promise<boolean> {
  try {
    const age = Date.now() - (await stat(file)).mtimeMs;
    const pid = Number(await readFile(file, 'utf8'));
    return pid > 0 ? !isAlive(pid) || age > LONGEST_MS : age > UNNAMED_MS;
  } catch {
    return false;
  }
}

/** True: taken. False: the file cannot be written. Null: another process holds it. */
async function take(file: string): Promise<boolean | null> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    return codeOf(error) === 'EEXIST' ? null : false;
  }
}

/** Runs `work` while holding `file`; calls `waiting` once if another process holds it. */
export async function withLock<T>(file: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  let hasWaited = false;
  let taken = await take(file);
  while (taken === null) {
    if (await isAbandoned(file)) await rm(file, { force: true });
    else {
      if (!hasWaited) waiting();
      hasWaited = true;
      await pause(POLL_MS);
    }
    taken = await take(file);
  }
  try {
    return await work();
  } finally {
    if (taken) await rm(file, { force: true });
  }
}
