/** The files of an archive in memory; the format is identified by its first bytes. */
import { tarFiles, type ArchivedFile } from './tar';
import { zipFiles } from './zip';

const starts = (bytes: Uint8Array, ...head: readonly number[]): boolean =>
  head.every((byte, index) => bytes[index] === byte);
const isZip = (bytes: Uint8Array): boolean => starts(bytes, 0x50, 0x4b, 3, 4) || starts(bytes, 0x50, 0x4b, 5, 6);
const isTar = (bytes: Uint8Array): boolean => new TextDecoder().decode(bytes.subarray(257, 262)) === 'ustar';

/** Null if the bytes are not an archive. Iterating throws if the archive is damaged. */
export function archivedFiles(bytes: Uint8Array): Iterable<ArchivedFile> | null {
  if (isZip(bytes)) return zipFiles(bytes);
  return isTar(bytes) ? tarFiles(bytes) : null;
}
