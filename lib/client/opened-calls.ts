/**
 * Asks the desk at which opened files are read. In production it is a worker in a file of its own (`lib/cli/page/desk.ts`): what it
 * shares with the page would otherwise be kept whole in what the first picture waits for, 6 KB more.
 */
import type { Answered, Asked, Asking, FromDesk, Question, Reply, ToDesk } from '../opened/messages';
import { basePath } from './base-path';

export interface DeskCalls {
  /** Rejects with one line for the reader. */
  readonly call: <Q extends Question>(ask: Q, given: Asking<Q>) => Promise<FromDesk[Q]>;
}

type Desk = (message: ToDesk) => Promise<Reply>;

function startWorker(file: string): Desk {
  const worker = new Worker(`${basePath()}${file}`, { type: 'module' });
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  worker.onmessage = ({ data: { number, reply } }: MessageEvent<Answered>) => {
    waiting.get(number)?.(reply);
    waiting.delete(number);
  };
  worker.onerror = () => {
    for (const answer of waiting.values()) answer({ error: 'It could not be read: this browser ran out of memory' });
    waiting.clear();
  };
  return (message) =>
    new Promise((resolve) => {
      const asked: Asked = { number: ++last, message };
      waiting.set(asked.number, resolve);
      worker.postMessage(asked);
    });
}

export function startDesk(): DeskCalls {
  const desk = startWorker(process.env.NEXT_PUBLIC_DESK ?? '');
  return {
    call: async <Q extends Question>(ask: Q, given: Asking<Q>) => {
      const answered = await desk({ ask, ...given } as unknown as ToDesk);
      if ('error' in answered) throw new Error(answered.error);
      return answered.result as FromDesk[Q];
    },
  };
}
