/** Why the pod of an agent is not Ready: what its own status says of the container that does not run. */
import { count, fields, items, text } from '../read/guards';
import type { Fields } from '../read/guards';

/** Reasons whose message names the image or the key that is wrong; that of others repeats the reason. */
const REPORTED_REASONS = /Image|Registry|CreateContainer|RunContainer/;

const AGENT = 'aws-node';

/** In characters. */
const MAX_TEXT_LENGTH = 256;

/** How it ended; empty when it has not. Its own message may quote its log, and is not kept. */
function ended(state: unknown, how: string): string {
  const { terminated } = fields(state);
  if (terminated === undefined) return '';
  const { exitCode, reason } = fields(terminated);
  return `${how} ${[...(text(reason) === null ? [] : [text(reason)]), `exit code ${count(exitCode) ?? 0}`].join(', ')}`;
}

function troubleOf(kind: string, value: unknown): string | null {
  const { name, state, lastState, ready, restartCount } = fields(value);
  const label = `${kind} ${text(name) ?? ''}`;
  const { waiting, running } = fields(state);
  const restarts = count(restartCount) ?? 0;
  const again = restarts === 0 ? '' : `, restarted ${restarts} ${restarts === 1 ? 'time' : 'times'}`;
  const past = again + ended(lastState, ', last ended:');
  const reason = text(fields(waiting)['reason']);
  // The first start of all containers, which wait for one another.
  if (reason !== null && reason !== 'PodInitializing' && reason !== 'ContainerCreating') {
    const message = REPORTED_REASONS.test(reason)
      ? (text(fields(waiting)['message']) ?? '').replace(/\s+/g, ' ').trim()
      : '';
    return `${label} waits: ${reason}${message === '' ? '' : ` (${message})`}${past}`.slice(0, MAX_TEXT_LENGTH);
  }
  if (kind !== 'container' || ready === true) return null;
  const now = ended(state, 'has ended:');
  if (now !== '') return `${label} ${now}${again}`;
  return running === undefined ? null : `${label} runs and is not ready${past}`;
}

/** Of a pod of aws-node that is not Ready: whether its own container is, and what keeps the pod from it. */
export interface AgentState {
  readonly ready: boolean | null;
  readonly trouble: string | null;
}

/** Null where the pod is Ready, or its status does not say. What starts first decides first, then the agent itself. */
export function agentState(status: Fields, ready: boolean | null): AgentState | null {
  if (ready !== false) return null;
  const main = items(status['containerStatuses']).map(fields);
  const own = main.find(({ name }) => name === AGENT);
  const trouble =
    items(status['initContainerStatuses']).flatMap((one) => troubleOf('init container', one) ?? [])[0] ??
    [own, ...main].flatMap((one) => troubleOf('container', one) ?? [])[0] ??
    null;
  const isReady = own === undefined ? null : own['ready'] === true;
  return trouble === null && isReady === null ? null : { ready: isReady, trouble };
}
