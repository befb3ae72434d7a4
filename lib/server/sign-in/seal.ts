/** Values that a browser keeps for us and can neither read nor change. */
import { hkdfSync } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CompactEncrypt, compactDecrypt } from 'jose';

/** Larger ones are refused: a cookie is a small thing. */
const MOST_BYTES = 64 * 1024;

export class Seal {
  readonly #key: Uint8Array;

  /** Nothing that is sealed for one purpose can be opened for another. */
  constructor(secret: string, purpose: string) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret, 'ifscope', purpose, 32));
  }

  /** `until`: epoch milliseconds. */
  close(value: unknown, until: number): Promise<string> {
    const bytes = deflateRawSync(JSON.stringify({ value, until }));
    return new CompactEncrypt(bytes).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(this.#key);
  }

  /** Null for what was not sealed here, and for what is over. */
  async open(text: string, now: number): Promise<{ readonly value: unknown; readonly until: number } | null> {
    try {
      const { plaintext } = await compactDecrypt(text, this.#key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      const bytes = inflateRawSync(plaintext, { maxOutputLength: MOST_BYTES });
      const sealed = JSON.parse(bytes.toString()) as { readonly value: unknown; readonly until: number };
      return now < sealed.until ? sealed : null;
    } catch {
      return null;
    }
  }
}
