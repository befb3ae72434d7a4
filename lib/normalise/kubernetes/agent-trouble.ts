/** Why an agent's pod is not Ready, according to the status of its containers. */
import { count, fields, items, text } from '../read/guards';
import type { Fields } from '../read/guards';

/** Reasons whose message names the wrong image or key; messages of other reasons only repeat the reason. */
const REPORTED_REASONS = /Image|Registry|CreateContainer|RunContainer/;

const AGENT = 'aws-node';

/** Characters. */
const MAX_TEXT_LENGTH = 256;

/** How the container ended; empty if it has not. Its own message may quote its log, so it is not kept. */
function ended(state: unknown, how: string): string {
  const { terminated } = fields(state);
  if (terminated === undefined) return '';
  const { exitCode, reason, startedAt, finishedAt } = fields(terminated);
  const said = [text(reason), `exit code ${count(exitCode) ?? 0}`, ranFor(startedAt, finishedAt)];
  return `${how} ${said.filter((one) => one !== null).join(', ')}`;
}

/** Seconds: a container that ran for longer had started. */
const SHORT = 600;

/** How long the container ran, if that was too short for it to have started. */
function ranFor(startedAt: unknown, finishedAt: unknown): string | null {
  const seconds = (Date.parse(text(finishedAt) ?? '') - Date.parse(text(startedAt) ?? '')) / 1000;
  return seconds >= 0 && seconds < SHORT ? `after ${Math.round(seconds)} seconds` : null;
}

function troubleOf(kind: string, value: unknown): string | null {
  const { name, state, lastState, ready, restartCount } = fields(value);
  const label = `${kind} ${text(name) ?? ''}`;
  const { waiting, running } = fields(state);
  const restarts = count(restartCount) ?? 0;
  const again = restarts === 0 ? '' : `, restarted ${restarts} ${restarts === 1 ? 'time' : 'times'}`;
  const past = again + ended(lastState, ', last ended:');
  const reason = text(fields(waiting)['reason']);
  // Normal during the first start: containers wait for each other.
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

/** The state of an aws-node pod that is not Ready: whether its container aws-node is ready, and why the pod is not. */
export interface AgentState {
  readonly ready: boolean | null;
  readonly trouble: string | null;
}

/** Null if the pod is Ready, or its status shows no reason. Init containers are checked first, then the agent itself. */
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
