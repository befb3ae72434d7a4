/** SHA-1 (RFC 3174): some CNIs derive link names from it. Not for security. */

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

/** The text's bytes, a 1 bit, zeros, and the length in bits. */
function padded(text: string): DataView {
  const bytes = new TextEncoder().encode(text);
  const size = ((bytes.length + 8) >> 6) + 1;
  const view = new DataView(new ArrayBuffer(size * 64));
  bytes.forEach((byte, at) => {
    view.setUint8(at, byte);
  });
  view.setUint8(bytes.length, 0x80);
  view.setUint32(view.byteLength - 4, bytes.length * 8);
  return view;
}

const round = (at: number, b: number, c: number, d: number): number =>
  at < 20
    ? ((b & c) | (~b & d)) + 0x5a827999
    : at < 40
      ? (b ^ c ^ d) + 0x6ed9eba1
      : at < 60
        ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
        : (b ^ c ^ d) + 0xca62c1d6;

/** The digest in hexadecimal. */
export function sha1(text: string): string {
  const view = padded(text);
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const words = new Uint32Array(80);
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let at = 0; at < 80; at++)
      words[at] =
        at < 16
          ? view.getUint32(block + at * 4)
          : rotate((words[at - 3] ?? 0) ^ (words[at - 8] ?? 0) ^ (words[at - 14] ?? 0) ^ (words[at - 16] ?? 0), 1);
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (let at = 0; at < 80; at++) {
      const next = (rotate(a, 5) + round(at, b, c, d) + e + (words[at] ?? 0)) | 0;
      [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
    }
    [a, b, c, d, e].forEach((word, at) => {
      state[at] = (state[at] ?? 0) + word;
    });
  }
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
}
