import { readFile } from 'node:fs/promises';
import type { Topology } from '../../../model/records';
import { readTopology } from '../../../snapshot/decode';
import { FileProblem, systemReason } from './problem';

/** The record set in the file. Throws a `FileProblem` when it cannot be read. */
export async function readSnapshotFile(file: string): Promise<Topology> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new FileProblem(file, systemReason(error), 'give a file that `ifscope snapshot -o FILE` wrote');
  }
  const read = readTopology(text);
  if ('error' in read) throw new FileProblem(file, read.error, 'give a file that `ifscope snapshot -o FILE` wrote');
  return read.topology;
}
