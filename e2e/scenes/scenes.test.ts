/** Scenes build at any size and show no trouble but the intended one. */
import { findScene } from './index';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/sim/manual-clock';
import { addNode } from '../../lib/sim/model/ec2-nodes';
import { attachExtra } from '../../lib/sim/model/extra-enis';
import { must } from '../../lib/sim/model/must';
import { ipv4ToNumber, parseCidr } from '../../lib/model/ip';
import { isFinished } from '../../lib/sim/model/pod';
import { createOps } from '../testing/sim/ops';
import { addSubnet, createState, objectsOf, type ClusterState, type KubeObject } from '../../lib/sim/model/state';
import { IP_POOLS, RESERVATIONS, writePools } from '../../lib/sim/model/whereabouts';
import { startSim } from '../../lib/sim/sim';
import { installSystem } from '../../lib/sim/scenes/base/scene';

async function build(scene: string, nodes?: number, podsPerNode?: number): Promise<ClusterState> {
  const sim = await startSim({
    scene: findScene(scene),
    clock: createManualClock(),
    ...(nodes === undefined ? {} : { nodes }),
    ...(podsPerNode === undefined ? {} : { podsPerNode }),
  });
  await sim.stop();
  return sim.state;
}

/** Address → podref, of every IPPool. */
function allocationsOf(state: ClusterState): Map<string, string> {
  const found = new Map<string, string>();
  for (const pool of objectsOf(state, IP_POOLS).values()) {
    const spec = pool['spec'] as { range: string; allocations: Record<string, { podref: string }> };
    const first = must(parseCidr(spec.range), spec.range).first;
    for (const [offset, { podref }] of Object.entries(spec.allocations))
      found.set(String(first + BigInt(offset)), podref);
  }
  return found;
}

const orphans = (state: ClusterState): string[] => {
  const allocated = allocationsOf(state);
  const isOrphan = ({ metadata }: KubeObject): boolean => !allocated.has(String(ipv4ToNumber(metadata.name)));
  return objectsOf(state, RESERVATIONS)
    .values()
    .filter(isOrphan)
    .map(({ metadata }) => metadata.name)
    .sort();
};

describe('demo', () => {
  it.each([
    [1, 12],
    [24, 12],
    [1000, 12],
  ])('%i nodes: only the pod that requests a missing network waits', async (nodes, podsPerNode) => {
    const state = await build('demo', nodes, podsPerNode);
    const waiting = state.pods.values().filter(({ phase }) => phase === 'Pending');
    expect(waiting.map(({ name }) => name)).toEqual(['probe-7d5c9-x2kqp']);
  });

  it('puts ipvlan and macvlan on separate links', async () => {
    const state = await build('demo');
    const plugins = new Map<string, Set<string>>();
    for (const pod of state.pods.values().filter((one) => !isFinished(one))) {
      for (const { eni, network } of pod.interfaces) {
        const plugin = state.networks.get(network.replace('net:', ''))?.plugin;
        if (eni === null || plugin === undefined) continue;
        plugins.set(eni, (plugins.get(eni) ?? new Set()).add(plugin));
      }
    }
    expect([...plugins.values()].some((of) => of.has('macvlan'))).toBe(true);
    expect([...plugins.values()].filter((of) => of.has('ipvlan') && of.has('macvlan'))).toEqual([]);
  });
});

describe('whereabouts', () => {
  it.each(['demo', 'telco', 'modes'])('%s: every reservation has an allocation', async (scene) => {
    expect(orphans(await build(scene))).toEqual([]);
  });

  it('troubles: has one deliberate reservation without an allocation', async () => {
    expect(orphans(await build('troubles'))).toEqual(['10.93.1.77']);
  });

  it('keeps one record for all networks of a range', () => {
    const state = createState({ name: 'shared', seed: 1, clock: createManualClock() });
    installSystem(state, { multus: '4.1.4', whereabouts: true });
    const subnet = addSubnet(state, { name: 'a', cidr: '10.1.0.0/24', zone: 'eu-west-1a' });
    const node = addNode(state, { subnet, type: 'm5.large', multus: '4.1.4' });
    const ops = createOps(state);
    for (const name of ['one', 'two']) {
      ops.createNad({ namespace: 'x', name, plugin: 'ptp', ipam: 'whereabouts', range: '172.16.0.0/24', from: 10 });
      const created = ops.createPod({
        namespace: 'x',
        name: `on-${name}`,
        app: 'x',
        node: node.facts.name,
        requests: [{ network: `x/${name}` }],
      });
      expect(created.phase).toBe('Running');
    }
    writePools(state);
    expect([...allocationsOf(state).values()].sort()).toEqual(['x/on-one', 'x/on-two']);
    ops.deletePod('x/on-one');
    writePools(state);
    expect([...allocationsOf(state).values()]).toEqual(['x/on-two']);
    expect(orphans(state)).toEqual([]);
  });
});

describe('a node', () => {
  it('has one ENI at each device index', () => {
    const state = createState({ name: 'devices', seed: 1, clock: createManualClock() });
    const subnet = addSubnet(state, { name: 'a', cidr: '10.1.0.0/24', zone: 'eu-west-1a' });
    const node = addNode(state, { subnet, type: 'm5.large' });
    expect(() => attachExtra(state, node, { subnet, device: 0 })).toThrow('has an ENI at card 0, device 0 already');
  });
});
