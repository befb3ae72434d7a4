/**
 * Ten troubled nodes, of eight kinds, among a thousand or more that are well: most of these share one warning, which sets
 * none of them apart. Whoever looks at the whole must find the ten.
 */
import { raiseEvent } from '../../lib/sim/model/events';
import { countApiError } from '../../lib/sim/model/ipamd';
import { must } from '../../lib/sim/model/must';
import { addNode } from '../../lib/sim/model/ec2-nodes';
import type { SimNode } from '../../lib/sim/model/node';
import type { ClusterState } from '../../lib/sim/model/state';
import { addZones, inGroup, installSystem, type Scene, type Zone } from '../../lib/sim/scenes/base/scene';
import { amend, goAstray, manyPods, pinned, tryPod } from './troubles/kit';

const MULTUS = '4.1.4';
const NO_MANAGE = 'node.k8s.amazonaws.com/no_manage';
const GROUP = 'needle';
const ZONES = 3;

type Place = Pick<Zone, 'subnet'>;
type Needle = (state: ClusterState, at: Place) => SimNode;

const quiet = ({ subnet }: Place) => ({ subnet, type: 'm5.large', nodeGroup: GROUP, env: { WARM_IP_TARGET: '2' } });

/** Every slot is taken, and one more pod waits. */
const full: Needle = (state, { subnet }) => {
  const node = pinned(state, { subnet, type: 't3.medium', nodeGroup: GROUP, maxPods: 35 });
  node.frozen = false;
  manyPods(state, node, 15);
  node.frozen = true;
  tryPod(state, node, 'sixteenth');
  return node;
};

/** A pod whose address is on another node's ENI. */
const astray: Needle = (state, at) => {
  const node = pinned(state, quiet(at));
  const pod = tryPod(state, node, 'astray');
  goAstray(state, node, pod, must(at.subnet.take(), 'address'));
  return node;
};

/** A pod that asks for a network that does not exist. */
const lost: Needle = (state, at) => {
  const node = pinned(state, { ...quiet(at), multus: MULTUS });
  node.frozen = false;
  tryPod(state, node, 'lost', { requests: [{ network: 'trouble/nowhere' }] });
  node.frozen = true;
  return node;
};

/** ipamd took an ENI that was meant for others. */
const adopter: Needle = (state, at) =>
  pinned(state, { ...quiet(at), extra: [{ subnet: at.subnet, description: 'Multus worker interface', tags: {} }] });

const misspelt: Needle = (state, at) =>
  pinned(state, { ...quiet(at), extra: [{ subnet: at.subnet, tags: { [NO_MANAGE]: 'True' } }] });

const miscount: Needle = (state, at) => {
  const node = pinned(state, {
    ...quiet(at),
    cniVersion: 'v1.22.4',
    extra: [{ subnet: at.subnet, tags: { [NO_MANAGE]: 'true' } }],
  });
  node.metricOverrides.set('awscni_eni_max', 1);
  return node;
};

/** ipamd may not call EC2. */
const refused: Needle = (state, at) => {
  const node = pinned(state, quiet(at));
  const agents = [...node.pods].flatMap((key) => state.pods.get(key) ?? []);
  const { namespace, name, uid } = must(
    agents.find(({ app }) => app === 'aws-node'),
    'aws-node',
  );
  raiseEvent(state, {
    subject: { kind: 'Pod', namespace, name, uid },
    type: 'Warning',
    reason: 'MissingIAMPermissions',
    message: 'Unauthorized operation: failed to call ec2:AssignPrivateIpAddresses due to missing permissions.',
    component: 'aws-node',
    count: 6,
    over: 900,
  });
  countApiError(node, 'AssignPrivateIpAddresses/UnauthorizedOperation', 6);
  return node;
};

const notReady: Needle = (state, at) => {
  const node = pinned(state, { ...quiet(at), multus: MULTUS });
  for (const key of node.pods) {
    const pod = state.pods.get(key);
    if (pod?.app === 'kube-multus') amend(state, pod, { ready: false });
  }
  return node;
};

/** Eight kinds, two of them twice. */
const NEEDLES: readonly Needle[] = [full, astray, lost, adopter, misspelt, miscount, refused, notReady, full, astray];

/** Names of the troubled nodes. */
export const needlesOf = (state: ClusterState): readonly string[] =>
  [...state.nodes].flatMap(([name, node]) => (inGroup(GROUP)(node) ? [name] : [])).sort();

export const needle: Scene = {
  name: 'needle',
  clusterName: 'haystack',
  changesPerSecond: 0,
  size: { nodes: 1000, podsPerNode: 3 },
  build(state, life, { nodes, podsPerNode }) {
    const zones = addZones(state, ZONES, (index) => `10.${index * 8}.0.0/16`);
    installSystem(state, { multus: MULTUS });
    const every = Math.max(1, Math.floor(nodes / NEEDLES.length));
    for (let index = 0; index < nodes; index += 1) {
      const at = must(zones[index % ZONES], 'zone');
      const put = index % every === Math.floor(every / 2) ? NEEDLES[Math.floor(index / every)] : undefined;
      if (put !== undefined) {
        put(state, at);
        continue;
      }
      addNode(state, {
        subnet: at.subnet,
        type: 'm5.large',
        nodeGroup: 'hay',
        // The warning that most of them share.
        ...(index % 4 === 0 ? {} : { maxPods: 110 }),
        env: { WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: String(podsPerNode + 2) },
      });
    }
    life.add({ kind: 'Deployment', namespace: 'shop', app: 'web', replicas: nodes, where: inGroup('hay'), calm: true });
  },
};
