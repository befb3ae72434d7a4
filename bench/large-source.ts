/**
 * A record set of a given size, built without the engine: a few node types, one pod per assigned slot, some with a
 * second interface.
 */
import { createCluster, pool } from '../e2e/testing/layout';
import type { ViewSource } from '../lib/view/view-source';

const TYPES = [
  { type: 'm5.large', enis: 3, slots: 9 },
  { type: 'm5.4xlarge', enis: 8, slots: 29 },
  { type: 'c6i.8xlarge', enis: 8, slots: 29 },
] as const;

/** Thirty pods per node, one in five with a second interface. */
export function largeSource(nodes: number, pods: number): ViewSource {
  const cluster = createCluster().network('core', 'ipvlan-a').network('core', 'macvlan-b');
  const perNode = Math.ceil(pods / nodes);
  for (let index = 0; index < nodes; index++) {
    const { type, enis, slots } = TYPES[perNode > 18 ? 1 + (index % 2) : index % 3] ?? TYPES[1];
    const name = `ip-10-${index >> 12}-${(index >> 6) & 63}-${index & 63}.eu-west-1.compute.internal`;
    const zone = `eu-west-1${'abc'.charAt(index % 3)}`;
    cluster.node(name, {
      instanceType: type,
      zone,
      pools: [pool(perNode, 8, 2, 10)],
      podCount: perNode,
      ready: index % 97 !== 5,
    });
    cluster.card(name, 0, {
      maxEnis: enis,
      eniSlots: { limit: enis, used: 3, unmanaged: 1, reserved: 0, free: enis - 3 },
    });
    for (let eni = 0, left = perNode; eni < 2; eni++) {
      const held = Math.min(left, slots);
      left -= held;
      const states = `p${'a'.repeat(held)}${'w'.repeat(Math.max(0, Math.min(8, slots - held)))}`;
      const id = `eni-${index.toString(16).padStart(12, '0')}${eni}`;
      cluster.eni(name, {
        id,
        deviceIndex: eni,
        states,
        net: `10.${eni}.${index % 250}`,
        capacity: slots,
        addressCapacity: slots,
      });
      cluster.fill(name, id, `ns-${index % 20}`, `pod-${index}-${eni}`);
    }
    const second = Math.floor(perNode / 5);
    const id = `eni-${index.toString(16).padStart(12, '0')}2`;
    cluster.eni(name, {
      id,
      deviceIndex: 2,
      states: `p${'a'.repeat(second)}`,
      net: `10.9.${index % 250}`,
      capacity: slots,
      management: { state: 'unmanaged', rule: 'no-manage-tag', certainty: 'observed', observed: false },
    });
    cluster.fill(name, id, `ns-${index % 20}`, `pod-${index}-0`, 'net:core/ipvlan-a', 'net1');
    if (index % 23 === 0) cluster.finding(index % 2 === 0 ? 'error' : 'warning', 'multus-down', [`node:${name}`]);
  }
  return cluster.build();
}
