/** A cluster made of facts, with its collector and store in this thread, for measurements without sources. */
import { allLive, instance, node, ownEni, pod, replaceAll, subnet } from '../e2e/testing/facts';
import { createPair } from '../e2e/testing/servers/pair';
import { Findings } from '../lib/findings/evaluate';
import { RULES } from '../lib/findings/registry';
import type { EniFact, PodFact } from '../lib/model/facts';
import type { Batch, Observation } from '../lib/model/observation';
import { systemClock } from '../lib/server/store/clock';
import type { StoreOptions } from '../lib/server/store/store';
import { Engine } from '../lib/topology/engine';

/** Initial pods per node. */
export const PODS_A_NODE = 30;
/** Addresses on each ENI that no initial pod holds. */
const WARM = 10;

/** The name of a node. */
export const nameOf = (index: number): string => `ip-10-${index >> 12}-${(index >> 6) & 63}-${index & 63}.ec2.internal`;
const addressOf = (index: number, slot: number): string => `10.${index >> 8}.${index & 255}.${slot}`;
const instanceOf = (index: number): string => `i-${index.toString(16).padStart(17, '0')}`;

/** The pod that holds this slot of the node; from `PODS_A_NODE` on, the slot is initially warm. */
export const podOn = (index: number, slot: number, more: Partial<PodFact> = {}): PodFact =>
  pod(more.name ?? `app-${index}-${slot}`, {
    uid: `uid-${index}-${slot}`,
    node: nameOf(index),
    ips: [addressOf(index, slot + 10)],
    ...more,
  });

/** The node's ENI, with this many addresses that no initial pod holds. */
export const eniOn = (index: number, warm = WARM): EniFact =>
  ownEni(`eni-${index.toString(16).padStart(17, '0')}`, {
    instanceId: instanceOf(index),
    primaryIp: addressOf(index, 1),
    secondaryIps: Array.from({ length: PODS_A_NODE + warm }, (_, slot) => addressOf(index, slot + 10)),
  });

/** All initial pods. */
export const podsOf = (nodes: number): PodFact[] =>
  Array.from({ length: nodes * PODS_A_NODE }, (_, at) => podOn(Math.floor(at / PODS_A_NODE), at % PODS_A_NODE));

/** The first observations of every source. */
export function firstObservations(nodes: number, now: number): readonly Observation[] {
  const all = <T>(of: (index: number) => T): T[] => Array.from({ length: nodes }, (_, index) => of(index));
  return [
    replaceAll(
      'node',
      all((index) => node(nameOf(index), { uid: `uid-${index}`, instanceId: instanceOf(index) })),
    ),
    replaceAll('pod', podsOf(nodes)),
    replaceAll(
      'eni',
      all((index) => eniOn(index)),
    ),
    replaceAll(
      'instance',
      all((index) => instance(instanceOf(index))),
    ),
    replaceAll('subnet', [subnet()]),
    ...allLive(now),
  ];
}

/** Creates the cluster. */
export function worldOf(nodes: number, options: Partial<StoreOptions> = {}) {
  const engine = new Engine();
  const findings = new Findings(RULES);
  const { store, collector } = createPair(systemClock, { engine, findings, ...options });
  collector.apply({ at: Date.now(), observations: firstObservations(nodes, Date.now()) });
  collector.settle();
  return { store, collector, engine, findings };
}

/** The observation of a deleted pod. */
export const removal = ({ namespace, name }: PodFact, uid: string | null = null): Observation => ({
  op: 'remove',
  kind: 'pod',
  scope: 'pod',
  key: `${namespace}/${name}`,
  uid,
});

/** A batch of observations. */
export const batchOf = (...observations: readonly Observation[]): Batch => ({ at: Date.now(), observations });
