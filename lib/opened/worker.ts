/**
 * The worker that reads opened files, so that a large capture does not block the page. Built separately
 * (`lib/cli/page/desk.ts`).
 */
import { createDesk } from './answer';
import type { NumberedRequest, NumberedReply } from './messages';

const desk = createDesk();

addEventListener('message', ({ data: { number, message } }: MessageEvent<NumberedRequest>) => {
  void desk(message).then((reply) => {
    const answered: NumberedReply = { number, reply };
    const bytes = 'result' in reply && reply.result instanceof Uint8Array ? [reply.result.buffer] : [];
    postMessage(answered, { transfer: bytes });
  });
});
