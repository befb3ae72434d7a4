/** A load scene: up to 5,000 nodes and 150,000 pods, one pod in five with an extra interface. */
import { addNetwork } from '../../lib/sim/model/networks';
import { addNode } from '../../lib/sim/model/ec2-nodes';
import { must } from '../../lib/sim/model/must';
import type { SimNode } from '../../lib/sim/model/node';
import { startPod } from '../../lib/sim/model/pods';
import { addSubnet } from '../../lib/sim/model/state';
import { addZones, inGroup, installSystem, type Scene } from '../../lib/sim/scenes/base/scene';

const ZONES = 3;
const SUBNETS_PER_ZONE = 6;
const NODES_PER_NETWORK = 1000;

export const size: Scene = {
  name: 'size',
  clusterName: 'load-test',
  changesPerSecond: 10,
  size: { nodes: 100, podsPerNode: 30 },
  build(state, life, wanted) {
    const zones = addZones(state, ZONES, (index) => `10.${index * 8}.0.0/16`);
    installSystem(state, { multus: '4.1.4' });
    const spare = zones.map(({ zone, subnet }, index) => [
      subnet,
      ...Array.from({ length: SUBNETS_PER_ZONE - 1 }, (_, more) =>
        addSubnet(state, { name: `nodes-${index}-${more + 1}`, cidr: `10.${index * 8 + more + 1}.0.0/16`, zone }),
      ),
    ]);
    const planes = zones.map(({ zone }, index) => {
      const letter = zone.at(-1) ?? 'a';
      return Array.from({ length: Math.ceil(wanted.nodes / ZONES / NODES_PER_NETWORK) }, (_, part) => {
        const subnet = addSubnet(state, {
          name: `plane-${letter}${part}`,
          cidr: `10.${100 + index * 8 + part}.0.0/16`,
          zone,
        });
        addNetwork(state, {
          namespace: 'load',
          name: `net-${letter}${part}`,
          plugin: 'ipvlan',
          master: 'ens6',
          device: 1,
          range: subnet.cidr,
          from: 4000,
          ipam: 'whereabouts',
        });
        return subnet;
      });
    });
    const type = wanted.podsPerNode > 45 ? 'm5.4xlarge' : 'm5.xlarge';
    for (let index = 0; index < wanted.nodes; index += 1) {
      const zone = index % ZONES;
      const part = Math.floor(index / ZONES / NODES_PER_NETWORK);
      const subnets = must(spare[zone], 'zone');
      const node = addNode(state, {
        subnet: must(subnets[Math.floor(index / ZONES) % subnets.length], 'subnet'),
        type,
        nodeGroup: `load-${zone}-${part}`,
        multus: '4.1.4',
        env: { WARM_IP_TARGET: '3', MINIMUM_IP_TARGET: String(wanted.podsPerNode) },
        extra: [
          {
            subnet: must(planes[zone]?.[part], 'plane'),
            device: 1,
            tags: { 'node.k8s.amazonaws.com/no_manage': 'true' },
          },
        ],
      });
      fillNode(node, `load/net-${'abc'[zone] ?? 'a'}${part}`);
    }
    // The churn has its own workloads, so that its cost does not grow with the cluster.
    life.add({
      kind: 'Deployment',
      namespace: 'churn',
      app: 'worker',
      replicas: Math.min(200, wanted.nodes),
      where: inGroup('load-0-0', 'load-1-0', 'load-2-0'),
    });

    function fillNode(node: SimNode, network: string): void {
      for (let pod = 0; pod < wanted.podsPerNode; pod += 1) {
        const app = APPS[pod % APPS.length] ?? 'app';
        startPod(state, {
          namespace: `team-${pod % 12}`,
          name: `${app}-${state.random.suffix(9)}-${state.random.suffix(5)}`,
          app,
          owner: OWNERS[pod % APPS.length] ?? { kind: 'ReplicaSet', name: 'app-6c9f7' },
          labels: LABELS[pod % APPS.length] ?? {},
          node: node.facts.name,
          createdAt: node.facts.createdAt + 120_000 + pod * 1000,
          requests: pod % 5 === 0 ? (REQUESTS.get(network) ?? remember(network)) : [],
        });
      }
    }
  },
};

const APPS = ['api', 'web', 'cache', 'queue', 'worker', 'auth', 'search'];
const OWNERS = APPS.map((app) => ({ kind: 'ReplicaSet', name: `${app}-6c9f7d8b5` }));
const LABELS = APPS.map((app) => ({ app, 'pod-template-hash': '6c9f7d8b5' }));
const REQUESTS = new Map<string, readonly { readonly network: string }[]>();

function remember(network: string): readonly { readonly network: string }[] {
  const requests = [{ network }];
  REQUESTS.set(network, requests);
  return requests;
}
