/**
 * A simulated EKS cluster behind two HTTP servers on loopback: the Kubernetes API and the EC2 query API. ifscope uses
 * the same client code as for a real one. It serves as demo, test bench and benchmark load.
 */
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createEc2Server } from './ec2/server';
import { Faults } from './faults/faults';
import { createKubernetesServer } from './kubernetes/server';
import { wallClock, type Clock } from './model/clock';
import { settle as settlePool } from './model/ipamd';
import { Life } from './model/life';
import { createState, type ClusterState } from './model/state';
import { writePools } from './model/whereabouts';
import { createOps, type Ops } from './ops';
import { addNamespaces, type Scene } from './scenes/base/scene';
import { demo } from './scenes/demo';
import { readTruth, type SimTruth } from './truth';

/** What a simulated cluster is like, and how fast it changes. */
export interface SimOptions {
  /** Default: the demo. */
  readonly scene?: Scene;
  readonly nodes?: number;
  readonly podsPerNode?: number;
  /** Controller decisions per second; with 0 only `step` and `ops` change anything. */
  readonly changesPerSecond?: number;
  readonly seed?: number;
  /** Port of the Kubernetes API; EC2 gets the next one. 0 (default) picks free ports. */
  readonly port?: number;
  /** With a manual clock, time moves only by `step` and `advance`. */
  readonly clock?: Clock;
  /** Renders pods as large as real ones (5–7 KB). Default true. */
  readonly realistic?: boolean;
  /** Milliseconds between a watch's bookmarks; a real server sends one a minute. */
  readonly bookmarkMs?: number;
}

/** A running simulated cluster: its endpoints, and what tests do to it. */
export interface Sim {
  readonly name: string;
  readonly region: string;
  readonly kubernetesUrl: string;
  readonly token: string;
  readonly ec2Url: string;
  readonly faults: Faults;
  readonly ops: Ops;
  readonly state: ClusterState;
  truth(): SimTruth;
  /** Makes `count` controller decisions; on a manual clock each takes a second. */
  step(count?: number): void;
  /** Moves a manual clock forward and runs what is due. */
  advance(milliseconds: number): void;
  pause(): void;
  resume(): void;
  /** Drops the history of all kinds, as a server restart does. */
  compact(): void;
  /**
   * Backs etcd up. The result restores it and restarts the API server: objects and revisions are those of the backup. What is
   * not in etcd (ENIs, ipamd's books) stays as it is.
   */
  backUp(): () => void;
  /** Number of requests by name: `list pods`, `watch pods`, `DescribeNetworkInterfaces` … */
  requests(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** No secret: the server listens on loopback and holds invented data. */
const TOKEN = 'simulated-cluster';
const TICK_MS = 50;
const STEP_MS = 1000;

const stateOf = (
  { clusterName, kubernetesVersion, resourceVersions }: Scene,
  seed: number,
  clock: Clock,
): ClusterState =>
  createState({
    name: clusterName,
    seed,
    clock,
    ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
    ...(resourceVersions === undefined ? {} : { resourceVersions }),
  });

/** Starts a cluster with its Kubernetes API and EC2 endpoint on the loopback interface. */
export async function startSim(options: SimOptions = {}): Promise<Sim> {
  const seed = options.seed ?? 1;
  const scene = options.scene ?? demo;
  const clock = options.clock ?? wallClock;
  const state = stateOf(scene, seed, clock);
  const life = new Life(state);
  scene.build(state, life, {
    nodes: options.nodes ?? scene.size.nodes,
    podsPerNode: options.podsPerNode ?? scene.size.podsPerNode,
  });
  for (const node of state.nodes.values()) if (!node.frozen) settlePool(state, node);
  addNamespaces(state);
  writePools(state);
  state.live = true;

  const faults = new Faults((next) => {
    state.skewMs = next.skewMs;
  });
  const settle = (): void => {
    state.tasks.runDue(state.now());
    writePools(state);
  };
  const advance = (milliseconds: number): void => {
    clock.advance?.(milliseconds);
    settle();
  };
  const step = (count = 1): void => {
    for (let done = 0; done < count; done += 1) {
      life.change();
      advance(STEP_MS);
    }
  };

  const rate = options.changesPerSecond ?? (clock.advance === undefined ? scene.changesPerSecond : 0);
  let paused = false;
  let owed = 0;
  let last = clock.now();
  const timer = setInterval(() => {
    const now = clock.now();
    const elapsed = Math.max(0, Math.min(now - last, STEP_MS));
    last = now;
    if (paused) return;
    for (owed += (elapsed / 1000) * rate; owed >= 1; owed -= 1) life.change();
    settle();
  }, TICK_MS);
  timer.unref();

  const truth = (): SimTruth => readTruth(state, scene.name, seed);
  const setPaused = (on: boolean): void => {
    paused = on;
  };
  const requests = (): Readonly<Record<string, number>> => ({ ...kubernetes.requests(), ...ec2.requests() });
  const control = (request: IncomingMessage, response: ServerResponse, path: string): boolean =>
    answerControl(request, response, path, { faults, truth, step, setPaused, requests });
  const kubernetes = createKubernetesServer({
    state,
    faults,
    token: TOKEN,
    realistic: options.realistic ?? true,
    bookmarkMs: options.bookmarkMs ?? 60_000,
    control,
  });
  const ec2 = createEc2Server(state, faults);
  const port = options.port ?? 0;
  const kubernetesUrl = await listen(kubernetes.server, port);
  const ec2Url = await listen(ec2.server, port === 0 ? 0 : port + 1);

  return {
    name: state.name,
    region: state.region,
    kubernetesUrl,
    token: TOKEN,
    ec2Url,
    faults,
    state,
    ops: createOps(state),
    truth,
    step,
    advance,
    pause: () => {
      setPaused(true);
    },
    resume: () => {
      setPaused(false);
    },
    compact: () => {
      kubernetes.compact();
    },
    backUp: () =>
      backUp(state, () => {
        kubernetes.compact();
        faults.resetConnections();
      }),
    requests,
    async stop() {
      clearInterval(timer);
      await Promise.all([close(kubernetes.server), close(ec2.server)]);
    },
  };
}

/** `restart`: the API server, once everything is as it was. */
function backUp(state: ClusterState, restart: () => void): () => void {
  const revision = state.revisions.current;
  const kept = [state.pods, state.nodeObjects, ...state.objects.values()].map((collection) => collection.backUp());
  return () => {
    state.revisions.current = revision;
    for (const putBack of kept) putBack();
    restart();
  };
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve();
    });
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) =>
    server.close(() => {
      resolve();
    }),
  );
  server.closeAllConnections();
  await closed;
}

interface Controlled {
  readonly faults: Faults;
  readonly truth: () => SimTruth;
  readonly step: (count: number) => void;
  readonly setPaused: (on: boolean) => void;
  readonly requests: Sim['requests'];
}

/** `/_sim/…`: the same switches over HTTP, for a simulator in its own process. */
function answerControl(request: IncomingMessage, response: ServerResponse, path: string, on: Controlled): boolean {
  const reply = (body: unknown): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  };
  const withBody = (use: (body: Readonly<Record<string, unknown>>) => unknown): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      try {
        const text = Buffer.concat(chunks).toString();
        reply(use(text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)));
      } catch (error) {
        response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: String(error) }));
      }
    });
  };
  if (path === '/_sim/truth') reply(on.truth());
  else if (path === '/_sim/requests') reply(on.requests());
  else if (path === '/_sim/faults' && request.method === 'GET') reply(on.faults.state);
  else if (path === '/_sim/faults') {
    withBody((body) => {
      on.faults.set(body);
      return on.faults.state;
    });
  } else if (path === '/_sim/step') {
    withBody((body) => {
      on.step(typeof body['count'] === 'number' ? body['count'] : 1);
      return {};
    });
  } else if (path === '/_sim/pause' || path === '/_sim/resume') {
    on.setPaused(path === '/_sim/pause');
    reply({});
  } else if (path === '/_sim/actions') {
    withBody((body) => {
      const { action } = body;
      if (action === 'reset') on.faults.resetConnections();
      else if (action === 'half-close') on.faults.halfCloseStreams();
      else if (action === 'cut-lines') on.faults.cutLines();
      else if (action === 'end-streams') on.faults.endStreams();
      else if (action === 'expire') on.faults.expireStreams(body['keepOpen'] === true);
      else throw new Error('action is one of reset, half-close, cut-lines, end-streams, expire');
      return {};
    });
  } else return false;
  return true;
}
