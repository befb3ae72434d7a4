/** `GET /version`: the server's version, readable by every authenticated identity; null when the request failed. */
import type { Timers } from '../timers';
import { createWatchdog } from '../watchdog';
import type { Policy } from './policy';
import type { Transport } from './transport';

/** `gitVersion`, at most 64 characters. Never rejects. */
export async function readServerVersion(
  transport: Transport,
  timers: Timers,
  policy: Policy,
  signal: AbortSignal,
): Promise<string | null> {
  const dog = createWatchdog(timers, signal);
  dog.expect(policy.headersMs, 'version');
  try {
    const answer = await transport.request('/version', {}, { signal: dog.signal });
    const body = await answer.text(64 << 10);
    if (answer.status !== 200) return null;
    const { gitVersion } = JSON.parse(body) as { gitVersion?: unknown };
    return typeof gitVersion === 'string' && gitVersion !== '' ? gitVersion.slice(0, 64) : null;
  } catch {
    // The reflectors encounter the same error and report it; the version is only displayed.
    return null;
  } finally {
    dog.stop();
  }
}
