/** Facts of a regular cluster of a given size, for benchmarks that need no server: one ENI a node, its pods' addresses on it. */
import type { EniFact, PodFact } from '../lib/model/facts';
import type { Observation } from '../lib/model/observation';
import { entry, instance, nad, node, ownEni, pod, replaceAll, selection, subnet } from '../e2e/testing/facts';

export const PODS_A_NODE = 33;

export interface Size {
  readonly nodes: number;
  /** So many networks are on every node, each with a pod of its own. */
  readonly networks: number;
}

const nameOf = (index: number): string => `ip-10-${index >> 12}-${(index >> 6) & 63}-${index & 63}.ec2.internal`;
const addressOf = (index: number, slot: number): string => `10.${index >> 8}.${index & 255}.${slot}`;
const instanceOf = (index: number): string => `i-${index.toString(16).padStart(17, '0')}`;

/** The pod of a slot of a node, with a network of its own if it has one. */
export function podOn(index: number, slot: number, networks = 0): PodFact {
  const ips = [addressOf(index, slot + 10)];
  const common = { uid: `uid-${index}-${slot}`, node: nameOf(index), ips };
  if (slot >= networks) return pod(`app-${index}-${slot}`, common);
  return pod(`app-${index}-${slot}`, {
    ...common,
    requested: [selection(`net-${slot}`)],
    reported: [
      entry('aws-cni', { interface: 'eth0', ips, default: true }),
      entry(`default/net-${slot}`, { index: 1, interface: 'net1', ips: [`192.168.${slot}.${index % 250}`] }),
    ],
  });
}

const eniOn = (index: number): EniFact =>
  ownEni(`eni-${index.toString(16).padStart(17, '0')}`, {
    instanceId: instanceOf(index),
    primaryIp: addressOf(index, 1),
    secondaryIps: Array.from({ length: PODS_A_NODE + 10 }, (_, slot) => addressOf(index, slot + 10)),
  });

export function factsOf({ nodes, networks }: Size): readonly Observation[] {
  const each = <T>(of: (index: number) => T): T[] => Array.from({ length: nodes }, (_, index) => of(index));
  const podsOn = (index: number): PodFact[] =>
    Array.from({ length: PODS_A_NODE }, (_, slot) => podOn(index, slot, networks));
  const config = (master: string) => ({ cniVersion: '0.3.1', type: 'macvlan', master, ipam: { type: 'whereabouts' } });
  return [
    replaceAll(
      'node',
      each((index) => node(nameOf(index), { uid: `uid-${index}`, instanceId: instanceOf(index) })),
    ),
    replaceAll(
      'nad',
      Array.from({ length: networks }, (_, slot) => nad(`net-${slot}`, config(`eth${1 + slot}`))),
    ),
    replaceAll('pod', each(podsOn).flat()),
    replaceAll('eni', each(eniOn)),
    replaceAll(
      'instance',
      each((index) => instance(instanceOf(index))),
    ),
    replaceAll('subnet', [subnet()]),
  ];
}
