/** Prefix mode by target: whole prefixes, addresses, leftovers of the other mode, and a Xen node without prefixes. */
import { must } from '../../lib/sim/model/must';
import { addNode } from '../../lib/sim/model/ec2-nodes';
import { addZones, inGroup, installSystem, type Scene } from '../../lib/sim/scenes/base/scene';

export const prefix: Scene = {
  name: 'prefix',
  clusterName: 'dense-east',
  changesPerSecond: 0.5,
  size: { nodes: 9, podsPerNode: 20 },
  build(state, life, size) {
    const zones = addZones(state, 3, (index) => `10.60.${index * 16}.0/20`);
    installSystem(state, { env: { ENABLE_PREFIX_DELEGATION: 'true' } });
    const targets: readonly Readonly<Record<string, string>>[] = [
      {},
      { WARM_PREFIX_TARGET: '2' },
      { WARM_IP_TARGET: '5', MINIMUM_IP_TARGET: '20' },
      { WARM_IP_TARGET: '2' },
    ];
    for (let index = 0; index < size.nodes; index += 1) {
      addNode(state, {
        subnet: must(zones[index % 3], 'zone').subnet,
        type: index === 5 ? 'm4.large' : (['m5.large', 'm5.xlarge', 'c7i.4xlarge'][index % 3] ?? 'm5.large'),
        nodeGroup: 'dense',
        env: { ENABLE_PREFIX_DELEGATION: 'true', ...targets[index % targets.length] },
      });
    }
    const where = inGroup('dense');
    const pods = (part: number): number => Math.max(1, Math.round(size.nodes * size.podsPerNode * part));
    life.add({ kind: 'Deployment', namespace: 'ci', app: 'runner', replicas: pods(0.5), where });
    life.add({ kind: 'Deployment', namespace: 'ci', app: 'cache', replicas: pods(0.3), where });
    life.add({ kind: 'Job', namespace: 'ci', app: 'nightly', replicas: pods(0.1), where });
  },
};
