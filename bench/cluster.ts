/** Runs a benchmark's simulated cluster in its own process, which ends with `stop` or with this process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Cluster {
  readonly name: string;
  readonly kubernetesUrl: string;
  readonly token: string;
  /** Environment variables that point an ifscope server at this cluster. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface Size {
  readonly nodes: number;
  readonly podsPerNode: number;
  /** Controller decisions per second. */
  readonly changes: number;
}

export async function startCluster({ nodes, podsPerNode, changes }: Size): Promise<Cluster> {
  const flags = { scene: 'size', nodes, 'pods-per-node': podsPerNode, changes };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, ['--import', 'tsx', 'e2e/scenes/main.ts', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const said = JSON.parse(line) as Record<
    'cluster' | 'kubeconfig' | 'kubernetesUrl' | 'token' | 'ec2Url' | 'region',
    string
  >;
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
    async stop() {
      process.off('exit', end);
      const gone = once(child, 'exit');
      end();
      await gone;
    },
  };
}
