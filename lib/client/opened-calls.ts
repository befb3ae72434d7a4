/**
 * Asks the desk at which opened files are read. It works in the page, a few milliseconds at a time: as a worker it would share
 * so much with the page that the first picture waited for 5 KB more.
 */
import type { Asking, FromDesk, Question, Reply, ToDesk } from '../opened/messages';

export interface DeskCalls {
  /** Rejects with one line for the reader. */
  readonly call: <Q extends Question>(ask: Q, given: Asking<Q>) => Promise<FromDesk[Q]>;
}

export function startDesk(): DeskCalls {
  const started = import('../opened/answer').then(({ createDesk }) => createDesk());
  return {
    call: async <Q extends Question>(ask: Q, given: Asking<Q>) => {
      const answered: Reply = await (await started)({ ask, ...given } as unknown as ToDesk);
      if ('error' in answered) throw new Error(answered.error);
      return answered.result as FromDesk[Q];
    },
  };
}
