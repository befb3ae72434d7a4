/**
 * Interfaces by claims: training pods on p5 machines with a GPU and the ENI beside it from DRANET, EFA that two pods share, and a lab
 * whose pods claim virtual functions, with and without Multus.
 */
import type { ClaimRequest } from '../../lib/sim/model/claim';
import { addSharedClaim } from '../../lib/sim/model/claims';
import { runSriovDriver } from '../../lib/sim/scenes/base/sriov-driver';
import { must } from '../../lib/sim/model/must';
import { addNetwork } from '../../lib/sim/model/networks';
import { addHybridNode } from '../../lib/sim/scenes/base/hybrid-node';
import { startPod } from '../../lib/sim/model/pods';
import { addClaimsNode, EFA_CLASS, FUNCTION_CLASS, installDeviceClasses, RANK } from '../../lib/sim/scenes/base/claims';
import { addZones, inGroup, installSystem, type Scene } from '../../lib/sim/scenes/base/scene';
import type { ClusterState } from '../../lib/sim/model/state';

const FUNCTION: ClaimRequest = { name: 'vf', requests: [{ name: 'vf', deviceClass: FUNCTION_CLASS }] };

export const claims: Scene = {
  name: 'claims',
  clusterName: 'training-claims',
  changesPerSecond: 0.3,
  size: { nodes: 4, podsPerNode: 6 },
  build(state, life, size) {
    const zones = addZones(state, 2, (index) => `10.70.${index * 32}.0/19`);
    installSystem(state, { multus: '4.2.1', whereabouts: true });
    installDeviceClasses(state);
    const machines = Math.max(1, size.nodes - 2);
    for (let index = 0; index < machines; index += 1) {
      const { subnet } = must(zones[index % 2], 'zone');
      const node = addClaimsNode(state, { subnet, nodeGroup: 'training', efa: 2 });
      const shared = `fabric-${index}`;
      const wanted = { name: 'efa', shared, requests: [{ name: 'efa', deviceClass: EFA_CLASS, count: 2 }] };
      addSharedClaim(state, 'training', wanted);
      for (const rank of [0, 1]) {
        startPod(state, {
          namespace: 'training',
          app: 'exchange',
          name: `exchange-${index}-${rank}`,
          owner: { kind: 'StatefulSet', name: `exchange-${index}` },
          node: node.facts.name,
          claims: [wanted],
          createdAt: node.facts.createdAt + 600_000,
        });
      }
    }
    life.add({
      kind: 'StatefulSet',
      namespace: 'training',
      app: 'worker',
      replicas: 6 * machines,
      where: inGroup('training'),
      claims: [RANK],
    });
    life.add({
      kind: 'Deployment',
      namespace: 'training',
      app: 'tracker',
      replicas: machines,
      where: inGroup('training'),
    });
    addLab(state);
  },
};

/** Two machines with virtual functions: the driver reports its interfaces on one, leaves that to Multus on the other. */
function addLab(state: ClusterState): void {
  addNetwork(state, {
    namespace: 'lab',
    name: 'fast',
    plugin: 'sriov',
    resourceName: 'openshift.io/fastnet',
    range: '172.31.0.0/24',
  });
  for (const [index, byMultus] of [false, true].entries()) {
    const node = addHybridNode(state, {
      name: `lab-${index}.example.com`,
      ip: `192.0.2.${10 + index}`,
      multus: '4.2.1',
      sriov: [{ name: 'ens1f0', vfs: 8 }],
      sriovResource: null,
      computeType: 'other',
    });
    runSriovDriver(state, node, 'openshift.io/fastnet', byMultus ? 'nothing' : 'all');
    for (let each = 0; each < 3; each += 1) {
      startPod(state, {
        namespace: 'lab',
        app: 'dpdk',
        name: `dpdk-${index}-${each}`,
        owner: { kind: 'StatefulSet', name: `dpdk-${index}` },
        node: node.facts.name,
        claims: [FUNCTION],
        ...(byMultus ? { requests: [{ network: 'lab/fast' }] } : {}),
        createdAt: node.facts.createdAt + 600_000,
      });
    }
  }
}
