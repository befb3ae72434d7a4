/** The model is repeatable and consistent over many seeds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/sim/manual-clock';
import { Life } from '../../lib/sim/model/life';
import { isFinished, podKey } from '../../lib/sim/model/pod';
import { poolsOf, settle } from '../../lib/sim/model/ipamd';
import { createState, type ClusterState } from '../../lib/sim/model/state';
import { writePools } from '../../lib/sim/model/whereabouts';
import { openResource, resourcesOf } from '../../lib/sim/kubernetes/resources';
import { SCENES, randomScene } from './index';
import type { Scene } from '../../lib/sim/scenes/base/scene';
import { readTruth } from '../testing/sim/truth';

interface World {
  readonly state: ClusterState;
  readonly step: (count: number) => void;
}

function build(scene: Scene, seed: number): World {
  const clock = createManualClock();
  const state = createState({ name: scene.clusterName, seed, clock });
  const life = new Life(state);
  scene.build(state, life, scene.name === 'size' ? { nodes: 9, podsPerNode: 12 } : scene.size);
  for (const node of state.nodes.values()) if (!node.frozen) settle(state, node);
  writePools(state);
  state.live = true;
  return {
    state,
    step(count) {
      for (let done = 0; done < count; done += 1) {
        life.change();
        clock.advance(1000);
        state.tasks.runDue(state.now());
        writePools(state);
      }
    },
  };
}

const everything = (state: ClusterState): string =>
  JSON.stringify([
    resourcesOf(state).map((resource) => {
      const view = openResource(state, resource, true);
      return view?.sorted().map((entry) => view.render(entry));
    }),
    state.ec2.enis.view(0),
    readTruth(state, 'test', 0),
  ]);

/** Checks what must hold for any cluster at any time; returns the violations. */
function violations(state: ClusterState): string[] {
  const wrong: string[] = [];
  const owners = new Map<string, string>();
  for (const eni of state.ec2.enis.values()) {
    const range = state.ec2.subnet(eni.subnetId);
    for (const ip of [eni.primaryIp, ...eni.secondaryIps]) {
      if (ip === null) continue;
      if (owners.has(ip)) wrong.push(`${ip} is on ${eni.id} and on ${owners.get(ip) ?? ''}`);
      if (!range.contains(ip)) wrong.push(`${ip} of ${eni.id} is outside of ${range.cidr}`);
      owners.set(ip, eni.id);
    }
  }
  for (const node of state.nodes.values()) {
    const places = new Set<string>();
    const perCard = new Map<number, number>();
    for (const id of node.eniIds) {
      const eni = state.ec2.eni(id);
      const { card = -1, device = -1 } = eni.attachment ?? {};
      if (places.has(`${card}/${device}`)) wrong.push(`${node.facts.name}: two ENIs at ${card}/${device}`);
      places.add(`${card}/${device}`);
      perCard.set(card, (perCard.get(card) ?? 0) + 1);
      const used = eni.secondaryIps.length + eni.prefixes.length;
      if (used > (node.type?.ipv4PerEni ?? 0) - 1) wrong.push(`${id} holds ${used} addresses`);
    }
    for (const [card, count] of perCard)
      if (count > (node.type?.enisPerCard ?? 0)) wrong.push(`${node.facts.name}: ${count} ENIs on card ${card}`);
    for (const store of node.stores.values()) {
      for (const stock of store.stocks) {
        const eni = state.ec2.enis.get(stock.eniId);
        const published = JSON.stringify([
          stock.slots.map((slot) => slot.ip),
          stock.prefixes.map((prefix) => prefix.cidr),
        ]);
        if (eni === undefined || JSON.stringify([eni.secondaryIps, eni.prefixes]) !== published)
          wrong.push(`${stock.eniId}: EC2 and ipamd disagree`);
        const holders = [
          ...stock.slots.flatMap((slot) => slot.holder ?? []),
          ...stock.prefixes.flatMap((prefix) => [...prefix.held.values()]),
          ...stock.ipv6Held.values(),
        ];
        for (const holder of holders) {
          const pod = state.pods.get(holder);
          if (pod === undefined || isFinished(pod)) wrong.push(`${stock.eniId}: held by ${holder}, which is gone`);
        }
      }
    }
    for (const pool of poolsOf(node)) {
      if (pool.available !== pool.total - pool.assigned || pool.available < 0)
        wrong.push(`${node.facts.name}: pool does not add up`);
      if (!pool.low && pool.short !== 0) wrong.push(`${node.facts.name}: short though not low`);
    }
  }
  for (const pod of state.pods.values()) {
    for (const item of pod.interfaces) {
      if (!item.rules.includes('secondary-ip') || isFinished(pod) || item.from === 'other') continue;
      const [ip] = item.ips;
      if (item.observed && item.from === 'ipamd' && owners.get(ip ?? '') !== item.eni)
        wrong.push(`${podKey(pod)}: ${ip ?? ''} is not on ${item.eni ?? ''}`);
    }
  }
  return wrong;
}

describe('a scene', () => {
  it.each(SCENES.map((scene) => [scene.name, scene] as const))(
    '%s is the same for the same seed and steps, and differs for another seed',
    (_, scene) => {
      const run = (seed: number): string => {
        const world = build(scene, seed);
        world.step(25);
        return everything(world.state);
      };
      expect(run(4)).toBe(run(4));
      expect(run(5)).not.toBe(run(4));
    },
  );

  it.each(SCENES.filter((scene) => scene.name !== 'troubles').map((scene) => [scene.name, scene] as const))(
    '%s stays consistent through 120 steps',
    (_, scene) => {
      const world = build(scene, 11);
      expect(violations(world.state)).toEqual([]);
      world.step(120);
      expect(violations(world.state)).toEqual([]);
    },
  );

  it('troubles shows every finding, on existing records', () => {
    const { state } = build(SCENES.find((scene) => scene.name === 'troubles') ?? randomScene(), 1);
    const truth = readTruth(state, 'troubles', 1);
    const rules = new Set([...truth.findings, ...truth.laterFindings].map((finding) => finding.rule));
    expect(rules.size).toBe(55);
    for (const { rule, subjects } of truth.findings) {
      const known = subjects.filter((id) => {
        if (id.startsWith('node:')) return state.nodes.has(id.slice('node:'.length));
        if (id.startsWith('pod:')) return state.pods.get(id.slice('pod:'.length)) !== undefined;
        if (id.startsWith('if:')) return id in truth.interfaces;
        if (id.startsWith('eni-')) return state.ec2.enis.get(id) !== undefined;
        if (id.startsWith('subnet-')) return state.ec2.subnets.has(id);
        return id.startsWith('net:');
      });
      expect(known, rule).not.toEqual([]);
    }
  });
});

describe('a random cluster', () => {
  it('stays consistent through any series of operations', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 40 }), (seed, steps) => {
        const world = build(randomScene(), seed);
        expect(violations(world.state)).toEqual([]);
        world.step(steps);
        expect(violations(world.state)).toEqual([]);
      }),
      { seed: 20_260_901, numRuns: 200 },
    );
  });

  it('fills its pools to their targets when left alone, where subnet and instance allow', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const { state } = build(randomScene(), seed);
        for (const node of state.nodes.values()) {
          const before = JSON.stringify(poolsOf(node));
          settle(state, node);
          expect(JSON.stringify(poolsOf(node))).toBe(before);
        }
      }),
      { seed: 7, numRuns: 60 },
    );
  });
});
