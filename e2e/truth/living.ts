/**
 * A small random cluster that lives: by its own workloads, and by what users, controllers and the cloud do to it, all by
 * chance of one seed. The clock stands still but for what is done here.
 */
import { createManualClock } from '../testing/sim/manual-clock';
import { isFinished, podKey, type SimPod } from '../../lib/sim/model/pod';
import { createRandom, type Random } from '../../lib/sim/model/random';
import type { SimNode } from '../../lib/sim/model/node';
import { randomScene } from '../scenes';
import { startTestSim, type TestSim } from '../testing/sim/sim';
import type { SimTruth } from '../testing/sim/truth';

const NO_MANAGE = 'node.k8s.amazonaws.com/no_manage';

/** What may happen. `foreign`: ENIs that somebody attached without keeping ipamd off them. */
type Deed = (sim: TestSim, random: Random, foreign: string[]) => unknown;

const users = (sim: TestSim): SimPod[] =>
  [...sim.state.pods.values()].filter((pod) => pod.namespace !== 'kube-system' && pod.node !== null);

const deletePod: Deed = (sim, random) => {
  const pods = users(sim);
  return pods.length > 0 && sim.ops.deletePod(podKey(random.pick(pods)), random.chance(0.3));
};

/** Adds a replica of an existing pod on the same node. */
const createPod: Deed = (sim, random) => {
  // A Fargate node and a host device belong to one pod each.
  const pods = users(sim).filter(
    ({ node, requests }) =>
      sim.state.nodes.get(node ?? '')?.facts.computeType !== 'fargate' &&
      requests.every(({ network }) => sim.state.networks.get(network)?.plugin !== 'host-device'),
  );
  if (pods.length === 0) return false;
  const like = random.pick(pods);
  const { 'vpc.amazonaws.com/pod-eni': branches, ...resources } = like.resources;
  sim.ops.createPod({
    namespace: like.namespace,
    app: like.app,
    name: `${like.app}-${random.suffix(9)}-${random.suffix(5)}`,
    node: like.node,
    hostNetwork: like.hostNetwork,
    requests: like.requests,
    multiNic: like.annotations['k8s.amazonaws.com/nicConfig'] === 'multi-nic-attachment',
    resources,
    ...(branches === undefined ? {} : { groups: [sim.state.nodeGroup] }),
  });
  return true;
};

/** Deletes a pod and recreates it under the same name with another uid, as a StatefulSet does. */
const replacePod: Deed = (sim, random) => {
  const pods = users(sim).filter(
    (pod) => pod.requests.length === 0 && pod.resources['vpc.amazonaws.com/pod-eni'] === undefined,
  );
  if (pods.length === 0) return false;
  const { namespace, name, node, app, hostNetwork, resources } = random.pick(pods);
  sim.ops.deletePod(`${namespace}/${name}`);
  sim.ops.createPod({ namespace, name, node, app, hostNetwork, resources });
  return true;
};

const finishPod: Deed = (sim, random) => {
  const pods = users(sim).filter((pod) => !isFinished(pod));
  if (pods.length === 0) return false;
  sim.ops.finishPod(podKey(random.pick(pods)), random.chance(0.5) ? 'Succeeded' : 'Failed');
  return true;
};

const ofEc2 = (sim: TestSim): SimNode[] =>
  [...sim.state.nodes.values()].filter((node) => node.cni !== null && !node.cni.ipv6 && node.type !== null);

/** Somebody attaches an ENI; its tag, or the lack of one, decides whether ipamd takes it. */
const attachEni: Deed = (sim, random, foreign) => {
  const nodes = ofEc2(sim).filter(({ eniIds, type }) => eniIds.size < (type?.enisPerCard ?? 0) - 1);
  if (nodes.length === 0) return false;
  const node = random.pick(nodes);
  const subnet = sim.state.ec2.subnets.get(node.subnetId ?? '');
  if (subnet === undefined || subnet.available === 0) return false;
  const tags = random.pick<Readonly<Record<string, string>>>([
    { [NO_MANAGE]: 'true' },
    { [NO_MANAGE]: 'false' },
    { [NO_MANAGE]: 'True' },
    {},
  ]);
  const description = random.pick(['', 'storage', 'data plane']);
  const eni = sim.ops.attachEni(node.facts.name, { subnet, tags, description });
  if (tags[NO_MANAGE] !== 'true') foreign.push(eni);
  return true;
};

const setNode: Deed = (sim, random) => {
  const { name } = random.pick([...sim.state.nodes.values()]).facts;
  sim.ops.setNode(name, random.chance(0.5) ? { ready: random.chance(0.7) } : { cordoned: random.chance(0.5) });
  return true;
};

const deleteNode: Deed = (sim, random) =>
  sim.state.nodes.size > 2 && sim.ops.deleteNode(random.pick([...sim.state.nodes.values()]).facts.name);

const step: Deed = (sim) => {
  sim.step();
};

/** What users, controllers and the cloud do to a cluster, by name. */
export const DEEDS = { deletePod, createPod, replacePod, finishPod, attachEni, setNode, deleteNode } as const;

const OFTEN: readonly Deed[] = [
  ...[step, step, step, step],
  ...[deletePod, deletePod, createPod, createPod, createPod, replacePod, finishPod],
  ...[attachEni, setNode],
];

/** The simulator's truth, but for the trouble that was made here: who attaches an ENI without the tag has it adopted. */
export function truthOf(sim: TestSim, foreign: readonly string[]): SimTruth {
  const truth = sim.truth();
  const rule = 'eni-adopted';
  return {
    ...truth,
    cleanRules: truth.cleanRules.filter((clean) => clean !== rule),
    ...(truth.findings.some((expected) => expected.rule === rule)
      ? {}
      : {
          allowedFindings: {
            ...truth.allowedFindings,
            [rule]: [...(truth.allowedFindings[rule] ?? []), ...foreign],
          },
        }),
  };
}

export interface Living {
  readonly sim: TestSim;
  /** Performs one random deed. */
  live(): void;
  /** Advances the clock by up to a few seconds. */
  wait(): void;
  /** The simulator's, with what was done here: who attaches an ENI without the tag makes the trouble `eni-adopted`. */
  readonly truth: () => SimTruth;
  /** Advances the clock in small steps until everything in progress has ended: cooldowns, attachments, controller loops. */
  calm(after: () => void): void;
  stop(): Promise<void>;
}

export async function startLiving(seed: number): Promise<Living> {
  const sim = await startTestSim({
    scene: randomScene(seed),
    seed,
    clock: createManualClock(),
    realistic: false,
    port: 0,
  });
  const random = createRandom(seed ^ 0x5eed);
  const foreign: string[] = [];
  let nodeMayGo = true;
  return {
    sim,
    truth: () => truthOf(sim, foreign),
    live() {
      if (nodeMayGo && random.chance(0.03)) {
        nodeMayGo = false;
        deleteNode(sim, random, foreign);
      } else random.pick(OFTEN)(sim, random, foreign);
    },
    wait() {
      sim.advance(random.pick([0, 0, 200, 1_500, 6_000]));
    },
    calm(after) {
      for (let seconds = 0; seconds < 180; seconds += 5) {
        sim.advance(5_000);
        after();
      }
    },
    stop: () => sim.stop(),
  };
}
