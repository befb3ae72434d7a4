/** Asks the worker in which opened files are read; one call, one answer. */
import type { Asking, FromDesk, Question, Reply } from '../../opened/messages';

export interface DeskCalls {
  /** Rejects with one line for the reader. */
  readonly call: <Q extends Question>(ask: Q, given: Asking<Q>) => Promise<FromDesk[Q]>;
  readonly stop: () => void;
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

export function startDesk(): DeskCalls {
  const worker = new Worker(new URL('../../opened/worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    const asked = waiting.get(data.number);
    waiting.delete(data.number);
    if ('error' in data) asked?.reject(new Error(data.error));
    else asked?.resolve(data.result as never);
  };
  worker.onerror = () => {
    for (const { reject } of waiting.values())
      reject(new Error('It could not be read: this browser ran out of memory'));
    waiting.clear();
  };
  return {
    call: (ask, given) =>
      new Promise((resolve, reject) => {
        const number = ++last;
        waiting.set(number, { resolve, reject });
        worker.postMessage({ number, ask, ...given });
      }),
    stop: () => worker.terminate(),
  };
}
