/**
 * The named scenes over real HTTP: sources, engine, rules and store as `ifscope serve` runs them, against the simulator's
 * truth; then after deeds of users and the cloud, and while connections break.
 *
 * Nothing sleeps: after each deed every commit of the store is compared, until one agrees with the truth in every word.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRuntime, type Runtime } from '../../lib/server/runtime/runtime';
import { kubeconfigOf } from '../../lib/sim/kubeconfig';
import { createRandom } from '../../lib/sim/model/random';
import { startSim, type Sim } from '../../lib/sim/sim';
import { agree, compareWithTruth, nothingWronglyObserved, type Comparison } from './compare';
import { DEEDS, truthOf } from './living';

const DEADLINE_MS = 25_000;
const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-truth-'));
const foreign: string[] = [];
const random = createRandom(4);
let sim: Sim;
let runtime: Runtime;

async function start(scene: string, size: { readonly nodes: number; readonly podsPerNode: number }): Promise<void> {
  sim = await startSim({ scene, ...size, changesPerSecond: 0, seed: 7, realistic: false });
  const config = path.join(folder, `${scene}.json`);
  writeFileSync(config, kubeconfigOf(sim));
  const env = { KUBECONFIG: config, IFSCOPE_EC2_POLL_SECONDS: '1', IFSCOPE_EC2_GAP_SECONDS: '0' };
  vi.stubEnv('AWS_REGION', sim.region);
  vi.stubEnv('AWS_ENDPOINT_URL_EC2', sim.ec2Url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  runtime = createRuntime({ kind: 'context', context: sim.name }, { log: () => undefined, env });
  await runtime.start();
}

beforeEach(() => {
  foreign.length = 0;
});
afterEach(async () => {
  await runtime.stop();
  await sim.stop();
  vi.unstubAllEnvs();
  rmSync(path.join(folder, `${sim.name}.json`), { force: true });
});

/** Resolves at the first commit that agrees with the truth; at the deadline it rejects with what does not. */
function becomesTrue(): Promise<Comparison> {
  return new Promise((resolve, reject) => {
    const { store } = runtime;
    const compare = (): Comparison => compareWithTruth(store.replica.records, truthOf(sim, foreign), { ipamd: false });
    let end = (): void => undefined;
    const check = (): void => {
      try {
        const comparison = compare();
        nothingWronglyObserved(comparison);
        if (comparison.differences.length > 0 || !runtime.isSynced()) return;
        end();
        resolve(comparison);
      } catch (error) {
        end();
        reject(error);
      }
    };
    const deadline = setTimeout(() => {
      end();
      try {
        agree(compare());
        reject(new Error(`it agrees only now; waited for ${runtime.waitingFor().join(', ')}`));
      } catch (error) {
        reject(error);
      }
    }, DEADLINE_MS);
    const stop = store.onCommit(check);
    end = () => {
      clearTimeout(deadline);
      stop();
    };
    check();
  });
}

describe.each([
  ['small', { nodes: 4, podsPerNode: 6 }],
  ['telco', { nodes: 4, podsPerNode: 5 }],
  ['p5', { nodes: 2, podsPerNode: 4 }],
  ['prefix', { nodes: 3, podsPerNode: 12 }],
  ['modes', { nodes: 14, podsPerNode: 5 }],
  ['troubles', { nodes: 6, podsPerNode: 8 }],
  ['demo', { nodes: 24, podsPerNode: 12 }],
] as const)('the scene %s', (scene, size) => {
  it(
    'is shown as it truly is, and stays so while things happen',
    async () => {
      await start(scene, size);
      const { counts } = await becomesTrue();
      expect(counts.interfaces).toBeGreaterThan(5);
      expect(counts.nodes).toBeGreaterThan(1);
      // What the troubles show is pinned to their pods and nodes: anything done to them would mend or move it.
      if (scene === 'troubles') return;
      for (const deed of ['createPod', 'deletePod', 'replacePod', 'attachEni', 'finishPod', 'setNode'] as const) {
        DEEDS[deed](sim, random, foreign);
        await becomesTrue();
      }
      DEEDS.deleteNode(sim, random, foreign);
      await becomesTrue();
    },
    4 * DEADLINE_MS,
  );
});

describe('when connections break', () => {
  const breaks: readonly (readonly [what: string, before: () => void, after: () => void])[] = [
    ['every connection is reset', () => undefined, () => sim.faults.resetConnections()],
    ['streams end in the middle', () => undefined, () => sim.faults.halfCloseStreams()],
    ['streams end as they should', () => undefined, () => sim.faults.endStreams()],
    ['resume is too old (410)', () => undefined, () => sim.faults.expireStreams()],
    ['resume is too old, and the stream stays open', () => undefined, () => sim.faults.expireStreams(true)],
    [
      'the server restarted and forgot its history',
      () => sim.compact(),
      () => {
        sim.compact();
        sim.faults.resetConnections();
      },
    ],
    [
      'streams say nothing, and then end',
      () => sim.faults.set({ frozen: true }),
      () => {
        sim.faults.set({ frozen: false });
        sim.faults.endStreams();
      },
    ],
    [
      'requests are refused for a while',
      () => {
        sim.faults.set({
          rejections: [
            { status: 429, retryAfter: 1, times: 3 },
            { status: 500, times: 2 },
          ],
        });
        sim.faults.resetConnections();
      },
      () => undefined,
    ],
    ['EC2 throttles for a while', () => sim.faults.set({ ec2: 'throttled' }), () => sim.faults.set({ ec2: 'ok' })],
    ['EC2 is a second behind', () => sim.faults.set({ ec2LagMs: 1_000 }), () => sim.faults.set({ ec2LagMs: 0 })],
  ];
  it(
    'nothing is lost',
    async () => {
      await start('telco', { nodes: 3, podsPerNode: 4 });
      await becomesTrue();
      for (const [, before, after] of breaks) {
        before();
        for (const deed of ['createPod', 'deletePod', 'replacePod'] as const) DEEDS[deed](sim, random, foreign);
        after();
        await becomesTrue();
      }
    },
    8 * DEADLINE_MS,
  );
});
