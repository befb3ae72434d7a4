/** The desk in a worker: reading a large capture does not hold up the page. Built by itself (`lib/cli/page/desk.ts`). */
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
