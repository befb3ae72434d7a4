/** Encrypts values that a browser stores for the server and can neither read nor change. */
import { hkdfSync } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CompactEncrypt, compactDecrypt } from 'jose';

/** Maximum size of the content after decompression; a cookie is much smaller. */
const MAX_BYTES = 64 * 1024;

/** Encrypts and decrypts values for one purpose. */
export class Seal {
  readonly #key: Uint8Array;

  /** A value sealed for one purpose cannot be opened for another. */
  constructor(secret: string, purpose: string) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret, 'ifscope', purpose, 32));
  }

  /** Encrypts a value that expires at `until`, epoch milliseconds. */
  close(value: unknown, until: number): Promise<string> {
    const bytes = deflateRawSync(JSON.stringify({ value, until }));
    return new CompactEncrypt(bytes).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(this.#key);
  }

  /** Decrypts a value; null if it was not sealed with this key or has expired. */
  async open(text: string, now: number): Promise<{ readonly value: unknown; readonly until: number } | null> {
    try {
      const { plaintext } = await compactDecrypt(text, this.#key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      const bytes = inflateRawSync(plaintext, { maxOutputLength: MAX_BYTES });
      const sealed = JSON.parse(bytes.toString()) as { readonly value: unknown; readonly until: number };
      return now < sealed.until ? sealed : null;
    } catch {
      return null;
    }
  }
}
