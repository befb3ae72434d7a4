/**
 * Files and folders given with `-o`. If one cannot be written, that is reported in one line, if possible before
 * anything is read.
 */
import { access, constants, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { processWorld } from '../../server/runtime/from';
import { Problem, reasonOf } from '../../server/runtime/problem';
import type { Output } from './output';

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

const inWorkingFolder = (file: string): string => path.resolve(processWorld().workingFolder, file);

async function orProblem<T>(what: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('runtime', `cannot write to ${what} (${reasonOf(error)}): choose another place with -o`);
  }
}

/** Node's recursive `mkdir` does not terminate if the system refuses folders, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const parent = path.dirname(folder);
    const isMissing = await stat(parent).then(
      () => false,
      (why: unknown) => codeOf(why) === 'ENOENT',
    );
    if (codeOf(error) === 'EEXIST') return;
    if (!isMissing) throw error;
    await makeFolder(parent);
    await mkdir(folder);
  }
}

/**
 * Creates the output folder; it must be new or empty, because files of different captures must not mix. Returns its
 * full path.
 */
export async function prepareFolder(name: string): Promise<string> {
  const folder = inWorkingFolder(name);
  return orProblem(folder, async () => {
    await makeFolder(folder);
    if ((await readdir(folder)).length > 0)
      throw new Problem('usage', `-o ${folder}: the folder is not empty; choose a new one`);
    await access(folder, constants.W_OK);
    return folder;
  });
}

/** Writes files into a prepared folder: all of them, or none. */
export async function fillFolder(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await orProblem(folder, async () => {
    try {
      for (const [file, content] of files) {
        await makeFolder(path.dirname(path.join(folder, file)));
        await writeFile(path.join(folder, file), content);
      }
    } catch (error) {
      const written = new Set([...files.keys()].map((file) => file.split('/')[0] ?? file));
      for (const name of written) await rm(path.join(folder, name), { recursive: true, force: true });
      throw error;
    }
  });
}

/** Throws a `Problem` if the file cannot be written. */
export async function prepareFile(name: string | undefined): Promise<void> {
  if (name === undefined || name === '-') return;
  const file = inWorkingFolder(name);
  await orProblem(file, async () => {
    const found = await stat(file).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
      return null;
    });
    if (found?.isDirectory() === true) throw new Problem('usage', `-o ${file}: this is a folder; name a file`);
    await access(found === null ? path.dirname(file) : file, constants.W_OK);
  });
}

/** Writes to a file or to standard output. No incomplete file is left behind. */
export async function deliver(output: Output, name: string | undefined, text: string): Promise<void> {
  if (name === undefined || name === '-') return output.out(text);
  const file = inWorkingFolder(name);
  await orProblem(file, async () => {
    try {
      await writeFile(file, text);
    } catch (error) {
      const isFile = await stat(file).then(
        (found) => found.isFile(),
        () => false,
      );
      if (isFile) await rm(file, { force: true });
      throw error;
    }
  });
}
