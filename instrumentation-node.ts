/** Starts the runtime with the server, and ends it with the server: an open stream would hold `next start` up for ever. */
import { formatProblem, getRuntime } from './lib/server/runtime/runtime';

export async function start(): Promise<void> {
  const runtime = getRuntime();
  const stop = (): void => void runtime.stop();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  // `ifscope serve` holds the other end: when it is gone, however it went, so are we.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  try {
    await runtime.start();
  } catch (error) {
    console.error(`ifscope: ${formatProblem(error)}`);
    process.exit(1);
  }
}
