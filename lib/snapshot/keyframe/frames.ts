/** Frames chunks as bytes: four bytes of length (big-endian), then that many bytes of gzip. */

const LENGTH = 4;
/** In bytes. A greater length means that the bytes are not a keyframe. */
const MAX_LENGTH = 256 * 2 ** 20;

/** The four bytes of length before a chunk of that many bytes. */
export function lengthBefore(bytes: number): Uint8Array<ArrayBuffer> {
  const length = new Uint8Array(LENGTH);
  new DataView(length.buffer).setUint32(0, bytes);
  return length;
}

/** Cuts bytes that arrive in arbitrary pieces into chunks. */
export class FrameCutter {
  #pieces: Uint8Array[] = [];
  #held = 0;
  /** Length of the chunk being received; null while the length itself is. */
  #wanted: number | null = null;

  /** Returns the chunks that these bytes complete. Throws if they are not a keyframe. */
  push(piece: Uint8Array): readonly Uint8Array<ArrayBuffer>[] {
    this.#pieces.push(piece);
    this.#held += piece.byteLength;
    const whole: Uint8Array<ArrayBuffer>[] = [];
    for (;;) {
      if (this.#wanted === null) {
        if (this.#held < LENGTH) return whole;
        this.#wanted = new DataView(this.#take(LENGTH).buffer).getUint32(0);
        if (this.#wanted > MAX_LENGTH) throw new Error('not a keyframe: a chunk is too long');
      }
      if (this.#held < this.#wanted) return whole;
      whole.push(this.#take(this.#wanted));
      this.#wanted = null;
    }
  }

  /** Whether the bytes so far end at a chunk boundary. */
  get isBetween(): boolean {
    return this.#held === 0 && this.#wanted === null;
  }

  #take(count: number): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(count);
    let at = 0;
    while (at < count) {
      const first = this.#pieces[0];
      if (first === undefined) break;
      const part = first.subarray(0, count - at);
      taken.set(part, at);
      at += part.byteLength;
      if (part.byteLength === first.byteLength) this.#pieces.shift();
      else this.#pieces[0] = first.subarray(part.byteLength);
    }
    this.#held -= count;
    return taken;
  }
}
