/** The desk in a worker: reading a large capture does not hold up the page. */
import { answerAt, lineOf } from './answer';
import { Desk } from './desk';
import type { Reply, ToDesk } from './messages';

const desk = new Desk();

addEventListener('message', ({ data: { number, ...message } }: MessageEvent<ToDesk & { readonly number: number }>) => {
  answerAt(desk, message).then(
    (result) => {
      const reply: Reply = { number, result };
      postMessage(reply, { transfer: result instanceof Uint8Array ? [result.buffer] : [] });
    },
    (error: unknown) => {
      const reply: Reply = { number, error: lineOf(error) };
      postMessage(reply);
    },
  );
});
