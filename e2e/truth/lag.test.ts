/** The way to the simulated API server is choked: its sources say how far behind they are. */
import { describe, it } from 'vitest';
import { podKey } from '../../lib/sim/model/pod';
import { startSim } from '../../lib/sim/sim';
import { AT_REST, LAG_CASES } from '../testing/lag-cases';

/** The other one runs against the real API server, in a gate of its own. */
const CASES = LAG_CASES.filter(([name]) => name !== AT_REST);

describe.concurrent('a source that is choked', () => {
  it.for(CASES)('%s', { timeout: 120_000 }, async ([, run], { onTestFinished }) => {
    const sim = await startSim({ nodes: 3, podsPerNode: 3, changesPerSecond: 0, realistic: false });
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
