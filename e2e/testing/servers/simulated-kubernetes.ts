/** The Kubernetes source against the simulated API server, over HTTP and in real time. */
import { expect, onTestFinished } from 'vitest';
import { KINDS } from '../../../lib/normalise/kubernetes/kinds';
import { createKubernetesSource } from '../../../lib/server/sources/kubernetes/kubernetes';
import type { Policy } from '../../../lib/server/sources/kubernetes/policy';
import { createTokenTransport } from '../../../lib/server/sources/kubernetes/transport';
import type { FaultState } from '../../../lib/sim/faults/faults';
import { openResource, RESOURCES } from '../../../lib/sim/kubernetes/resources';
import type { Scene } from '../../../lib/sim/scenes/base/scene';
import { small } from '../../scenes/small';
import { startTestSim, type TestSim } from '../sim/sim';
import { createRecorder, type Recorder } from './recorder';

/** Objects per page: no other request has this limit. */
const PAGE = 3;

export interface SimulatedKubernetes {
  readonly sim: TestSim;
  readonly seen: Recorder;
  /** Number of requested pages of pods. */
  readonly pagesAsked: () => number;
  /** All facts equal those of the simulated cluster, and every source is live. */
  readonly agrees: () => Promise<void>;
}

interface Options {
  readonly faults?: Partial<FaultState>;
  readonly policy?: Partial<Policy>;
  readonly scene?: Scene;
  /** Plural names of the kinds that are read. */
  readonly kinds?: readonly string[];
  /** Called before each request for a page of pods. */
  readonly onPage?: (sim: TestSim, page: number) => void;
}

/** Both stop at the end of the test. */
export async function startSimulatedKubernetes({
  faults = {},
  policy = {},
  scene = small,
  kinds = ['pods', 'nodes'],
  onPage = () => undefined,
}: Options = {}): Promise<SimulatedKubernetes> {
  const rows = KINDS.filter(({ resource }) => kinds.includes(resource));
  const sim = await startTestSim({ scene, changesPerSecond: 0, bookmarkMs: 50 });
  sim.faults.set(faults);
  const seen = createRecorder();
  const transport = createTokenTransport(sim.kubernetesUrl, sim.token);
  let pagesAsked = 0;
  const source = createKubernetesSource(seen.context(Date.now), {
    transport: {
      ...transport,
      request(path, query, options) {
        if (path.endsWith('/pods') && query['limit'] === PAGE) onPage(sim, pagesAsked++);
        return transport.request(path, query, options);
      },
    },
    kinds: rows,
    policy: { gatherMs: 1, watchGapMs: 0, backoffBaseMs: 20, protobufPageSize: PAGE, ...policy },
  });
  onTestFinished(() => sim.stop());
  onTestFinished(() => source.stop());
  source.start(seen.emit);

  const truth = (): Map<string, unknown> => {
    const facts = new Map<string, unknown>();
    for (const row of rows) {
      const views = RESOURCES.filter((one) => one.group === row.group && one.resource === row.resource);
      const view = views.map((resource) => openResource(sim.state, resource, true)).find((each) => each !== null);
      for (const entry of view?.sorted() ?? []) {
        const keyed = row.normalise(view?.render(entry));
        if (keyed !== null) facts.set(`${row.id} ${keyed.key}`, keyed.fact);
      }
    }
    return facts;
  };
  const agrees = async (): Promise<void> => {
    for (const { source: id } of rows) await seen.until(() => seen.status(id)?.state === 'live');
    await expect.poll(() => new Map(seen.facts), { timeout: 10_000 }).toEqual(truth());
  };
  return { sim, seen, agrees, pagesAsked: () => pagesAsked };
}

/** Replaces a pod by another one on its node. */
export function change(sim: TestSim): void {
  const [pod] = [...sim.state.pods.values()].filter(({ namespace }) => namespace !== 'kube-system');
  if (pod === undefined) throw new Error('no pod');
  sim.ops.deletePod(`${pod.namespace}/${pod.name}`, true);
  sim.ops.createPod({ namespace: pod.namespace, app: pod.app, name: 'new', node: pod.node });
}
