/**
 * How many more pods of a node get an address: what the pool has free, what current and future ENIs can hold, what the
 * subnets have, and what the kubelet admits.
 */
import type { Datastore } from '../model/datastore';
import { freeEniSlots, mayChangePool, slotsOf } from '../model/ipamd';
import type { SimNode } from '../model/node';
import type { ClusterState } from '../model/state';
import { subnetsForNewEni } from '../model/subnet-choice';

export interface TrueHeadroom {
  readonly pods: number;
  /** Any of these is correct; several when equal. */
  readonly limitedBy: readonly string[];
}

/** Undefined where chance decides: in a nearly full subnet, how many ENIs can still be created. */
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
  const subnets = new Set([
    ...subnetsForNewEni(state, node),
    ...stores.flatMap((store) => store.stocks.map(({ eniId }) => state.ec2.subnet(state.ec2.eni(eniId).subnetId))),
  ]);
  const left = [...subnets].reduce((sum, subnet) => sum + subnet.available, 0);
  if (left === 0) return { pods: inHand, limitedBy: ['subnet'] };
  return left >= 2 * wanted + 64 ? { pods, limitedBy } : undefined;
}

/** The pool that MINIMUM_IP_TARGET alone is content with: it counts what there is, not what is free. */
function reachable(node: SimNode, store: Datastore, unit: number): number {
  const { warmIpTarget = 0, minimumIpTarget = 0 } = node.cni ?? {};
  if (store.card > 0 || warmIpTarget !== 0 || minimumIpTarget === 0) return Infinity;
  let total = store.total;
  while (total < minimumIpTarget) total += unit;
  return total;
}

/** A cordoned node will take pods again; one whose ipamd writes nothing never gets more. */
const mayGrow = (node: SimNode): boolean => mayChangePool(node) || node.cni?.provisions === true;
