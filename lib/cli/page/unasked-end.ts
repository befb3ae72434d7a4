/** Explains an unexpected end of the server process. */
import { Problem } from '../../server/runtime/problem';

const REMEDY = 'raise the memory limit of the container';

/** The problem to report if a signal ended the server; null after an exit, which the server has reported itself. */
export function problemOfEnd(signal: NodeJS.Signals | null): Problem | null {
  switch (signal) {
    case null:
      return null;
    case 'SIGKILL':
      return new Problem('runtime', `the server was killed, most likely because it ran out of memory: ${REMEDY}`);
    // Node aborts when the heap is full.
    case 'SIGABRT':
      return new Problem(
        'runtime',
        `the server aborted, most likely because its heap was full: ${REMEDY}, or --max-old-space-size (MiB) in NODE_OPTIONS`,
      );
    default:
      return new Problem('runtime', `the server was terminated by ${signal}`);
  }
}
