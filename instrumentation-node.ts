/** Starts and stops the runtime with the server: an open stream would keep it from ending. */
import { createLog, logOptionsFrom } from './lib/server/log/log';
import { logSources } from './lib/server/log/log-sources';
import { resolveFrom } from './lib/server/runtime/from';
import { createRuntime, formatProblem, installRuntime } from './lib/server/runtime/runtime';
import { startThread } from './lib/server/runtime/start-thread';

/** For responses that are still being written when the server stops. Milliseconds. */
const LAST_BYTES_MS = 300;

export async function start(): Promise<void> {
  const log = createLog({ ...logOptionsFrom(process.env), write: (text) => process.stderr.write(text) });
  try {
    const runtime = createRuntime(await resolveFrom(process.env.IFSCOPE_FROM), { log, startThread });
    installRuntime(runtime);
    logSources(runtime.store, log);
    // Next would wait seconds for keep-alive connections that are idle.
    const stop = (signal: string): void => {
      log('info', `stopping: ${signal}`);
      void runtime.stop().finally(() => setTimeout(() => process.exit(0), LAST_BYTES_MS));
    };
    process.once('SIGTERM', stop).once('SIGINT', stop);
    // `ifscope serve` holds the other end of the channel: when it ends, however it ends, so does this process.
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    await runtime.start();
    log('info', 'started');
  } catch (error) {
    console.error(`ifscope: ${formatProblem(error)}`);
    process.exit(1);
  }
}
