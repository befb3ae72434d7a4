/**
 * A piece of the stream in both forms: text and deflated. Each form is encoded once and shared by all viewers.
 *
 * Deflated pieces do not refer to earlier ones and end at a byte boundary (a full flush), so any sequence of them is a
 * raw deflate stream (RFC 1951): viewers that joined at different times or missed pieces get the same bytes.
 */
import { promisify } from 'node:util';
import { constants, deflateRaw } from 'node:zlib';

/** How a viewer reads the stream. */
export type Form = 'text' | 'deflated';

const deflate = promisify(deflateRaw);

/** An empty final block, which ends a deflated stream. */
export const LAST_BLOCK: Uint8Array = Uint8Array.of(0x03, 0x00);

/** Bytes of the stream. */
export class Piece {
  readonly text: Uint8Array;
  #deflated: Promise<Uint8Array> | null = null;

  constructor(text: Uint8Array) {
    this.text = text;
  }

  /** Compressed outside this thread, on the first request. */
  deflated(): Promise<Uint8Array> {
    this.#deflated ??= deflate(this.text, { finishFlush: constants.Z_FULL_FLUSH });
    return this.#deflated;
  }
}
