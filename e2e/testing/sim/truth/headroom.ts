/**
 * How many more pods of a node can get an address: from the pool, from what current and future ENIs can hold, from the
 * subnets, and within the kubelet's limit.
 */
import type { Datastore } from '../../../../lib/sim/model/datastore';
import { freeEniSlots, mayChangePool, slotsOf } from '../../../../lib/sim/model/ipamd';
import type { SimNode } from '../../../../lib/sim/model/node';
import { objectsOf, type ClusterState } from '../../../../lib/sim/model/state';
import type { SimSubnet } from '../../../../lib/sim/model/subnet';
import { subnetsForNewEni } from '../../../../lib/sim/model/subnet-choice';

/** How many more pods can get an address on a node, and what limits that. */
export interface TrueHeadroom {
  readonly pods: number;
  /** Any of these is correct; several if they are equal. */
  readonly limitedBy: readonly string[];
}

/** Undefined if it depends on chance: in a nearly full subnet, how many ENIs can still be created. */
export function trueHeadroom(state: ClusterState, node: SimNode, byMaxPods: number): TrueHeadroom | undefined {
  const free = Math.max(0, byMaxPods);
  const stores = [...node.stores.values()];
  if (stores.some(({ mode }) => mode === 'ipv6')) return { pods: free, limitedBy: ['max-pods'] };
  const slots = slotsOf(node);
  const unit = stores[0]?.mode === 'prefix' ? 16 : 1;
  const inHand = stores.reduce((sum, store) => sum + store.total - store.assigned, 0);
  let room = inHand;
  let asked = Infinity;
  if (mayGrow(node)) {
    asked = stores.reduce((sum, store) => sum + reachable(node, store, unit) - store.assigned, 0);
    room = 0;
    for (const store of stores) {
      for (const stock of store.stocks) {
        if (stock.trunk || stock.excluded) continue;
        const others = unit === 16 ? stock.slots.length : stock.prefixes.length;
        room += Math.max(0, slots - others) * unit;
      }
      room += freeEniSlots(state, node, store) * slots * unit - store.assigned;
    }
    room = Math.max(0, room);
  }
  const pods = Math.max(0, Math.min(free, room, asked));
  const bySlots = stores.length > 1 ? 'cards' : 'slots';
  const limitedBy = [
    ...(free === pods ? ['max-pods'] : []),
    ...(room === pods ? [bySlots] : []),
    ...(asked === pods ? ['targets'] : []),
  ];
  const wanted = pods - inHand;
  if (wanted <= 0) return { pods, limitedBy };
  return bySubnets(state, node, { pods, limitedBy }, inHand, unit);
}

/**
 * An ENI takes addresses from its own subnet, and a new one is created where the CNI may create it. Undefined unless
 * each of these subnets has either plenty of addresses or none.
 */
function bySubnets(
  state: ClusterState,
  node: SimNode,
  most: TrueHeadroom,
  inHand: number,
  unit: number,
): TrueHeadroom | undefined {
  const wanted = most.pods - inHand;
  const slots = slotsOf(node);
  const isPlenty = ({ available }: SimSubnet): boolean => available >= 2 * wanted + 64;
  const isClear = (subnet: SimSubnet): boolean => subnet.available === 0 || isPlenty(subnet);
  const makers = subnetsForNewEni(state, node).filter((subnet) => isUsable(state, node, subnet));
  let takable = 0;
  for (const store of node.stores.values()) {
    for (const stock of store.stocks) {
      const room = slots - stock.slots.length - stock.prefixes.length;
      if (stock.trunk || stock.excluded || room <= 0) continue;
      const subnet = state.ec2.subnet(state.ec2.eni(stock.eniId).subnetId);
      if (!isClear(subnet)) return undefined;
      if (isPlenty(subnet)) takable += room * unit;
    }
    const more = freeEniSlots(state, node, store);
    if (more > 0 && makers.some(isPlenty)) takable += more * slots * unit;
    else if (more > 0 && !makers.every(isClear)) return undefined;
  }
  return takable >= wanted ? most : { pods: inHand + takable, limitedBy: ['subnet'] };
}

/** Under custom networking an ENIConfig must name it, in the zone of the node: EC2 attaches no ENI across zones (vpc-cni §7). */
function isUsable(state: ClusterState, node: SimNode, { id, zone }: SimSubnet): boolean {
  if (node.podSubnet === null) return true;
  const configs = [...objectsOf(state, 'crd.k8s.amazonaws.com/eniconfigs').values()];
  return (
    zone === node.facts.zone && configs.some((config) => (config['spec'] as { readonly subnet?: string }).subnet === id)
  );
}

/** The pool size at which MINIMUM_IP_TARGET alone is met: it counts all addresses, not the free ones. */
function reachable(node: SimNode, store: Datastore, unit: number): number {
  const { warmIpTarget = 0, minimumIpTarget = 0 } = node.cni ?? {};
  if (store.card > 0 || warmIpTarget !== 0 || minimumIpTarget === 0) return Infinity;
  let total = store.total;
  while (total < minimumIpTarget) total += unit;
  return total;
}

/** A cordoned node will accept pods again; a node whose ipamd does not write to EC2 never gets more addresses. */
const mayGrow = (node: SimNode): boolean => mayChangePool(node) || node.cni?.provisions === true;
