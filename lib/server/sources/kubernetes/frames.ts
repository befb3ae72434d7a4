/**
 * Splits a byte stream into frames: a 4-byte length (big-endian), then that many bytes. An incomplete frame at the end
 * is dropped.
 */
export interface FrameSplitter {
  /** The frames that this chunk completes. Throws `RangeError` when one is longer than the limit. */
  push(chunk: Uint8Array): Buffer[];
}

const HEADER = 4;

/** `longestFrame`: limit in bytes. */
export function createFrameSplitter(longestFrame: number): FrameSplitter {
  /** Received bytes of the next frame, header included. */
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  /** Bytes of the next frame, header included; the header alone while its length is not known. */
  let wanted = HEADER;

  return {
    push(chunk) {
      pieces.push(chunk);
      bytes += chunk.length;
      if (bytes < wanted) return [];
      const frames: Buffer[] = [];
      const whole =
        pieces.length === 1 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat(pieces);
      let at = 0;
      for (;;) {
        wanted = HEADER;
        if (whole.length - at < wanted) break;
        const length = whole.readUInt32BE(at);
        if (length > longestFrame) throw new RangeError(`a frame of ${length} bytes`);
        wanted += length;
        if (whole.length - at < wanted) break;
        frames.push(whole.subarray(at + HEADER, at + wanted));
        at += wanted;
      }
      pieces = at < whole.length ? [whole.subarray(at)] : [];
      bytes = whole.length - at;
      return frames;
    },
  };
}
