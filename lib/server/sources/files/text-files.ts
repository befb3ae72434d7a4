/**
 * The text files of a capture while they are collected, from a folder or an archive: which are read, how much of them at
 * most, and what is said of the others. Both may come from anybody.
 */
import type { CaptureFile } from '../../../snapshot/capture/read';
import { FileProblem } from './problem';

/** Limits what is read of a folder that is not a capture, such as a home directory. */
const MOST_FILES = 20_000;
/** In bytes. The longest text that JavaScript holds is about 512 MiB. */
const LARGEST_FILE = 500 << 20;
/** In bytes: a capture of 10,000 nodes with 300,000 pods. What a small archive may unpack to has to end somewhere. */
const LARGEST_TOTAL = 2 ** 31;

/** What a capture has beside its answers: not read, but named. */
const OTHER =
  /\.(md|html?|png|jpe?g|gif|svg|pdf|log|csv|tsv|sh|py|go|[jt]sx?|mjs|zip|tgz|gz|tar|bz2|xz|zst|pcap|pem|crt|key)$/i;
/** Folders and files of the system that archives bring along. */
const HIDDEN = /(^|\/)(\.|__MACOSX(\/|$))/;

/** The files of a capture, not yet interpreted. Lines begin with the path of their file. */
export interface CaptureFiles {
  readonly files: readonly CaptureFile[];
  readonly unreadable: readonly string[];
  readonly skipped: readonly string[];
}

export class TextFiles {
  readonly #files: CaptureFile[] = [];
  readonly #unreadable: string[] = [];
  readonly #skipped: string[] = [];
  #seen = 0;
  #bytes = 0;

  /** `where`: the folder or archive, for the error that ends the reading. */
  constructor(
    private readonly where: string,
    private readonly limits = { files: MOST_FILES, file: LARGEST_FILE, total: LARGEST_TOTAL },
  ) {}

  /** Whether this file is to be read; says why where it is not. Throws a `FileProblem` at one file too many. */
  wants(path: string): boolean {
    if (HIDDEN.test(path)) return false;
    if (++this.#seen > this.limits.files)
      throw new FileProblem(this.where, `holds more than ${this.limits.files} files`, 'name the capture folder itself');
    if (!OTHER.test(path)) return true;
    this.#skipped.push(`${path}: not read (it is neither JSON, YAML nor metrics text)`);
    return false;
  }

  /** Whether a file of so many bytes may be read. Throws a `FileProblem` when all files together are too large. */
  fits(path: string, bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#bytes > this.limits.total) throw this.#tooLarge();
    if (bytes <= this.limits.file) return true;
    this.unreadable(path, `is larger than ${mebibytes(this.limits.file)}, the most that ifscope reads`);
    return false;
  }

  /** The bytes of an unpacked archive. Throws a `FileProblem` where they do not end. */
  async *limited(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let length = 0;
    for await (const chunk of bytes) {
      length += chunk.length;
      // An archive has headers beside its files.
      if (length > 2 * this.limits.total) throw this.#tooLarge();
      yield chunk;
    }
  }

  #tooLarge(): FileProblem {
    return new FileProblem(
      this.where,
      `holds more than ${mebibytes(this.limits.total)}`,
      'leave out what is no answer of Kubernetes, EC2 or ipamd',
    );
  }

  add(path: string, content: Buffer): void {
    const text = decode(content);
    if (text === null) this.#skipped.push(`${path}: not read (it is no text)`);
    else this.#files.push({ path, text });
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

/** PowerShell's `>` writes UTF-16. Null for what is no text. */
function decode(content: Buffer): string | null {
  if (content[0] === 0xff && content[1] === 0xfe) return content.toString('utf16le');
  return content.subarray(0, 8192).includes(0) ? null : content.toString('utf8');
}
