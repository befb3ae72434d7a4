/**
 * A simulated EKS cluster behind two HTTP servers on loopback, the Kubernetes API and the EC2 query API, which ifscope
 * reads as it reads real ones. Used as demo, test bed and benchmark load.
 */
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { createEc2Server } from './ec2/server';
import { Faults } from './faults/faults';
import { createKubernetesServer } from './kubernetes/server';
import { wallClock, type Clock } from './model/clock';
import { settle as settlePool } from './model/ipamd';
import { Life } from './model/life';
import { createState, type ClusterState } from './model/state';
import { writePools } from './model/whereabouts';
import { addNamespaces, type Scene } from './scenes/base/scene';
import { demo } from './scenes/demo';

/** The options of a simulated cluster, and how fast it changes. */
export interface SimOptions {
  /** Default: the demo. */
  readonly scene?: Scene;
  readonly nodes?: number;
  readonly podsPerNode?: number;
  /** Controller decisions per second; with 0, only `step` changes anything. */
  readonly changesPerSecond?: number;
  readonly seed?: number;
  /** Port of the Kubernetes API; EC2 gets the next one. 0 (default) picks free ports. */
  readonly port?: number;
  /** With a manual clock, time advances only by `step` and `advance`. */
  readonly clock?: Clock;
  /** Renders pods as large as real ones (5–7 KB). Default true. */
  readonly realistic?: boolean;
  /** Milliseconds between a watch's bookmarks; a real server sends one a minute. */
  readonly bookmarkMs?: number;
}

/** A running simulated cluster: its endpoints and controls. */
export interface Sim {
  readonly name: string;
  readonly region: string;
  readonly kubernetesUrl: string;
  readonly token: string;
  readonly ec2Url: string;
  readonly faults: Faults;
  readonly state: ClusterState;
  /** Makes `count` controller decisions; with a manual clock, each takes a second. */
  step(count?: number): void;
  /** Advances a manual clock and runs what is due. */
  advance(milliseconds: number): void;
  pause(): void;
  resume(): void;
  /** Drops the history of all kinds, as a server restart does. */
  compact(): void;
  /** Number of requests by name: `list pods`, `watch pods`, `DescribeNetworkInterfaces` … */
  requests(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** Not a secret: the server listens on loopback and holds invented data. */
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

  const requests = (): Readonly<Record<string, number>> => ({ ...kubernetes.requests(), ...ec2.requests() });
  const kubernetes = createKubernetesServer({
    state,
    faults,
    token: TOKEN,
    realistic: options.realistic ?? true,
    bookmarkMs: options.bookmarkMs ?? 60_000,
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
    step,
    advance,
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
    },
    compact: () => {
      kubernetes.compact();
    },
    requests,
    async stop() {
      clearInterval(timer);
      await Promise.all([close(kubernetes.server), close(ec2.server)]);
    },
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
