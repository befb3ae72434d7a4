/** Runs the collecting role in its own thread and connects it to the port. */
import type { MessagePort } from 'node:worker_threads';
import type { LogLevel } from '../../model/log-level';
import type { Collecting, Serving } from '../store/roles';
import type { FromCollecting, ToCollecting } from './messages';
import { Outbox } from './outbox';

/** Interval of signs of life, in milliseconds. The other thread considers this one silent when several are missing. */
const BEAT_MS = 1_000;

/** The start parameters of a thread. */
export interface ThreadData {
  /** Whether the previous thread died. */
  readonly isRestart: boolean;
}

type Log = (level: LogLevel, message: string) => void;

/**
 * `problemOf` turns an error of `start` into a problem that the user can fix; null rethrows it, which ends the thread.
 */
export async function runCollecting(
  port: MessagePort,
  { isRestart }: ThreadData,
  create: (serving: Serving, log: Log) => Collecting,
  problemOf: (error: unknown) => { readonly kind: 'usage' | 'runtime'; readonly message: string } | null,
): Promise<void> {
  const post = (message: FromCollecting, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, [...transfer]);
  const outbox = new Outbox({ post, isRestart });
  const collecting = create(outbox, (level, message) => post({ kind: 'log', level, message }));
  const beat = setInterval(() => outbox.beat(), BEAT_MS);
  const end = async (): Promise<void> => {
    clearInterval(beat);
    await collecting.stop();
    // Posted messages are still delivered. Open keep-alive connections must not keep the thread running.
    process.exit(0);
  };
  port.on('message', (message: ToCollecting) => {
    if (message.kind === 'taken') outbox.taken();
    else void end();
  });
  try {
    await collecting.start();
  } catch (error) {
    const problem = problemOf(error);
    if (problem === null) throw error;
    post({ kind: 'problem', is: problem.kind, message: problem.message });
    await end();
  }
}
