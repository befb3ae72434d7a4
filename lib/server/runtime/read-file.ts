/** Reads a capture folder or a snapshot file before anything starts. */
import type { Topology } from '../../model/records';
import type { Capture } from '../../snapshot/capture/read';
import { readCaptureFolder } from '../sources/files/capture-source';
import { FileProblem } from '../sources/files/problem';
import { readSnapshotFile } from '../sources/files/snapshot-source';
import type { From } from './from';
import { Problem } from './problem';

/** A source that is a file or a folder. */
export type FileFrom = Extract<From, { kind: 'capture' | 'snapshot' }>;

/** The content of the file. */
export type FromFile =
  { readonly kind: 'capture'; readonly capture: Capture } | { readonly kind: 'snapshot'; readonly topology: Topology };

/** Whether `from` is a capture or a snapshot file. */
export const isFile = (from: From): from is FileFrom => from.kind === 'capture' || from.kind === 'snapshot';

/** Throws a `Problem` when the file or folder cannot be read. */
export async function readFromFile(from: FileFrom): Promise<FromFile> {
  try {
    return from.kind === 'capture'
      ? { kind: 'capture', capture: await readCaptureFolder(from.folder) }
      : { kind: 'snapshot', topology: await readSnapshotFile(from.file) };
  } catch (error) {
    if (error instanceof FileProblem) throw new Problem('runtime', error.message);
    throw error;
  }
}
