/** A viewer as an HTTP response. Pulled: for a client that does not read, nothing is produced. */
import type { Viewer } from './hub';

export function streamResponse(
  viewer: Viewer,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Response {
  signal.addEventListener('abort', () => viewer.close(), { once: true });
  if (signal.aborted) viewer.close();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const bytes = await viewer.next();
        if (bytes === null) controller.close();
        else controller.enqueue(bytes);
      },
      cancel: () => viewer.close(),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      // `no-transform` keeps Next from compressing, so that every frame is flushed; `x-accel-buffering` does that in
      // nginx.
      'cache-control': 'no-cache, no-store, no-transform',
      'x-accel-buffering': 'no',
      ...headers,
    },
  });
}
