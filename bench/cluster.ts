/** Runs a benchmark's simulated cluster in its own process, which ends with `stop` or with this process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A simulated cluster in its own process. */
export interface Cluster {
  readonly name: string;
  readonly kubernetesUrl: string;
  readonly token: string;
  /** Environment variables that point an ifscope server at this cluster. */
  readonly env: Readonly<Record<string, string>>;
  /** Number of requests answered so far, of any kind. */
  requests(): Promise<number>;
  /** Stops the controllers; pending decisions still take effect. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Every pod change since the start, in order. */
  journal(): Promise<readonly PodChange[]>;
  stop(): Promise<void>;
}

/** A change of a pod in the simulated cluster. */
export interface PodChange {
  /** Epoch milliseconds of this machine's clock. */
  readonly at: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly namespace: string;
  readonly name: string;
}

/** The size of a simulated cluster. */
export interface Size {
  readonly nodes: number;
  readonly podsPerNode: number;
  /** Controller decisions per second. */
  readonly changes: number;
}

/** A larger young generation for serving lists: with Node's default, a third of the time is garbage collection. */
const FLAGS = ['--max-semi-space-size=64', '--max-old-space-size=8192', '--import', 'tsx'];

function readChange(line: string): PodChange {
  const [at = '', type = '', key = ''] = line.split(' ');
  const [namespace = '', name = ''] = key.split('/');
  return { at: Number(at), type: type as PodChange['type'], namespace, name };
}

/** `env`: added to the environment of the simulator's process. */
export async function startCluster(size: Size, env: Readonly<Record<string, string>> = {}): Promise<Cluster> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ifscope-bench-'));
  const journal = path.join(folder, 'journal');
  const flags = {
    scene: 'size',
    nodes: size.nodes,
    'pods-per-node': size.podsPerNode,
    changes: size.changes,
    journal,
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [...FLAGS, 'e2e/scenes/main.ts', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const said = JSON.parse(line) as Record<
    'cluster' | 'kubeconfig' | 'kubernetesUrl' | 'token' | 'ec2Url' | 'controlUrl' | 'region',
    string
  >;
  const control = async (what: string): Promise<unknown> => (await fetch(`${said.controlUrl}/${what}`)).json();
  return {
    name: said.cluster,
    kubernetesUrl: said.kubernetesUrl,
    token: said.token,
    env: {
      KUBECONFIG: said.kubeconfig,
      AWS_ENDPOINT_URL_EC2: said.ec2Url,
      AWS_REGION: said.region,
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
    },
    async requests() {
      const counts = (await control('requests')) as Readonly<Record<string, number>>;
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    async pause() {
      await control('pause');
    },
    async resume() {
      await control('resume');
    },
    async journal() {
      const text = await readFile(journal, 'utf8').catch(() => '');
      // The last line may be incomplete.
      return text.split('\n').slice(0, -1).map(readChange);
    },
    async stop() {
      process.off('exit', end);
      const gone = once(child, 'exit');
      end();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
