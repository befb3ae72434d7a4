/**
 * Creates the clients and sources of a cluster from its configuration. Loaded only for a cluster, because both SDKs
 * take a second to load. Sends no request: a cluster that does not respond is a source state.
 */
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Replica } from '../../records/replica';
import { createEc2Client } from '../sources/ec2/client';
import { EC2_POLICY, type Ec2Policy } from '../sources/ec2/policy';
import { connect, connectInCluster } from '../sources/kubernetes/connection';
import { ConnectionError } from '../sources/kubernetes/kubeconfig';
import { createTokenTransport, type Transport } from '../sources/kubernetes/transport';
import type { SourceContext } from '../sources/source';
import { systemClock } from '../store/clock';
import type { ClusterFrom } from './from';
import { createLiveSources, REQUIRED, type LiveSources } from './live-sources';
import { Problem } from './problem';
import type { AnswerRecorder } from './answer-recorder';

/** Options. `replica`: the records in which the sources look up nodes and pods. */
export interface ConnectLiveOptions {
  readonly log: SourceContext['log'];
  readonly recorder?: AnswerRecorder;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly replica: Replica;
  readonly lagOf: SourceContext['lagOf'];
}

/** A cluster's clients and sources; call `close` after the sources have stopped. */
export interface Connected {
  readonly live: LiveSources;
  readonly required: ReadonlySet<string>;
  readonly demo: boolean;
  readonly close: () => Promise<void>;
}

interface Clients {
  readonly transport: Transport;
  readonly clusterName: string | null;
  readonly client: EC2Client;
  readonly policy: Partial<Ec2Policy>;
  readonly close: () => Promise<void>;
}

/** Nothing else uses the demo's API quota, so EC2 can be polled often. */
const DEMO_POLICY: Partial<Ec2Policy> = { gapMs: 50, targetedGapMs: 250, pollMs: 10_000 };

async function startDemo(): Promise<Clients> {
  const { startSim } = await import('../../sim/sim');
  const sim = await startSim();
  return {
    transport: createTokenTransport(sim.kubernetesUrl, sim.token),
    clusterName: sim.name,
    client: createEc2Client({
      region: sim.region,
      endpoint: sim.ec2Url,
      credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' },
    }),
    policy: DEMO_POLICY,
    close: () => sim.stop(),
  };
}

/** The zone of any node; it gives the region if neither the environment nor the shared configuration does. */
const zoneOf = (replica: Replica) => (): string | null => {
  for (const node of replica.records.nodes.values()) if (node.zone !== null) return node.zone;
  return null;
};

const LONGEST_SECONDS = 86_400;

/** A number of seconds from the environment, in milliseconds; null when the variable is not set. Throws a `Problem`. */
function seconds(env: ConnectLiveOptions['env'], name: string, least: number): number | null {
  const text = env[name] ?? '';
  if (text === '') return null;
  const value = Number(text);
  // Node's timers support at most 24 days, and fire immediately for more.
  if (value >= least && value <= LONGEST_SECONDS) return value * 1_000;
  throw new Problem('usage', `${name}=${text}: give seconds, a number from ${least} to ${LONGEST_SECONDS}`);
}

/**
 * The EC2 poll interval and the gap between calls, from the environment. No wait after a failure exceeds the poll
 * interval.
 */
export function policyFrom(env: ConnectLiveOptions['env']): Partial<Ec2Policy> {
  const pollMs = seconds(env, 'IFSCOPE_EC2_POLL_SECONDS', 1);
  const gapMs = seconds(env, 'IFSCOPE_EC2_GAP_SECONDS', 0);
  return {
    ...(pollMs === null ? {} : { pollMs, commonMs: Math.min(pollMs, EC2_POLICY.commonMs) }),
    ...(gapMs === null ? {} : { gapMs, firstGapMs: gapMs, targetedGapMs: gapMs }),
  };
}

async function connectClients(from: ClusterFrom, { env, replica }: ConnectLiveOptions): Promise<Clients> {
  if (from.kind === 'demo') return startDemo();
  try {
    const { transport, clusterName } =
      from.kind === 'context' ? connect({ context: from.context, env }) : connectInCluster(env);
    return {
      transport,
      clusterName,
      client: createEc2Client({ zone: zoneOf(replica) }),
      policy: policyFrom(env),
      close: () => Promise.resolve(),
    };
  } catch (error) {
    if (error instanceof ConnectionError) throw new Problem('runtime', error.message);
    throw error;
  }
}

function recordEc2(client: EC2Client, recorder: AnswerRecorder): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const { commandName } = context as { readonly commandName?: string };
      recorder.ec2((commandName ?? '').replace(/Command$/, ''), result.output);
      return result;
    },
    { step: 'initialize', name: 'ifscopeRecorder' },
  );
}

/** Records the metrics that aws-node pods return through the API server's proxy. */
function recordMetrics(transport: Transport, recorder: AnswerRecorder): Transport {
  return {
    ...transport,
    async request(path, query, options) {
      const answer = await transport.request(path, query, options);
      const pod = /\/pods\/([^/:]+):\d+\/proxy\/metrics$/.exec(path)?.[1];
      if (pod === undefined || answer.status !== 200) return answer;
      return {
        ...answer,
        async text(most, onChunk) {
          const text = await answer.text(most, onChunk);
          recorder.metrics(decodeURIComponent(pod), text);
          return text;
        },
      };
    },
  };
}

/** Connects to the cluster. Throws a `Problem` for an invalid configuration. */
export async function connectLive(from: ClusterFrom, options: ConnectLiveOptions): Promise<Connected> {
  const clients = await connectClients(from, options);
  try {
    return {
      live: liveSources(clients, options),
      required: REQUIRED,
      demo: from.kind === 'demo',
      close: clients.close,
    };
  } catch (error) {
    // The demo's server would keep the process running.
    await clients.close();
    throw error;
  }
}

function liveSources({ client, transport, clusterName, policy }: Clients, options: ConnectLiveOptions): LiveSources {
  const { recorder, env, replica } = options;
  if (recorder !== undefined) recordEc2(client, recorder);
  return createLiveSources(
    { now: () => systemClock.now(), random: () => Math.random(), lagOf: options.lagOf, log: options.log },
    {
      transport: recorder === undefined ? transport : recordMetrics(transport, recorder),
      clusterName,
      ec2: { client, policy },
      env,
      replica,
      ...(recorder === undefined ? {} : { recorder }),
    },
  );
}
