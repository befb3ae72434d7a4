/** Small responses: JSON, and an error in one line that names the value and the remedy. */

export const json = (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(`${JSON.stringify(value)}\n`, {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  });

export const refuse = (status: number, error: string): Response => json({ error }, status);

/** Whether `If-None-Match` names this tag; weak tags match strong ones (RFC 9110 §13.1.2). */
export const matchesTag = (header: string | null, tag: string): boolean =>
  header !== null &&
  (header.trim() === '*' || header.split(',').some((item) => item.trim().replace(/^W\//, '') === tag));
