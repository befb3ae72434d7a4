/** A simulated cluster behind its HTTP servers, and ifscope reading it as `ifscope serve` does. */
import { findScene } from '../scenes/index';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import type { From } from '../../lib/server/runtime/from';
import { createRuntime, type Runtime } from '../../lib/server/runtime/runtime';
import { kubeconfigOf } from '../scenes/kubeconfig';
import { startTestSim, type TestSim } from '../testing/sim/sim';
import { agree, compareWithTruth, nothingWronglyObserved, type Comparison } from './compare';
import { truthOf } from './living';

const DEADLINE_MS = 25_000;

export interface Live {
  readonly sim: TestSim;
  readonly runtime: Runtime;
  readonly from: From;
  /** ENIs that a test attaches without the no_manage tag. */
  readonly foreign: string[];
  /** Compares at every commit. Resolves at the first that matches the truth; rejects at the deadline with the differences. */
  readonly becomesTrue: () => Promise<Comparison>;
  readonly stop: () => Promise<void>;
}

/** What the SDK and the commands read; ends with `vi.unstubAllEnvs`. */
function stubEnvironment(sim: TestSim, kubeconfig: string): void {
  const env = {
    KUBECONFIG: kubeconfig,
    IFSCOPE_EC2_POLL_SECONDS: '1',
    IFSCOPE_EC2_GAP_SECONDS: '0',
    AWS_REGION: sim.region,
    AWS_ENDPOINT_URL_EC2: sim.ec2Url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
}

export async function startLive(
  scene: string,
  size: { readonly nodes: number; readonly podsPerNode: number },
): Promise<Live> {
  const sim = await startTestSim({ scene: findScene(scene), ...size, changesPerSecond: 0, seed: 7, realistic: false });
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-truth-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf(sim));
  stubEnvironment(sim, kubeconfig);
  const from: From = { kind: 'context', context: sim.name };
  const runtime = createRuntime(from, { log: () => undefined });
  await runtime.start();
  const foreign: string[] = [];
  return {
    sim,
    runtime,
    from,
    foreign,
    becomesTrue: () => becomesTrue(sim, runtime, foreign),
    async stop() {
      await runtime.stop();
      await sim.stop();
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    },
  };
}

function becomesTrue(sim: TestSim, runtime: Runtime, foreign: readonly string[]): Promise<Comparison> {
  const { store } = runtime;
  // aws-node is read every half minute: what only its figures tell may be unknown until then.
  const compare = (): Comparison => compareWithTruth(store.replica.records, truthOf(sim, foreign), { ipamd: false });
  return new Promise((resolve, reject) => {
    let end = (): void => undefined;
    const settle = (judge: () => Comparison | null): void => {
      try {
        const comparison = judge();
        if (comparison === null) return;
        end();
        resolve(comparison);
      } catch (error) {
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const check = (): void =>
      settle(() => {
        const comparison = compare();
        nothingWronglyObserved(comparison);
        return comparison.differences.length === 0 && runtime.isSynced() ? comparison : null;
      });
    const deadline = setTimeout(
      () =>
        settle(() => {
          agree(compare());
          throw new Error(`it is true, but not synced: waiting for ${runtime.waitingFor().join(', ')}`);
        }),
      DEADLINE_MS,
    );
    const stop = store.onCommit(check);
    end = () => {
      clearTimeout(deadline);
      stop();
    };
    check();
  });
}
