/**
 * Collects the text files of a capture from a folder, an archive or a drop on the page. Decides which files are read,
 * enforces limits, and reports the others. All of them may come from anybody.
 */
import type { CaptureFile } from './read';

/** Bounds the work on a folder that is not a capture, such as a home directory. */
const MOST_FILES = 20_000;
/** In bytes. The longest possible string in JavaScript is about 512 MiB. */
const LARGEST_FILE = 500 << 20;
/** In bytes: a capture of 10,000 nodes with 300,000 pods. Also bounds what a small archive may unpack to. */
const LARGEST_TOTAL = 2 ** 31;

/** Files that accompany a capture's answers: reported, but not read. */
const OTHER =
  /\.(md|html?|png|jpe?g|gif|svg|pdf|log|csv|tsv|sh|py|go|[jt]sx?|mjs|zip|tgz|gz|tar|bz2|xz|zst|pcap|pem|crt|key)$/i;
/** A single gzip file; `capture.tar.gz` in a capture is another capture. */
const PACKED = /(?<!\.tar)\.gz$/i;
/** System files and folders that archives include. */
const HIDDEN = /(^|\/)(\.|__MACOSX(\/|$))/;

/** Limits of a capture's files. */
export interface CaptureLimits {
  readonly files: number;
  /** Bytes of one file, and of all. */
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
  readonly #skipped: string[] = [];
  #seen = 0;
  #bytes = 0;

  readonly #fail: (what: string, remedy: string) => Error;
  readonly #limits: CaptureLimits;

  /** `fail` makes the error that aborts reading. */
  constructor(
    fail: (what: string, remedy: string) => Error,
    limits: CaptureLimits = { files: MOST_FILES, file: LARGEST_FILE, total: LARGEST_TOTAL },
  ) {
    this.#fail = fail;
    this.#limits = limits;
  }

  /** Whether to read this file; reports it otherwise. Throws when there are too many files. */
  wants(path: string): boolean {
    if (HIDDEN.test(path)) return false;
    if (++this.#seen > this.#limits.files)
      throw this.#fail(`holds more than ${this.#limits.files} files`, 'name the capture folder itself');
    if (!OTHER.test(path.replace(PACKED, ''))) return true;
    this.#skipped.push(`${path}: not read (it is neither JSON, YAML nor metrics text)`);
    return false;
  }

  /** Whether a file of so many bytes may be read. Throws when all files together are too large. */
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
      'leave out what is no answer of Kubernetes, EC2 or ipamd',
    );
  }

  /** Adds a file; `content` is unpacked. */
  add(path: string, content: Uint8Array): void {
    const text = decode(content);
    if (text === null) this.#skipped.push(`${path}: not read (it is no text)`);
    else this.#files.push({ path: path.replace(PACKED, ''), text });
  }

  /** Adds a file that may be gzip. `unpack` throws if the content is damaged or longer than `most` bytes. */
  async addPacked(
    path: string,
    content: Uint8Array,
    unpack: (bytes: Uint8Array, most: number) => Promise<Uint8Array>,
  ): Promise<void> {
    if (!isGzip(content)) {
      this.add(path, content);
      return;
    }
    try {
      this.add(path, await unpack(content, this.#limits.file));
    } catch {
      this.unreadable(path, `is gzip that cannot be unpacked, or is larger than ${mebibytes(this.#limits.file)} then`);
    }
  }

  unreadable(path: string, reason: string): void {
    this.#unreadable.push(`${path}: ${reason}`);
  }

  end(): CaptureFiles {
    return {
      files: this.#files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      unreadable: this.#unreadable.toSorted(),
      skipped: this.#skipped.toSorted(),
    };
  }
}

const mebibytes = (bytes: number): string => `${Math.floor(bytes / (1 << 20))} MiB`;

/** Whether the bytes are gzip, by the first two. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Printable, or white space. */
const isAscii = (code: number): boolean => (code >= 0x20 && code < 0x7f) || code === 9 || code === 10 || code === 13;

/** Characters that do not occur in text. */
const NO_TEXT = /[\0-\u0008\u000e-\u001f\ufffd]/;

/** Decodes UTF-8, or UTF-16 as PowerShell's `>` writes it, with or without its mark. Null when the bytes are not text. */
function decode(content: Uint8Array): string | null {
  // A file of one byte has no second one.
  const [first = -1, second = -1] = content;
  // Without a mark, the answers of APIs begin with a character of ASCII.
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

/** Strips a single top folder: `my-capture/kubernetes/pods.json` → `kubernetes/pods.json`. */
export function withoutTop(read: CaptureFiles): CaptureFiles {
  const tops = new Set(read.files.map(({ path }) => (path.includes('/') ? path.slice(0, path.indexOf('/') + 1) : '')));
  const [top = ''] = tops;
  if (tops.size !== 1 || top === '' || OWN.has(top.slice(0, -1))) return read;
  return withoutTop({ ...read, files: read.files.map(({ path, text }) => ({ path: path.slice(top.length), text })) });
}
