/**
 * Runs the simulator as a process: prints one line of JSON with the endpoints and the path of a kubeconfig, then runs
 * until SIGTERM or SIGINT. The kubeconfig is written to a temporary folder and removed at the end.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError, Command } from 'commander';
import { kubeconfigOf } from './kubeconfig';
import { findScene, SCENES } from './index';
import { startSim, type Sim } from '../../lib/sim/sim';

const count = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is wanted.');
  return Number(text);
};
const amount = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('a number of 0 or more is wanted.');
  return value;
};
const sceneName = (text: string): string => {
  if (!SCENES.some((scene) => scene.name === text)) {
    throw new InvalidArgumentError(`there are ${SCENES.map((scene) => scene.name).join(', ')}.`);
  }
  return text;
};

interface Flags {
  readonly scene: string;
  readonly nodes?: number;
  readonly podsPerNode?: number;
  readonly changes?: number;
  readonly seed: number;
  readonly port: number;
  readonly plainObjects?: boolean;
  readonly journal?: string;
}

/** Writes when each pod was made, changed and removed: `epoch ms, type, namespace/name`, one a line. */
function keepJournal({ state }: Sim, file: string): void {
  const journal = createWriteStream(file);
  state.pods.listen(({ type, entry: { key } }) => journal.write(`${Date.now()} ${type} ${key}\n`));
}

/** Over HTTP, for the process that started this one: `/requests`, `/pause`, `/resume`. */
const createControl = (sim: Sim): Server =>
  createServer(({ url }, response) => {
    if (url === '/pause') sim.pause();
    else if (url === '/resume') sim.resume();
    response.setHeader('content-type', 'application/json').end(JSON.stringify(sim.requests()));
  });

const program = new Command('sim')
  .description('a simulated EKS cluster: Kubernetes API and EC2 endpoint on loopback')
  .option('--scene <name>', 'what cluster', sceneName, 'demo')
  .option('--nodes <count>', 'number of nodes', count)
  .option('--pods-per-node <count>', 'pods per node', count)
  .option('--changes <perSecond>', 'changes per second', amount)
  .option('--seed <number>', 'the same seed gives the same cluster', count, 1)
  .option('--port <port>', 'of the Kubernetes API; EC2 takes the next one; 0: any', count, 0)
  .option('--plain-objects', 'small pods, without managedFields and environment')
  .option('--journal <file>', 'write down when each pod changed');

program.action(async (flags: Flags) => {
  const sim = await startSim({
    scene: findScene(flags.scene),
    seed: flags.seed,
    port: flags.port,
    realistic: flags.plainObjects !== true,
    ...(flags.nodes === undefined ? {} : { nodes: flags.nodes }),
    ...(flags.podsPerNode === undefined ? {} : { podsPerNode: flags.podsPerNode }),
    ...(flags.changes === undefined ? {} : { changesPerSecond: flags.changes }),
  });
  if (flags.journal !== undefined) keepJournal(sim, flags.journal);
  const folder = await mkdtemp(join(tmpdir(), 'ifscope-sim-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigOf(sim), { mode: 0o600 });
  const control = createControl(sim).listen(0, '127.0.0.1');
  await once(control, 'listening');
  const controlUrl = `http://127.0.0.1:${(control.address() as AddressInfo).port}`;
  const { name: cluster, region, kubernetesUrl, token, ec2Url } = sim;
  process.stdout.write(
    `${JSON.stringify({ cluster, region, kubeconfig, kubernetesUrl, token, ec2Url, controlUrl, pid: process.pid })}\n`,
  );
  const stop = async (): Promise<void> => {
    control.close();
    control.closeAllConnections();
    await sim.stop();
    await rm(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
});

await program.parseAsync();
