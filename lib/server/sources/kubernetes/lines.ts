/**
 * Splits a byte stream into lines at `\n` only: U+2028 is data. Only whole lines are decoded, so a character that
 * arrives in two chunks is correct. Text after the last `\n` is never returned.
 */
export interface LineSplitter {
  /** The lines that this chunk completes. Throws `RangeError` when a line exceeds the limit. */
  push(chunk: Uint8Array): string[];
}

const NEWLINE = 0x0a;

/** `longestLine`: limit in bytes. Blank lines are skipped. */
export function createLineSplitter(longestLine: number): LineSplitter {
  let pieces: Uint8Array[] = [];
  let pendingBytes = 0;
  return {
    push(chunk) {
      const lines: string[] = [];
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        pieces.push(chunk.subarray(from, at));
        const line = Buffer.concat(pieces).toString('utf8');
        if (line.trim() !== '') lines.push(line);
        pieces = [];
        pendingBytes = 0;
        from = at + 1;
      }
      if (from < chunk.length) {
        pieces.push(chunk.subarray(from));
        pendingBytes += chunk.length - from;
        if (pendingBytes > longestLine) throw new RangeError(`a line of more than ${longestLine} bytes`);
      }
      return lines;
    },
  };
}
