/** Bodies of HTTP responses in the client's middleware. */

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

/** The whole body. */
export async function bodyOf({ body }: Answer): Promise<Buffer> {
  if (isBytes(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
