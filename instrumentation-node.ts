/** Starts and stops the runtime with the server; an open stream would prevent the server from ending. */
import { asksForRights, readAuth } from './lib/server/http/auth-settings';
import { namePeers } from './lib/server/http/peer';
import { createLog } from './lib/server/log/log';
import { logSources } from './lib/server/log/log-sources';
import { logOptionsFrom } from './lib/server/log/options';
import { writeToStandardError } from './lib/server/log/standard-error';
import { endedRelay } from './lib/server/rights/ended-relay';
import { systemClock } from './lib/server/store/clock';
import { exchangeEndedSessions } from './lib/server/sign-in/exchange-ended';
import { resolveFrom } from './lib/server/runtime/from';
import { createRuntime, formatProblem, installRuntime } from './lib/server/runtime/runtime';
import { startThread } from './lib/server/runtime/start-thread';

/** Time for responses in progress when the server stops. Milliseconds. */
const LAST_BYTES_MS = 300;

export async function start(): Promise<void> {
  namePeers();
  const log = createLog({ ...logOptionsFrom(process.env), write: writeToStandardError });
  try {
    // Invalid settings end the server, instead of failing each request.
    const auth = readAuth(process.env);
    const rights = asksForRights(auth) ? { rights: { of: auth.rights } } : {};
    const from = await resolveFrom(process.env.IFSCOPE_FROM);
    const runtime = createRuntime(from, { log, startThread, ...rights });
    installRuntime(runtime);
    if (auth.oidc !== null && from.kind === 'ifscope')
      exchangeEndedSessions({
        url: from.url,
        token: process.env.IFSCOPE_FROM_TOKEN || null,
        relay: endedRelay(),
        clock: systemClock,
        fetch,
        log,
      });
    logSources(runtime.store, log);
    // Next would wait several seconds for idle keep-alive connections.
    const stop = (signal: string): void => {
      log('info', `stopping: ${signal}`);
      void runtime.stop().finally(() => setTimeout(() => process.exit(0), LAST_BYTES_MS));
    };
    process.once('SIGTERM', stop).once('SIGINT', stop);
    // `ifscope serve` holds the other end of the channel: when it ends, for any reason, this process ends too.
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    await runtime.start();
    log('info', 'started');
  } catch (error) {
    console.error(`ifscope: ${formatProblem(error)}`);
    process.exit(1);
  }
}
