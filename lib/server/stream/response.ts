/** A viewer's stream as an HTTP response. It is pulled: nothing is produced for a client that does not read. */
import { DEFLATED_EVENTS } from '../../model/delta';
import type { Viewer } from './hub';
import { LAST_BLOCK, type Form } from './piece';

const TYPES: Readonly<Record<Form, string>> = {
  text: 'text/event-stream; charset=utf-8',
  deflated: DEFLATED_EVENTS,
};

/** `form` must be the form in which the viewer was opened. */
export function streamResponse(viewer: Viewer, form: Form, signal: AbortSignal): Response {
  signal.addEventListener('abort', () => viewer.close(), { once: true });
  if (signal.aborted) viewer.close();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const bytes = await viewer.next();
        if (bytes !== null) controller.enqueue(bytes);
        else {
          if (form === 'deflated') controller.enqueue(LAST_BLOCK);
          controller.close();
        }
      },
      cancel: () => viewer.close(),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      'content-type': TYPES[form],
      vary: 'accept',
      // `no-transform` prevents compression by Next, so that every frame is flushed; `x-accel-buffering` does the same
      // for nginx.
      'cache-control': 'no-cache, no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}
