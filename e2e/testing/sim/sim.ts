/**
 * The simulated cluster for tests: with the truth about it, and with operations of users, controllers and the cloud.
 */
import type { ClusterState } from '../../../lib/sim/model/state';
import { demo } from '../../../lib/sim/scenes/demo';
import { startSim, type Sim, type SimOptions } from '../../../lib/sim/sim';
import { createOps, type Ops } from './ops';
import { readTruth, type SimTruth } from './truth';

/** A running simulated cluster with its truth. */
export interface TestSim extends Sim {
  readonly ops: Ops;
  truth(): SimTruth;
  /**
   * Backs up etcd. The returned function restores it and restarts the API server: objects and revisions are those of
   * the backup. State outside etcd (ENIs, ipamd) stays unchanged.
   */
  backUp(): () => void;
}

/** Like `startSim`; by default the demo with seed 1. */
export async function startTestSim(options: SimOptions = {}): Promise<TestSim> {
  const { scene = demo, seed = 1 } = options;
  const sim = await startSim({ ...options, scene, seed });
  const { state } = sim;
  return {
    ...sim,
    ops: createOps(state),
    truth: () => readTruth(state, scene.name, seed),
    backUp: () =>
      backUp(state, () => {
        sim.compact();
        sim.faults.resetConnections();
      }),
  };
}

/** `restart`: restarts the API server once everything is restored. */
function backUp(state: ClusterState, restart: () => void): () => void {
  const revision = state.revisions.current;
  const kept = [state.pods, state.nodeObjects, ...state.objects.values()].map((collection) => collection.backUp());
  return () => {
    state.revisions.current = revision;
    for (const putBack of kept) putBack();
    restart();
  };
}
