/**
 * A piece of the stream in both forms in which viewers read it: as text, and deflated. Each form is made once and shared
 * by all viewers.
 *
 * Deflated pieces refer to nothing before them and end at a byte (a full flush, RFC 1951 §3.2.4), so any sequence of them is
 * a raw deflate stream: viewers that joined at different times, or missed some, get the same bytes.
 */
import { promisify } from 'node:util';
import { constants, deflateRaw } from 'node:zlib';

export type Form = 'text' | 'deflated';

const deflate = promisify(deflateRaw);

/** An empty last block: what a deflated stream ends with. */
export const LAST_BLOCK: Uint8Array = Uint8Array.of(0x03, 0x00);

export class Piece {
  readonly text: Uint8Array;
  #deflated: Promise<Uint8Array> | null = null;

  constructor(text: Uint8Array) {
    this.text = text;
  }

  /** Made off this thread, when the first viewer asks. */
  deflated(): Promise<Uint8Array> {
    this.#deflated ??= deflate(this.text, { finishFlush: constants.Z_FULL_FLUSH });
    return this.#deflated;
  }
}
