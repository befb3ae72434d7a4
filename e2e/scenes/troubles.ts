/** One small scenario for each finding, in four files by subject. */
import { addZones, inGroup, installSystem, type Scene } from '../../lib/sim/scenes/base/scene';
import { must } from '../../lib/sim/model/must';
import { addNode } from '../../lib/sim/model/ec2-nodes';
import { addAddressTroubles } from './troubles/addresses';
import { addEniTroubles } from './troubles/enis';
import { addModeTroubles } from './troubles/modes';
import { addMultusTroubles } from './troubles/multus';
import { addForeignEnis } from '../../lib/sim/scenes/base/foreign-enis';

export const TROUBLES_MULTUS = '4.1.4';

export const troubles: Scene = {
  name: 'troubles',
  clusterName: 'monday-morning',
  changesPerSecond: 0.5,
  size: { nodes: 6, podsPerNode: 8 },
  build(state, life) {
    const zones = addZones(state, 2, (index) => `10.90.${index * 64}.0/18`);
    installSystem(state, { multus: TROUBLES_MULTUS, whereabouts: true });
    const [a, b] = [must(zones[0], 'zone'), must(zones[1], 'zone')];
    addAddressTroubles(state, a);
    addEniTroubles(state, a, b);
    addModeTroubles(state, a, b);
    addMultusTroubles(state, a, TROUBLES_MULTUS);
    addForeignEnis(state, a.subnet, 1);
    for (const { subnet } of zones) addNode(state, { subnet, type: 'm5.xlarge', nodeGroup: 'healthy' });
    life.add({ kind: 'Deployment', namespace: 'shop', app: 'web', replicas: 10, where: inGroup('healthy') });
  },
};
