/** Up to this length, writing letter by letter is faster than a call of the encoder. */
const MAX_SHORT = 64;

/** Writes protobuf backwards, as Kubernetes' generated Go code does: a message is complete when its length is written. */
export class Writer {
  #bytes = Buffer.allocUnsafe(16 << 10);
  /** Everything from here to the end is written. */
  #at = this.#bytes.length;

  /** Bytes written so far. */
  get size(): number {
    return this.#bytes.length - this.#at;
  }

  /** Starts over with an empty buffer. */
  begin(): void {
    this.#at = this.#bytes.length;
  }

  /** A copy of what was written. */
  take(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#at));
  }

  /** The tag of a field; after its value. `wireType`: 0 varint, 2 bytes. */
  tag(number: number, wireType: 0 | 2): void {
    this.varint((number << 3) | wireType);
  }

  /** An integer; negative ones take ten bytes. */
  varint(value: number): void {
    if (value < 0) {
      this.#varint(BigInt.asUintN(64, BigInt(value)));
      return;
    }
    if (value < 128) {
      this.#reserve(1);
      this.#bytes[--this.#at] = value;
      return;
    }
    const groups: number[] = [];
    let left = value;
    do {
      groups.push(left % 128);
      left = Math.floor(left / 128);
    } while (left > 0);
    this.#groups(groups);
  }

  text(value: string): void {
    if (value.length <= MAX_SHORT && this.#ascii(value)) return;
    const length = Buffer.byteLength(value);
    this.#reserve(length);
    this.#at -= length;
    this.#bytes.write(value, this.#at);
    this.varint(length);
  }

  bytes(value: Uint8Array): void {
    this.raw(value);
    this.varint(value.length);
  }

  /** Bytes without their length. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#at -= value.length;
    this.#bytes.set(value, this.#at);
  }

  /** Writes a text of ASCII characters only; false for any other. */
  #ascii(value: string): boolean {
    const { length } = value;
    this.#reserve(length);
    const start = this.#at - length;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code > 127) return false;
      this.#bytes[start + index] = code;
    }
    this.#at = start;
    this.varint(length);
    return true;
  }

  #varint(value: bigint): void {
    const groups: number[] = [];
    let left = value;
    do {
      groups.push(Number(left & 127n));
      left >>= 7n;
    } while (left > 0n);
    this.#groups(groups);
  }

  /** Seven bits each, the lowest first; all but the last have the high bit. */
  #groups(groups: readonly number[]): void {
    this.#reserve(groups.length);
    for (let index = groups.length - 1; index >= 0; index--) {
      const bits = groups[index] ?? 0;
      this.#bytes[--this.#at] = index === groups.length - 1 ? bits : bits | 128;
    }
  }

  #reserve(length: number): void {
    if (length <= this.#at) return;
    const old = this.#bytes;
    const { size } = this;
    this.#bytes = Buffer.allocUnsafe(Math.max(old.length * 2, size + length + 64));
    old.copy(this.#bytes, this.#bytes.length - size, this.#at);
    this.#at = this.#bytes.length - size;
  }
}
