/**
 * Collects the text files of a capture from a folder, an archive or a drop on the page. Decides which files are read,
 * enforces limits, and reports the others. All of them are untrusted.
 */
import { archivedFiles } from './archives/archived';
import type { ArchivedFile } from './archives/tar';
import { unpacked } from './archives/unpacked';
import type { CaptureFile } from './read';
import { Reports } from './reports';

/** Limits the work on a folder that is not a capture, such as a home directory. */
const MAX_FILES = 20_000;
/** In bytes. The longest possible string in JavaScript is about 512 MiB. */
const LARGEST_FILE = 500 << 20;
/** In bytes: a capture of 10,000 nodes with 300,000 pods. Also limits the unpacked size of an archive. */
const LARGEST_TOTAL = 2 ** 31;

/** Files that accompany a capture's answers: reported, but not read. */
const OTHER = /\.(html?|png|jpe?g|gif|svg|pdf|log|csv|tsv|sh|py|go|[jt]sx?|mjs|pcap|pem|crt|key)$/i;
/** ipamd’s log, which has pool counts. Rotated ones (`ipamd-2026-01-01T00-00.log`) are not read. */
const AGENT_LOG = /(^|[/_.-])ipamd\.log$/;
/** A single gzip file. */
const PACKED = /(?<!\.tar)\.gz$/i;
const TAR_GZ = /\.(tar\.gz|tgz)$/i;
/** Compression formats that are not supported. */
const PACKED_OTHERWISE = /\.(bz2|xz|zst|lz4|7z|rar)$/i;
/** Maximum nesting of archives. */
const DEEPEST_ARCHIVE = 3;
/** System files and folders that archives include. */
const HIDDEN = /(^|\/)(\.|__MACOSX(\/|$))/;

/** Limits of a capture's files. */
export interface CaptureLimits {
  readonly files: number;
  /** Maximum bytes of one file; `total`: of all files. */
  readonly file: number;
  readonly total: number;
}

/** The files of a capture, not yet interpreted. Each line of `unreadable` and `skipped` starts with the path of its file. */
export interface CaptureFiles {
  readonly files: readonly CaptureFile[];
  readonly unreadable: readonly string[];
  readonly skipped: readonly string[];
}

/** The collected files, within limits. */
export class TextFiles {
  readonly #files: CaptureFile[] = [];
  readonly #unreadable: string[] = [];
  readonly #skipped = new Reports();
  #seen = 0;
  #bytes = 0;

  readonly #fail: (what: string, remedy: string) => Error;
  readonly #limits: CaptureLimits;

  /** `fail` creates the error that aborts reading. */
  constructor(
    fail: (what: string, remedy: string) => Error,
    limits: CaptureLimits = { files: MAX_FILES, file: LARGEST_FILE, total: LARGEST_TOTAL },
  ) {
    this.#fail = fail;
    this.#limits = limits;
  }

  /**
   * Whether to read this file; reports it otherwise. `isGiven`: the user named it explicitly, so its extension does not
   * matter. Throws when there are too many files.
   */
  wants(path: string, isGiven = false): boolean {
    if (HIDDEN.test(path)) return false;
    if (++this.#seen > this.#limits.files)
      throw this.#fail(`holds more than ${this.#limits.files} files`, 'name the capture folder itself');
    const plain = path.replace(PACKED, '').replace(PACKED_OTHERWISE, '');
    if (!isGiven && OTHER.test(plain) && !AGENT_LOG.test(plain)) {
      this.#skipped.add(path, 'not read (by its name it is neither JSON, YAML nor metrics text)', 'name');
      return false;
    }
    if (!PACKED_OTHERWISE.test(path)) return true;
    this.unreadable(path, 'is packed in a way that is not read here; unpack it, or pack it as tar.gz or zip');
    return false;
  }

  /** Whether a file of this size in bytes may be read. Throws when all files together are too large. */
  fits(path: string, bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.total) throw this.#tooLarge();
    if (bytes <= this.#limits.file) return true;
    this.unreadable(path, `is larger than ${mebibytes(this.#limits.file)}, the most that ifscope reads`);
    return false;
  }

  /** Passes on the bytes of an archive while it is unpacked. Throws when they exceed the limit. */
  async *limited<B extends Uint8Array>(bytes: AsyncIterable<B>): AsyncGenerator<B> {
    let length = 0;
    for await (const chunk of bytes) {
      length += chunk.length;
      // An archive also has headers.
      if (length > 2 * this.#limits.total) throw this.#tooLarge();
      yield chunk;
    }
  }

  #tooLarge(): Error {
    return this.#fail(
      `holds more than ${mebibytes(this.#limits.total)}`,
      'leave out files that are not answers of Kubernetes, EC2 or ipamd',
    );
  }

  /** Adds a file in any form: text, gzip, or an archive, whose files are added under its path. */
  async take(path: string, content: Uint8Array, depth = 0): Promise<void> {
    const bytes = isGzip(content) ? await this.#gunzipped(path, content) : content;
    if (bytes === null) return;
    const archived = archivedFiles(bytes);
    if (archived === null) this.#add(path, bytes);
    else if (depth < DEEPEST_ARCHIVE) await this.#takeArchive(path, archived, depth + 1);
    else this.unreadable(path, 'is an archive too deep in archives; unpack it');
  }

  #add(path: string, content: Uint8Array): void {
    const text = decode(content);
    if (text === null) this.#skipped.add(path, 'not read (it is no text)', 'binary');
    else this.#files.push({ path: path.replace(PACKED, ''), text });
  }

  async #gunzipped(path: string, content: Uint8Array): Promise<Uint8Array | null> {
    const { file, total } = this.#limits;
    const most = TAR_GZ.test(path) ? total : file;
    try {
      return await unpacked(content, 'gzip', most);
    } catch {
      this.unreadable(path, `is gzip that cannot be unpacked, or is larger than ${mebibytes(most)} then`);
      return null;
    }
  }

  async #takeArchive(where: string, archived: Iterable<ArchivedFile>, depth: number): Promise<void> {
    let files: readonly ArchivedFile[] = [];
    try {
      files = [...archived];
    } catch (error) {
      this.unreadable(where, `cannot be unpacked (${damage(error)})`);
    }
    // A capture inside another one is of another time or cluster.
    if (files.some(({ name }) => /(^|[/\\])capture\.json$/.test(name)))
      this.unreadable(where, 'is a capture of its own, which is not mixed with this one; give it alone');
    else for (const file of files) await this.takeArchived(where, file, depth);
  }

  /** Adds one file of the archive `where`. */
  async takeArchived(where: string, { name, type, size, bytes }: ArchivedFile, depth = 0): Promise<void> {
    const inside = insidePath(name);
    const path = `${where === '' ? '' : `${where}/`}${inside ?? name}`;
    if (inside === null) this.unreadable(path, 'is not read: its path leads out of the archive');
    else if (type === 'link') this.unreadable(path, 'is a link, which is not followed');
    else if (type === 'encrypted') this.unreadable(path, 'is encrypted');
    else if (this.wants(path) && this.fits(path, size)) {
      const content = await bytes().catch((error: unknown) =>
        this.unreadable(path, `cannot be unpacked (${damage(error)})`),
      );
      if (content !== undefined) await this.take(path, content, depth);
    }
  }

  unreadable(path: string, reason: string): void {
    this.#unreadable.push(`${path}: ${reason}`);
  }

  end(): CaptureFiles {
    return {
      files: this.#files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      unreadable: this.#unreadable.toSorted(),
      skipped: this.#skipped.lines(),
    };
  }
}

const damage = (error: unknown): string => (error instanceof Error ? error.message : 'it is damaged');

const mebibytes = (bytes: number): string => `${Math.floor(bytes / (1 << 20))} MiB`;

/** Whether the bytes are gzip, by the first two. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Printable, or white space. */
const isAscii = (code: number): boolean => (code >= 0x20 && code < 0x7f) || code === 9 || code === 10 || code === 13;

/** Characters that do not occur in text. */
const NO_TEXT = /[\0-\u0008\u000e-\u001f\ufffd]/;

/** Decodes UTF-8, or UTF-16 as PowerShell's `>` writes it, with or without its mark. Null when the bytes are not text. */
function decode(content: Uint8Array): string | null {
  // A file of one byte has no second byte.
  const [first = -1, second = -1] = content;
  // Without a byte order mark, API answers begin with an ASCII character.
  const wide = (first === 0xff && second === 0xfe) || (isAscii(first) && second === 0) ? 'utf-16le' : null;
  const big = (first === 0xfe && second === 0xff) || (first === 0 && isAscii(second)) ? 'utf-16be' : null;
  if (wide !== null || big !== null) {
    const text = new TextDecoder(wide ?? big ?? '', KEEP_MARK).decode(content);
    return NO_TEXT.test(text.slice(0, 4096)) ? null : text;
  }
  return content.subarray(0, 8192).includes(0) ? null : new TextDecoder('utf-8', KEEP_MARK).decode(content);
}

/** The byte order mark stays; `readDocuments` handles it. */
const KEEP_MARK = { ignoreBOM: true };

/** The normalised path of an archive entry; null if it leads out of the archive. */
export function insidePath(name: string): string | null {
  const parts = name.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  return /^([/\\]|[a-z]:)/i.test(name) || parts.includes('..') || parts.length === 0 ? null : parts.join('/');
}

/** Folders of a capture. */
const OWN = new Set(['kubernetes', 'ec2', 'aws-node']);

/** Removes a single top folder: `my-capture/kubernetes/pods.json` → `kubernetes/pods.json`. */
export function withoutTop(read: CaptureFiles): CaptureFiles {
  const tops = new Set(read.files.map(({ path }) => (path.includes('/') ? path.slice(0, path.indexOf('/') + 1) : '')));
  const [top = ''] = tops;
  if (tops.size !== 1 || top === '' || OWN.has(top.slice(0, -1))) return read;
  return withoutTop({ ...read, files: read.files.map(({ path, text }) => ({ path: path.slice(top.length), text })) });
}
