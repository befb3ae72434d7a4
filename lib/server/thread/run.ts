/** Runs the collecting role in its own thread: everything that it tells goes through the port, and so does the end. */
import type { MessagePort } from 'node:worker_threads';
import type { Collecting, Serving } from '../store/roles';
import type { FromCollecting, ToCollecting } from './messages';
import { Outbox } from './outbox';

/** How often the thread says that it is alive. The other one calls it silent after several. */
const BEAT_MS = 1_000;

export interface ThreadData {
  /** The thread before this one died. */
  readonly again: boolean;
}

type Log = (level: 'info' | 'warn' | 'error', message: string) => void;

/** `problemOf`: what the user can act on, of whatever `start` threw; null throws it on, which ends the thread. */
export async function runCollecting(
  port: MessagePort,
  { again }: ThreadData,
  create: (serving: Serving, log: Log) => Collecting,
  problemOf: (error: unknown) => { readonly kind: 'usage' | 'runtime'; readonly message: string } | null,
): Promise<void> {
  const post = (message: FromCollecting, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, [...transfer]);
  const outbox = new Outbox({ post, again });
  const collecting = create(outbox, (level, message) => post({ kind: 'log', level, message }));
  const beat = setInterval(() => outbox.beat(), BEAT_MS);
  const end = async (): Promise<void> => {
    clearInterval(beat);
    await collecting.stop();
    // The port's other end still gets what was posted. Connections that are kept alive must not keep the thread alive.
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
