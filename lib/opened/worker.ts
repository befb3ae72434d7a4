/**
 * The worker that reads opened files, so that a large capture does not block the page. Built separately
 * (`lib/cli/page/desk.ts`).
 */
import { createDesk } from './answer';
import type { Asked, Answered } from './messages';

const desk = createDesk();

addEventListener('message', ({ data: { number, message } }: MessageEvent<Asked>) => {
  void desk(message).then((reply) => {
    const answered: Answered = { number, reply };
    const bytes = 'result' in reply && reply.result instanceof Uint8Array ? [reply.result.buffer] : [];
    postMessage(answered, { transfer: bytes });
  });
});
