/** The simulated API server comes back with an earlier state, or loses events. */
import { describe, it } from 'vitest';
import { podKey } from '../../lib/sim/model/pod';
import { createTokenTransport } from '../../lib/server/sources/kubernetes/transport';
import { startTestSim } from '../testing/sim/sim';
import { RESTORE_CASES } from '../testing/restore-cases';

describe.concurrent('an API server', () => {
  it.for(RESTORE_CASES)('%s', { timeout: 120_000 }, async ([, run], { onTestFinished }) => {
    const sim = await startTestSim({
      nodes: 3,
      podsPerNode: 3,
      changesPerSecond: 0,
      realistic: false,
      bookmarkMs: 1_000,
    });
    onTestFinished(() => sim.stop());
    await run({
      connect: () => createTokenTransport(sim.kubernetesUrl, sim.token),
      atEnd: (end) => onTestFinished(end),
      pods: () => Promise.resolve([...sim.state.pods.values()].map(podKey).sort()),
      add: (name) => {
        sim.ops.createPendingPod({ namespace: 'shop', name, app: 'extra', node: null });
        return Promise.resolve();
      },
      remove: (name) => {
        sim.ops.deletePod(`shop/${name}`);
        return Promise.resolve();
      },
      backUp: () => {
        const restore = sim.backUp();
        return Promise.resolve(() => {
          restore();
          return Promise.resolve();
        });
      },
    });
  });
});
