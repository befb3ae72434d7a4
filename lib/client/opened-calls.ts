/**
 * Calls the worker that reads opened files. In production its script is a file of its own (`lib/cli/page/desk.ts`):
 * otherwise the code it shares with the page would be kept whole in the first bundle, 6 KB more.
 */
import type {
  NumberedReply,
  NumberedRequest,
  RequestParameters,
  DeskResults,
  RequestKind,
  Reply,
  DeskRequest,
} from '../opened/messages';
import { startDesk } from './start-desk';

/** Calls the worker that reads files. */
export interface DeskCalls {
  /** Rejects with a one-line message for the user. */
  readonly call: <Q extends RequestKind>(ask: Q, given: RequestParameters<Q>) => Promise<DeskResults[Q]>;
}

type Desk = (message: DeskRequest) => Promise<Reply>;

function startWorker(): Desk {
  const worker = startDesk();
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  /** The reply to every further request once the worker has failed. */
  let failed: Reply | null = null;
  worker.onmessage = ({ data: { number, reply } }: MessageEvent<NumberedReply>) => {
    waiting.get(number)?.(reply);
    waiting.delete(number);
  };
  worker.onerror = () => {
    // The script may have gone with an older build, or memory may be exhausted.
    failed = { error: 'Files cannot be read now: the reader did not start, or ran out of memory. Reload the page.' };
    for (const answer of waiting.values()) answer(failed);
    waiting.clear();
  };
  return (message) =>
    new Promise((resolve) => {
      if (failed !== null) {
        resolve(failed);
        return;
      }
      const asked: NumberedRequest = { number: ++last, message };
      waiting.set(asked.number, resolve);
      worker.postMessage(asked);
    });
}

/** Starts a worker; it runs until it is closed. */
export function openDesk(): DeskCalls {
  const desk = startWorker();
  return {
    call: async <Q extends RequestKind>(ask: Q, given: RequestParameters<Q>) => {
      const answered = await desk({ ask, ...given } as unknown as DeskRequest);
      if ('error' in answered) throw new Error(answered.error);
      return answered.result as DeskResults[Q];
    },
  };
}
