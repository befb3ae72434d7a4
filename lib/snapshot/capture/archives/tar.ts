/** Reads a tar archive in memory, following its headers (POSIX ustar, pax paths, GNU long names). */

export interface ArchivedFile {
  readonly name: string;
  readonly type: 'file' | 'link' | 'encrypted';
  /** The size declared in the header; reading stops there. */
  readonly size: number;
  readonly bytes: () => Promise<Uint8Array>;
}

const BLOCK = 512;
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replace(/\0.*$/s, '');

/** An octal number, or a binary one, marked by the first bit. */
function numberOf(field: Uint8Array): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return field.slice(1).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.parseInt(text(field).trim() || '0', 8);
}

/** `27 path=long/name\n` … */
function paxPath(record: string): string | null {
  return /^\d+ path=(.*)$/m.exec(record)?.[1] ?? null;
}

function checksumFits(header: Uint8Array): boolean {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  return sum === numberOf(header.subarray(148, 156));
}

/** Throws if the bytes are not a tar archive, or end too early. */
export function* tarFiles(bytes: Uint8Array): Generator<ArchivedFile, void> {
  let longName: string | null = null;
  for (let at = 0; at + BLOCK <= bytes.byteLength;) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return;
    const size = numberOf(header.subarray(124, 136));
    if (!checksumFits(header) || !Number.isSafeInteger(size) || size < 0) throw new Error('a header in it is damaged');
    const from = at + BLOCK;
    if (from + size > bytes.byteLength) throw new Error('it ends within a file');
    const content = bytes.subarray(from, from + size);
    const type = String.fromCharCode(header[156] ?? 0);
    at = from + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'x') longName = paxPath(text(content)) ?? longName;
    else if (type === 'L') longName = text(content);
    else {
      const prefix = text(header.subarray(345, 500));
      const short = text(header.subarray(0, 100));
      const name = longName ?? (prefix === '' ? short : `${prefix}/${short}`);
      longName = null;
      if (type === '1' || type === '2') yield { name, type: 'link', size, bytes: () => Promise.resolve(content) };
      else if (type === '0' || type === '\0' || type === '7')
        yield { name, type: 'file', size, bytes: () => Promise.resolve(content) };
    }
  }
}
