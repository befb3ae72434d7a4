/** The simulated cluster as tests have it: with the truth about it, and with what users, controllers and the cloud may do. */
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
   * Backs etcd up. The result restores it and restarts the API server: objects and revisions are those of the backup. What is
   * not in etcd (ENIs, ipamd's state) stays as it is.
   */
  backUp(): () => void;
}

/** As `startSim`; by default the demo with seed 1. */
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

/** `restart`: the API server, once everything is as it was. */
function backUp(state: ClusterState, restart: () => void): () => void {
  const revision = state.revisions.current;
  const kept = [state.pods, state.nodeObjects, ...state.objects.values()].map((collection) => collection.backUp());
  return () => {
    state.revisions.current = revision;
    for (const putBack of kept) putBack();
    restart();
  };
}
