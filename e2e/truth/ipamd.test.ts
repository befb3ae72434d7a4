/**
 * Random clusters with what somebody read on their nodes, ipamd's own list or its checkpoint files, and with addresses that ipamd
 * holds for sandboxes that are gone. Its datastore is the truth.
 */
import { afterAll, describe, expect, it } from 'vitest';
import type { Batch, Observation } from '../../lib/model/observation';
import type { RecordMaps } from '../../lib/model/records';
import { normaliseCheckpoint } from '../../lib/normalise/aws-node/checkpoint';
import { normaliseEnis } from '../../lib/normalise/aws-node/enis';
import { AWS_NODE_CHECKPOINT, AWS_NODE_ENIS } from '../../lib/normalise/aws-node/rows';
import { replaceAllOf } from '../../lib/server/sources/observe';
import type { Datastore } from '../../lib/sim/model/datastore';
import type { SimNode } from '../../lib/sim/model/node';
import type { ClusterState } from '../../lib/sim/model/state';
import { Engine } from '../../lib/topology/engine';
import { heldIn, renderCheckpoint, renderEnis } from '../testing/sim/introspection';
import { startLiving } from './living';
import { createEc2InProcess, Reading } from './reading';

const SEEDS = 40;
const STEPS = 8;

let current: ClusterState | null = null;
const ec2 = createEc2InProcess(() => {
  if (current === null) throw new Error('no cluster');
  return current;
});
const counts = { ghosts: 0, named: 0, pools: 0, furtherCards: 0 };

const GONE = 'jobs/gone';

/** Sandboxes that are gone: their DEL never came. */
function haunt(state: ClusterState): ReadonlySet<string> {
  const ghosts = new Set<string>();
  for (const { stores } of state.nodes.values())
    for (const store of stores.values())
      for (let at = 0; at < 2 && store.mode !== 'ipv6'; at += 1) {
        const grant = store.assign(`${GONE}-${ghosts.size}`, state.now());
        if (grant !== null) ghosts.add(grant.ip);
      }
  return ghosts;
}

const ipamdNodes = (state: ClusterState): readonly SimNode[] =>
  [...state.nodes.values()].filter(({ cni, stores }) => cni !== null && stores.size > 0);

/** What was read on every node. */
function readOnNodes(state: ClusterState, how: 'list' | 'checkpoint'): Batch {
  const readAt = new Date(state.now()).toISOString();
  const observations: Observation[] =
    how === 'list'
      ? [
          replaceAllOf(
            AWS_NODE_ENIS,
            ipamdNodes(state).flatMap((node) => {
              const fact = normaliseEnis(renderEnis(node), node.facts.name, readAt);
              return fact === null ? [] : [{ key: node.facts.name, fact }];
            }),
          ),
        ]
      : [
          replaceAllOf(
            AWS_NODE_CHECKPOINT,
            ipamdNodes(state).flatMap((node) => {
              const files = [...node.stores.values()].flatMap(
                (store) => normaliseCheckpoint(renderCheckpoint(store), node.facts.name, readAt, store.card) ?? [],
              );
              const [first] = files;
              if (first === undefined) return [];
              const assigned = files.flatMap((one) => one.assigned);
              return [
                { key: node.facts.name, fact: { ...first, cards: files.flatMap(({ cards }) => cards), assigned } },
              ];
            }),
          ),
        ];
  const source = { id: AWS_NODE_ENIS.id, state: 'live', asOf: readAt, reason: null } as const;
  return { at: state.now(), observations: [...observations, { op: 'status', source }] };
}

/** What the records say wrongly about one card of a node. */
function faultsOf(
  records: RecordMaps,
  node: SimNode,
  store: Datastore,
  ghosts: ReadonlySet<string>,
): readonly string[] {
  const wrong: string[] = [];
  const { name } = node.facts;
  const say = (what: string, got: unknown, want: unknown): void => {
    if (JSON.stringify(got) !== JSON.stringify(want))
      wrong.push(`${name} card ${store.card}: ${what} is ${JSON.stringify(got)}, should be ${JSON.stringify(want)}`);
  };
  const pool = records.nodes.get(`node:${name}`)?.pools.find(({ card }) => card === store.card);
  if (store.mode !== 'ipv6' && pool !== undefined && pool.total !== null) {
    counts.pools += 1;
    say('assigned', pool.assigned, store.assigned);
    say('certainty', pool.certainty, 'observed');
  }
  for (const stock of store.stocks) {
    const believed = records.enis.get(stock.eniId)?.ipamd;
    if (believed == null || stock.excluded) continue;
    const active =
      store.mode === 'prefix'
        ? stock.prefixes.flatMap(({ held }) => [...held.keys()])
        : stock.slots.flatMap(({ ip, holder }) => (holder === null ? [] : [ip]));
    const gone = active.filter((ip) => ghosts.has(ip)).sort();
    say(`unheld of ${stock.eniId}`, [...believed.unheld].sort(), gone);
    say(`taken of ${stock.eniId}`, believed.taken, []);
    counts.ghosts += gone.length;
    counts.named += believed.unheldBy.length;
  }
  for (const [ip, holder] of store.card === 0 ? [] : heldIn(store)) {
    const [namespace, pod] = holder.split('/');
    const faces = [...records.interfaces.values()].filter(({ id }) =>
      id.startsWith(`if:${namespace ?? ''}/${pod ?? ''}/`),
    );
    if (ghosts.has(ip)) continue;
    counts.furtherCards += 1;
    if (!faces.some(({ ips }) => ips.includes(ip)))
      wrong.push(`${name} card ${store.card}: ${holder} has ${ip}, which no interface has`);
  }
  return wrong;
}

describe('ipamd’s view, including addresses of deleted pods', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))('is shown: seed %i', async (seed) => {
    const living = await startLiving(seed);
    const { state } = living.sim;
    current = state;
    const reading = new Reading(state, ec2);
    try {
      for (let done = 0; done < STEPS; done += 1) living.live();
      living.calm(() => undefined);
      const ghosts = haunt(state);
      const engine = new Engine();
      engine.apply(await reading.kubernetes());
      engine.apply(readOnNodes(state, seed % 2 === 0 ? 'list' : 'checkpoint'));
      engine.apply(await reading.ec2());
      const { records } = engine.replica;
      const wrong = ipamdNodes(state).flatMap((node) =>
        [...node.stores.values()].flatMap((store) => faultsOf(records, node, store, ghosts)),
      );
      expect(wrong).toEqual([]);
    } finally {
      reading.stop();
      await living.stop();
    }
  });

  afterAll(() => {
    // An empty comparison would pass as well.
    expect(Math.min(counts.ghosts, counts.named, counts.pools, 10 * counts.furtherCards)).toBeGreaterThan(50);
  });
});
