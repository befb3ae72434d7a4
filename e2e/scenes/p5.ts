/**
 * Training nodes with many network cards: VPC CNI multi-NIC, EFA-only cards, and a p4d whose extra cards ipamd does not
 * manage.
 */
import { must } from '../../lib/sim/model/must';
import { addNode } from '../../lib/sim/model/ec2-nodes';
import { addZones, inGroup, installSystem, type Scene } from '../../lib/sim/scenes/base/scene';

export const p5: Scene = {
  name: 'p5',
  clusterName: 'training-west',
  changesPerSecond: 0.3,
  size: { nodes: 6, podsPerNode: 6 },
  build(state, life, size) {
    const zones = addZones(state, 2, (index) => `10.50.${index * 32}.0/19`);
    installSystem(state, { env: { ENABLE_MULTI_NIC: 'true' } });
    const efaOnly = (from: number, to: number, subnet: (typeof zones)[number]['subnet']) =>
      Array.from({ length: to - from }, (_, index) => ({
        subnet,
        type: 'efa-only',
        card: from + index,
        device: 0,
        description: 'EFA',
        tags: { Name: 'efa' },
      }));
    for (let index = 0; index < size.nodes; index += 1) {
      const { subnet } = must(zones[index % 2], 'zone');
      const shape = index % 4;
      if (shape === 3) {
        // Without multi-NIC ipamd ignores cards above 0, whatever their tags (vpc-cni §1.2).
        const extra = [1, 2].map((card) => ({
          subnet,
          card,
          device: 0,
          description: 'storage',
          tags: { Name: 'storage' },
        }));
        addNode(state, { subnet, type: 'p4d.24xlarge', nodeGroup: 'single-nic', env: { WARM_IP_TARGET: '4' }, extra });
      } else {
        const type = shape === 2 ? 'c6in.32xlarge' : 'p5.48xlarge';
        addNode(state, {
          subnet,
          type,
          nodeGroup: 'training',
          env: { ENABLE_MULTI_NIC: 'true', WARM_IP_TARGET: '6' },
          extra: type === 'p5.48xlarge' ? efaOnly(shape === 0 ? 8 : 4, 32, subnet) : [],
        });
      }
    }
    const pods = (part: number): number => Math.max(1, Math.round(size.nodes * size.podsPerNode * part));
    life.add({
      kind: 'StatefulSet',
      namespace: 'training',
      app: 'llm-worker',
      replicas: pods(0.3),
      where: inGroup('training'),
      multiNic: true,
      resources: { 'nvidia.com/gpu': 8 },
    });
    life.add({
      kind: 'Deployment',
      namespace: 'training',
      app: 'tracker',
      replicas: pods(0.4),
      where: inGroup('training', 'single-nic'),
    });
  },
};
