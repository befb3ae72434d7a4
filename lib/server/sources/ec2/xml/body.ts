/** Bodies of HTTP responses in the client's middleware. */
import { releaseBytes } from '../../../../model/release-bytes';

/** A successful response. */
export interface Answer {
  readonly statusCode: number;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

/** Whether the response is a success with a readable body. */
export function isAnswer(response: unknown): response is Answer {
  if (typeof response !== 'object' || response === null) return false;
  const { statusCode, body } = response as { readonly statusCode?: unknown; readonly body?: unknown };
  const isReadable = typeof body === 'object' && body !== null && (Symbol.asyncIterator in body || isBytes(body));
  return typeof statusCode === 'number' && statusCode < 300 && isReadable;
}

const isBytes = (body: object): body is Uint8Array => body instanceof Uint8Array;

/** The whole body, in memory of its own. */
export async function bodyOf({ body }: Answer): Promise<Buffer> {
  if (isBytes(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let bytes = new Uint8Array(FIRST_BYTES);
  let length = 0;
  for await (const chunk of body) {
    if (length + chunk.length > bytes.length) bytes = enlarged(bytes, length + chunk.length);
    bytes.set(chunk, length);
    length += chunk.length;
    releaseBytes(chunk);
  }
  return Buffer.from(bytes.buffer.transfer(length));
}

const FIRST_BYTES = 1 << 16;

const enlarged = (bytes: Uint8Array<ArrayBuffer>, least: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(bytes.buffer.transfer(Math.max(least, 2 * bytes.length)));
