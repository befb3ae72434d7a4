/** A typical small EKS cluster: two zones, secondary addresses, no extra interfaces. */
import { addNode } from '../../lib/sim/model/ec2-nodes';
import { addZones, inGroup, installSystem, type Scene } from '../../lib/sim/scenes/base/scene';
import { addForeignEnis } from '../../lib/sim/scenes/base/foreign-enis';

export const small: Scene = {
  name: 'small',
  clusterName: 'shop-staging',
  changesPerSecond: 0.5,
  size: { nodes: 8, podsPerNode: 7 },
  build(state, life, size) {
    const zones = addZones(state, 2, (index) => `10.40.${index * 16}.0/20`);
    installSystem(state);
    const types = ['m5.large', 'm5.xlarge', 'm5.large', 't3.medium'];
    for (let index = 0; index < size.nodes; index += 1) {
      const zone = zones[index % zones.length];
      if (zone === undefined) continue;
      addNode(state, {
        subnet: zone.subnet,
        type: types[index % types.length] ?? 'm5.large',
        nodeGroup: 'general',
        os: 'al2023',
        env: index % 4 === 1 ? { WARM_IP_TARGET: '5', MINIMUM_IP_TARGET: '10' } : {},
      });
    }
    for (const zone of zones) addForeignEnis(state, zone.subnet);
    const where = inGroup('general');
    const share = (part: number): number => Math.max(1, Math.round(size.nodes * size.podsPerNode * part));
    life.add({ kind: 'Deployment', namespace: 'kube-system', app: 'coredns', replicas: 2, where, calm: true });
    life.add({ kind: 'Deployment', namespace: 'shop', app: 'web', replicas: share(0.3), where });
    life.add({ kind: 'Deployment', namespace: 'shop', app: 'cart', replicas: share(0.2), where });
    life.add({ kind: 'Deployment', namespace: 'shop', app: 'search', replicas: share(0.2), where });
    life.add({ kind: 'StatefulSet', namespace: 'shop', app: 'redis', replicas: 3, where, calm: true });
    life.add({ kind: 'Job', namespace: 'batch', app: 'report', replicas: share(0.05), where });
  },
};
