/** Responses: small JSON, one-line errors that name the value and the remedy, long bodies in pieces. */

/** A JSON response that is not cached. */
export const json = (value: unknown, status = 200): Response =>
  new Response(`${JSON.stringify(value)}\n`, {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });

/** A JSON response with a one-line error: the problem and the remedy. */
export const refuse = (status: number, error: string): Response => json({ error }, status);

/** Answers other methods of a path that accepts only `POST`. */
export function onlyPost(): Promise<Response> {
  const answer = refuse(405, 'send a POST request');
  answer.headers.set('allow', 'POST');
  return Promise.resolve(answer);
}

/** Whether `If-None-Match` names this tag; weak tags match strong ones (RFC 9110 §13.1.2). */
export const matchesTag = (header: string | null, tag: string): boolean =>
  header !== null &&
  (header.trim() === '*' || header.split(',').some((item) => item.trim().replace(/^W\//, '') === tag));

/** A body that is produced on demand, one piece whenever the client can take it. */
export function bodyOf(pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
