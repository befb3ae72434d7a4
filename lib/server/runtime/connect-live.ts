/**
 * From a `From` that names a cluster to its sources: configuration in, connected clients out. Loaded only when a cluster
 * is meant, because both SDKs take a second to load. Makes no request: a cluster that does not answer is a source state.
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
import type { From } from './from';
import { createLiveSources, REQUIRED, type LiveSources } from './live-sources';
import { Problem } from './problem';
import type { Tap } from './tap';

export interface ConnectOptions {
  readonly log: SourceContext['log'];
  readonly tap?: Tap;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly replica: Replica;
}

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

/** Nobody else needs the demo account's calls, so its picture may follow EC2 closely. */
const DEMO_POLICY: Partial<Ec2Policy> = { gapMs: 50, hintGapMs: 250, pollMs: 10_000 };

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

/** The zone of any node: names the region where neither environment, shared configuration nor cluster name does. */
const zoneOf = (replica: Replica) => (): string | null => {
  for (const node of replica.records.nodes.values()) if (node.zone !== null) return node.zone;
  return null;
};

/** A number of seconds in the environment, as milliseconds. */
function seconds(env: ConnectOptions['env'], name: string, least: number): number | null {
  const text = env[name] ?? '';
  if (text === '') return null;
  const value = Number(text);
  if (Number.isFinite(value) && value >= least) return value * 1_000;
  throw new Problem('usage', `${name}=${text}: give a number of seconds, ${least} or more`);
}

/**
 * How often EC2 is asked, and how long between two calls, where the environment says so. Who wants it read often does not want
 * to wait longer after a failure than between two sweeps.
 */
export function policyFrom(env: ConnectOptions['env']): Partial<Ec2Policy> {
  const pollMs = seconds(env, 'IFSCOPE_EC2_POLL_SECONDS', 1);
  const gapMs = seconds(env, 'IFSCOPE_EC2_GAP_SECONDS', 0);
  return {
    ...(pollMs === null ? {} : { pollMs, commonMs: Math.min(pollMs, EC2_POLICY.commonMs) }),
    ...(gapMs === null ? {} : { gapMs, hintGapMs: gapMs }),
  };
}

async function connectClients(from: From, { env, replica }: ConnectOptions): Promise<Clients> {
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

function tapEc2(client: EC2Client, tap: Tap): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const { commandName } = context as { readonly commandName?: string };
      tap.ec2((commandName ?? '').replace(/Command$/, ''), result.output);
      return result;
    },
    { step: 'initialize', name: 'ifscopeTap' },
  );
}

/** Shows the tap what aws-node's pods answer through the API server's proxy. */
function tapTransport(transport: Transport, tap: Tap): Transport {
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
          tap.metrics(decodeURIComponent(pod), text);
          return text;
        },
      };
    },
  };
}

export async function connectLive(from: From, options: ConnectOptions): Promise<Connected> {
  const clients = await connectClients(from, options);
  const { tap } = options;
  if (tap !== undefined) tapEc2(clients.client, tap);
  const live = createLiveSources(
    { now: () => systemClock.now(), random: () => Math.random(), log: options.log },
    {
      transport: tap === undefined ? clients.transport : tapTransport(clients.transport, tap),
      clusterName: clients.clusterName,
      ec2: options.env.IFSCOPE_EC2 === 'off' ? null : { client: clients.client, policy: clients.policy },
      awsNode: options.env.IFSCOPE_AWS_NODE !== 'off',
      replica: options.replica,
      ...(tap === undefined ? {} : { tap }),
    },
  );
  return { live, required: REQUIRED, demo: from.kind === 'demo', close: () => clients.close() };
}
