/** Reads a zip archive by its central directory. Declared sizes serve only as limits. */
import type { ArchivedFile } from './tar';
import { unpacked } from './unpacked';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
/** Maximum length of a comment after the end record, in bytes. */
const LONGEST_COMMENT = 0xffff;
/** Replaces a number that is in the zip64 fields. */
const ELSEWHERE = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
const SYMLINK = 0o120_000;
const FILE_TYPE = 0o170_000;

/** The bytes of an archive, read in parts, so that a file on disk need not be in memory. */
export interface ZipBytes {
  readonly byteLength: number;
  part(at: number, length: number): Uint8Array;
}

class View {
  constructor(readonly bytes: ZipBytes) {}

  u16(at: number): number {
    const [low = 0, high = 0] = this.slice(at, 2);
    return low + high * 256;
  }

  u32(at: number): number {
    return this.u16(at) + this.u16(at + 2) * 65_536;
  }

  slice(at: number, length: number): Uint8Array {
    if (at < 0 || at + length > this.bytes.byteLength) throw new Error('it ends too early');
    return this.bytes.part(at, length);
  }
}

function endOf(view: View): number {
  const last = view.bytes.byteLength - END_LENGTH;
  const first = Math.max(0, last - LONGEST_COMMENT);
  const tail = new View(inMemory(view.slice(first, view.bytes.byteLength - first)));
  for (let at = last; at >= first; at--) if (tail.u32(at - first) === END) return at;
  throw new Error('it has no directory');
}

const inMemory = (bytes: Uint8Array): ZipBytes => ({
  byteLength: bytes.byteLength,
  part: (at, length) => bytes.subarray(at, at + length),
});

/** Throws if the bytes are not a zip archive. A damaged file throws when it is read. */
export function* zipFiles(bytes: Uint8Array | ZipBytes): Generator<ArchivedFile, void> {
  const view = new View('part' in bytes ? bytes : inMemory(bytes));
  const end = endOf(view);
  const count = view.u16(end + 10);
  let at = view.u32(end + 16);
  if (at === ELSEWHERE) throw new Error('it is a zip64, which is not read here');
  for (let i = 0; i < count; i++) {
    if (view.u32(at) !== ENTRY) throw new Error('its directory is damaged');
    const nameLength = view.u16(at + 28);
    const name = new TextDecoder().decode(view.slice(at + 46, nameLength));
    const packed = view.u32(at + 20);
    const size = view.u32(at + 24);
    const entry = { method: view.u16(at + 10), packed, size, local: view.u32(at + 42) };
    const encrypted = (view.u16(at + 8) & 1) === 1;
    const isLink = ((view.u32(at + 38) >>> 16) & FILE_TYPE) === SYMLINK;
    at += 46 + nameLength + view.u16(at + 30) + view.u16(at + 32);
    if (name.endsWith('/')) continue;
    const type = encrypted ? 'encrypted' : isLink ? 'link' : 'file';
    yield { name, type, size, bytes: () => bytesOf(view, entry) };
  }
}

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly local: number;
}

async function bytesOf(view: View, { method, packed, size, local }: Entry): Promise<Uint8Array> {
  if (view.u32(local) !== LOCAL) throw new Error('a file in it is not where its directory says');
  // The caller has judged the size alone; a file that cannot be compressed grows by less than this.
  if (packed > (method === STORED ? size : size * 1.01 + 1_024)) throw new Error('it takes more bytes than it says');
  const from = local + 30 + view.u16(local + 26) + view.u16(local + 28);
  const content = view.slice(from, packed);
  if (method === STORED) return content;
  if (method !== DEFLATED) throw new Error(`a file in it is packed by method ${method}, which is not read here`);
  return unpacked(content, 'deflate-raw', size);
}
