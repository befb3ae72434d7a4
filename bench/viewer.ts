/** One viewer of the benchmark: reads a stream as fast as it arrives and records when it reached each version. */
import { get, type Agent, type IncomingMessage } from 'node:http';
import { constants, inflateRawSync } from 'node:zlib';

/** The end of a piece: the empty stored block of a full flush (RFC 1951 §3.2.4). */
const FLUSHED = Buffer.from([0, 0, 0xff, 0xff]);

interface Piece {
  /** The last version in it; null without one. */
  readonly version: number | null;
  readonly isReset: boolean;
  /** Bytes as text. */
  readonly length: number;
}

function readPiece(text: string): Piece {
  const start = text.lastIndexOf('\nid: ');
  const id = start < 0 ? null : text.slice(start + 5, text.indexOf('\n', start + 5));
  return {
    version: id === null ? null : Number(id.slice(id.indexOf('.') + 1)),
    isReset: text.includes('event: reset\n'),
    length: Buffer.byteLength(text),
  };
}

/** Viewers get the same bytes, so each piece is inflated and parsed once for all. */
const known = new Map<string, Piece>();
const MAX_KNOWN = 64;

function pieceOf(bytes: Buffer, isDeflated: boolean): Piece {
  const key = bytes.toString('latin1');
  const before = known.get(key);
  if (before !== undefined) return before;
  const text = isDeflated ? inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes;
  const piece = readPiece(text.toString());
  known.set(key, piece);
  for (const oldest of known.keys()) {
    if (known.size <= MAX_KNOWN) break;
    known.delete(oldest);
  }
  return piece;
}

/** One viewer of a stream. */
export class StreamViewer {
  /** Versions and the times at which they arrived (epoch milliseconds), in order. */
  readonly versions: number[] = [];
  readonly times: number[] = [];
  /** Bytes received; `text`: their size as text. */
  bytes = 0;
  text = 0;
  resets = 0;
  /** Why the stream ended; null while it runs. */
  broken: string | null = null;
  #response: IncomingMessage | null = null;
  #waiting: Buffer[] = [];

  /** Resolves with the response headers. `path`: of the stream, with the start position. */
  open(url: string, agent: Agent, accept: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = get(url, { agent, headers: { accept } }, (response) => {
        if (response.statusCode !== 200) {
          reject(new Error(`GET ${url}: ${response.statusCode ?? 0}`));
          return;
        }
        const isDeflated = response.headers['content-type']?.startsWith('text/event-stream') !== true;
        this.#response = response;
        response.on('data', (chunk: Buffer) => this.#take(chunk, isDeflated));
        response.on('end', () => (this.broken ??= 'it ended'));
        response.on('error', (error) => (this.broken ??= error.message));
        resolve();
      });
      request.on('error', (error) => {
        this.broken ??= error.message;
        reject(error);
      });
    });
  }

  /** Pauses reading until `resume`. */
  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#response?.resume();
  }

  stop(): void {
    this.broken ??= 'it was stopped';
    this.#response?.destroy();
  }

  /** The viewer's version; -1 before the first. */
  get version(): number {
    return this.versions.at(-1) ?? -1;
  }

  /** When it reached this version or a later one; null: never. */
  had(version: number): number | null {
    let low = 0;
    let high = this.versions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.versions[middle] ?? Infinity) < version) low = middle + 1;
      else high = middle;
    }
    return this.times[low] ?? null;
  }

  #take(chunk: Buffer, isDeflated: boolean): void {
    this.bytes += chunk.byteLength;
    this.#waiting.push(chunk);
    // A write may arrive in several reads, and several writes in one.
    const isWhole = isDeflated ? chunk.subarray(-4).equals(FLUSHED) : chunk.subarray(-2).toString() === '\n\n';
    if (!isWhole) return;
    const [first] = this.#waiting;
    const bytes = this.#waiting.length === 1 && first !== undefined ? first : Buffer.concat(this.#waiting);
    this.#waiting = [];
    const { version, isReset, length } = pieceOf(bytes, isDeflated);
    this.text += length;
    if (isReset) this.resets++;
    if (version === null) return;
    this.versions.push(version);
    this.times.push(Date.now());
  }
}
