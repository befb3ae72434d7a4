/** Starts the runtime with the server, and ends it with the server: an open stream would hold `next start` up for ever. */
import { resolveFrom } from './lib/server/runtime/from';
import { createRuntime, formatProblem, installRuntime } from './lib/server/runtime/runtime';

/** For answers that were being written when the end came. Milliseconds. */
const LAST_BYTES_MS = 300;

export async function start(): Promise<void> {
  try {
    const runtime = createRuntime(await resolveFrom(process.env.IFSCOPE_FROM), {
      log: (level, message) => {
        if (level !== 'info') console.error(`ifscope: ${level}: ${message}`);
      },
    });
    installRuntime(runtime);
    // Next waits for the kept-alive connections of those who were there, for seconds; what they still read is on its way.
    const stop = (): void => void runtime.stop().finally(() => setTimeout(() => process.exit(0), LAST_BYTES_MS));
    process.once('SIGTERM', stop).once('SIGINT', stop);
    // `ifscope serve` holds the other end: when it is gone, however it went, so are we.
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    await runtime.start();
  } catch (error) {
    console.error(`ifscope: ${formatProblem(error)}`);
    process.exit(1);
  }
}
