/** The way to the simulated API server is choked: its sources say how far behind they are. */
import { describe, it } from 'vitest';
import { podKey } from '../../lib/sim/model/pod';
import { startTestSim } from '../testing/sim/sim';
import { LAG_CASES } from '../testing/lag-cases';

describe.concurrent('a throttled source', () => {
  it.for(LAG_CASES)('%s', { timeout: 120_000 }, async ([, run], { onTestFinished }) => {
    const sim = await startTestSim({ nodes: 3, podsPerNode: 3, changesPerSecond: 0, realistic: false });
    onTestFinished(() => sim.stop());
    await run({
      url: sim.kubernetesUrl,
      token: sim.token,
      atEnd: (end) => onTestFinished(end),
      change: () => {
        const [pod] = sim.state.pods.values();
        if (pod !== undefined) sim.ops.updatePod(podKey(pod), { ready: !pod.ready });
        return Promise.resolve();
      },
    });
  });
});
