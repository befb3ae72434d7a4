/** A simulated cluster over HTTP, and the real `ifscope serve` reading it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SimOptions } from '../lib/sim/sim';
import { startTestSim, type TestSim } from './testing/sim/sim';
import { findScene } from './scenes/index';
import { kubeconfigOf } from './scenes/kubeconfig';
import { serve, type Served } from './server';

export interface Simulated {
  readonly sim: TestSim;
  readonly served: Served;
  /** Another ifscope that reads the same cluster. */
  again(): Promise<Served>;
  stop(): Promise<void>;
}

interface SimulatedOptions extends Omit<SimOptions, 'scene'> {
  /** Further arguments of `serve`. */
  readonly args?: readonly string[];
  /** Additional API servers of the kubeconfig, by context name. */
  readonly others?: Readonly<Record<string, string>>;
}

/** Without `changesPerSecond`, nothing changes by itself. */
export async function startSimulated(
  scene: string,
  { args = [], others = {}, ...options }: SimulatedOptions = {},
): Promise<Simulated> {
  const sim = await startTestSim({ seed: 1, changesPerSecond: 0, ...options, scene: findScene(scene) });
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-e2e-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf(sim, others), { mode: 0o600 });
  const again = (): Promise<Served> =>
    serve(['--from', sim.name, ...args], {
      KUBECONFIG: kubeconfig,
      AWS_ENDPOINT_URL_EC2: sim.ec2Url,
      AWS_REGION: sim.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
  const served = await again();
  return {
    sim,
    served,
    again,
    async stop() {
      await served.stop();
      await sim.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
