/** A node of every mode side by side. A real cluster does not mix IPv6 with the rest; a test bench may. */
import { must } from '../../lib/sim/model/must';
import { addZones, inGroup, installSystem, type Scene } from '../../lib/sim/scenes/base/scene';
import { addNode } from '../../lib/sim/model/ec2-nodes';
import { MIX_NAMES, MIXES, type MixName } from './mixes';
import type { ClusterState } from '../../lib/sim/model/state';
import type { Mix } from './mixes/mix';
import { addLeakedEni } from '../../lib/sim/scenes/base/leaks';
import { addForeignEnis } from '../../lib/sim/scenes/base/foreign-enis';

/** Adds the nodes of one mode and records which they are. */
function addMix(state: ClusterState, name: MixName, mix: Mix): void {
  const before = new Set(state.nodes.keys());
  MIXES[name](state, mix);
  for (const node of state.nodes.keys()) if (!before.has(node)) state.shows.set(node, name);
}

const NETWORKS: readonly MixName[] = [
  'multus',
  'twins',
  'inventories',
  'namesOnly',
  'noLinks',
  'slices',
  'sriov',
  'functions',
];

export const modes: Scene = {
  name: 'modes',
  clusterName: 'every-mode',
  changesPerSecond: 0.5,
  size: { nodes: 14, podsPerNode: 6 },
  build(state, life, size) {
    const multus = '4.1.4';
    const zones = addZones(state, 3, (index) => `10.10.${index * 32}.0/19`);
    installSystem(state, { multus, whereabouts: true });
    for (const [index, name] of MIX_NAMES.entries()) {
      const { subnet } = must(zones[index % 3], 'zone');
      addMix(state, name, { subnet, index: index + 1, pods: size.podsPerNode, multus });
    }
    for (const zone of zones) addForeignEnis(state, zone.subnet, 1);
    addNode(state, { subnet: must(zones[0], 'zone').subnet, type: 'm5.xlarge', nodeGroup: 'lively' });
    life.add({ kind: 'Deployment', namespace: 'shop', app: 'web', replicas: 6, where: inGroup('lively') });
  },
};

/**
 * A small random cluster for property tests: one to six nodes of any modes, ENIs of other owners, perhaps a leaked one.
 */
export function randomScene(): Scene {
  return {
    name: 'random',
    clusterName: 'random',
    changesPerSecond: 0,
    size: { nodes: 6, podsPerNode: 8 },
    build(state, life) {
      const { random } = state;
      const zones = addZones(state, 1 + random.int(3), (index) => `10.10.${index * 16}.0/20`);
      const multus = random.pick(['3.4.0', '3.9.3', '4.0.2', '4.1.4', '4.2.1']);
      const chosen: MixName[] = Array.from({ length: 1 + random.int(5) }, () => random.pick(MIX_NAMES));
      const extras = chosen.some((name) => NETWORKS.includes(name));
      installSystem(state, extras ? { multus, whereabouts: random.chance(0.7) } : {});
      for (const [index, name] of chosen.entries()) {
        addMix(state, name, { subnet: random.pick(zones).subnet, index: index + 1, pods: 2 + random.int(9), multus });
      }
      addNode(state, {
        subnet: random.pick(zones).subnet,
        type: 'm5.xlarge',
        nodeGroup: 'lively',
        env: random.chance(0.4) ? { ENABLE_PREFIX_DELEGATION: 'true' } : {},
      });
      life.add({
        kind: 'Deployment',
        namespace: 'shop',
        app: 'web',
        replicas: 2 + random.int(6),
        where: inGroup('lively'),
      });
      if (random.chance(0.5)) addForeignEnis(state, random.pick(zones).subnet, 1 + random.int(2));
      if (random.chance(0.2)) addLeakedEni(state, random.pick(zones).subnet, 600_000);
    },
  };
}
