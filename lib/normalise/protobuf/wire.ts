/**
 * Reads the protobuf wire format: tags, varints and lengths. It never reads beyond `end`, so malformed bytes cause a
 * `WireError` rather than a long loop or a read of foreign bytes.
 *
 * Written by hand because nine tenths of a Kubernetes object are skipped, which libraries do several times slower
 * (docs/decisions/0008).
 */

/** The bytes are not a protobuf message. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Wire type of varints. */
export const VARINT = 0;
/** Wire type of length-delimited fields: strings, bytes, messages. */
export const BYTES = 2;
const FIXED_64 = 1;
const FIXED_32 = 5;

const HIGH_BIT = 0x80;
const LOW_BITS = 0x7f;
/** Maximum length, in bytes, of a cached text. */
const MAX_CACHED_LENGTH = 64;
/** Number of slots of the text cache: a power of two. */
const CACHE_SIZE = 1 << 14;

/**
 * Cache of decoded texts, indexed by a hash of their bytes: namespaces, nodes, labels and kinds recur with every object,
 * and comparing bytes costs less than decoding them again. A slot holds its latest text.
 */
const cachedTexts = new Array<string>(CACHE_SIZE).fill('');

/** A cursor over `bytes` from `at` to `end`, in bytes. Every method throws `WireError` rather than read beyond `end`. */
export class Wire {
  readonly bytes: Buffer;
  at: number;
  end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** The low 32 bits of a varint, unsigned: a tag, a length, an enum or a bool. */
  varint32(): number {
    const first = this.#byte();
    if (first < HIGH_BIT) return first;
    let value = first & LOW_BITS;
    for (let shift = 7; shift < 70; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) value |= (byte & LOW_BITS) << shift;
      if (byte < HIGH_BIT) return value >>> 0;
    }
    throw new WireError('a varint of more than ten bytes');
  }

  /** A signed 64-bit varint; inexact beyond 2⁵³. */
  varint64(): number {
    // 28 + 28 + 8 bits: each part fits a small integer.
    const parts = [0, 0, 0];
    for (let index = 0; index < 10; index++) {
      const byte = this.#byte();
      const part = index >> 2;
      parts[part] = (parts[part] ?? 0) | ((byte & LOW_BITS) << (7 * (index & 3)));
      if (byte < HIGH_BIT) return signed(parts[0] ?? 0, parts[1] ?? 0, (parts[2] ?? 0) & 0xff);
    }
    throw new WireError('a varint of more than ten bytes');
  }

  /** The length prefix of a field, checked against the remaining bytes. */
  length(): number {
    const length = this.varint32();
    if (length > this.end - this.at) throw new WireError('a field is longer than its message');
    return length;
  }

  /** A text that recurs in other objects, and is therefore cached. */
  text(): string {
    const length = this.length();
    const { bytes, at: from } = this;
    this.at += length;
    if (length > MAX_CACHED_LENGTH) return bytes.toString('utf8', from, this.at);
    let hash = length;
    let all = 0;
    for (let at = from; at < this.at; at++) {
      const byte = bytes[at] ?? 0;
      all |= byte;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (all >= HIGH_BIT) return bytes.toString('utf8', from, this.at);
    const place = (hash ^ (hash >>> 15)) & (CACHE_SIZE - 1);
    const text = cachedTexts[place] ?? '';
    if (isText(text, bytes, from, length)) return text;
    return (cachedTexts[place] = bytes.toString('latin1', from, this.at));
  }

  /** A text that is specific to one object and not cached: a name, a uid, an address. */
  ownText(): string {
    const length = this.length();
    const from = this.at;
    this.at += length;
    return this.bytes.toString('utf8', from, this.at);
  }

  /** Skips the value of a field of this wire type. */
  skip(type: number): void {
    if (type === BYTES) {
      const length = this.length();
      this.at += length;
    } else if (type === VARINT) {
      while (this.#byte() >= HIGH_BIT);
    } else if (type === FIXED_64 || type === FIXED_32) {
      this.at += type === FIXED_64 ? 8 : 4;
      if (this.at > this.end) throw new WireError('a field is longer than its message');
    } else {
      throw new WireError(`wire type ${type} is not one of Kubernetes'`);
    }
  }

  #byte(): number {
    if (this.at >= this.end) throw new WireError('a message ends in the middle of a field');
    return this.bytes[this.at++] ?? 0;
  }
}

/** Whether the bytes are exactly that text, all of it ASCII. */
function isText(text: string, bytes: Buffer, from: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at++) if (text.charCodeAt(at) !== bytes[from + at]) return false;
  return true;
}

function signed(low: number, middle: number, high: number): number {
  const join = (a: number, b: number, c: number): number => a + b * 2 ** 28 + c * 2 ** 56;
  if (high < HIGH_BIT) return join(low, middle, high);
  // Two's complement.
  return -join(~low & 0xfffffff, ~middle & 0xfffffff, ~high & 0xff) - 1;
}
