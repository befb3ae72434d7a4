/** Starts and stops the runtime with the server: an open stream would keep `next start` from ending. */
import { asksForRights, readAuth } from './lib/server/http/auth-settings';
import { namePeers } from './lib/server/http/peer';
import { resolveFrom } from './lib/server/runtime/from';
import { createRuntime, formatProblem, installRuntime } from './lib/server/runtime/runtime';
import { startThread } from './lib/server/runtime/start-thread';

/** For responses that are still being written when the server stops. Milliseconds. */
const LAST_BYTES_MS = 300;

export async function start(): Promise<void> {
  namePeers();
  try {
    // Settings that cannot be meant end the server, rather than each request.
    const auth = readAuth(process.env);
    const runtime = createRuntime(await resolveFrom(process.env.IFSCOPE_FROM), {
      log: (level, message) => {
        if (level !== 'info') console.error(`ifscope: ${level}: ${message}`);
      },
      startThread,
      ...(asksForRights(auth) ? { rights: { of: auth.rights } } : {}),
    });
    installRuntime(runtime);
    // Next would wait seconds for keep-alive connections that are idle.
    const stop = (): void => void runtime.stop().finally(() => setTimeout(() => process.exit(0), LAST_BYTES_MS));
    process.once('SIGTERM', stop).once('SIGINT', stop);
    // `ifscope serve` holds the other end of the channel: when it ends, however it ends, so does this process.
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    await runtime.start();
  } catch (error) {
    console.error(`ifscope: ${formatProblem(error)}`);
    process.exit(1);
  }
}
