/** The truth about a node: its ENI slots, branch ENIs and pods, and how many more pods can get an address. */
import { trueHeadroom, type TrueHeadroom } from './headroom';
import { attachedEnis } from '../../../../lib/sim/model/enis';
import { freeEniSlots, ipamdManages, mayChangePool, reservedForTrunk } from '../../../../lib/sim/model/ipamd';
import type { SimNode } from '../../../../lib/sim/model/node';
import { isFinished } from '../../../../lib/sim/model/pod';
import type { ClusterState } from '../../../../lib/sim/model/state';

/** The ENI slots of a card. */
export interface TrueSlots {
  readonly limit: number;
  readonly used: number;
  readonly unmanaged: number;
  readonly reserved: number;
  readonly free: number;
}

/** The truth about a node; fields that are not judged are absent. */
export interface TrueNode {
  readonly maxPods: number;
  readonly podCount: number;
  readonly hostNetworkPods: number;
  readonly mode?: string;
  readonly eniSlotsUsed?: readonly number[];
  readonly eniSlotsUnmanaged?: readonly number[];
  /** Over the cards that ipamd manages. */
  readonly eniSlots?: TrueSlots;
  /** By card. */
  readonly cards?: Readonly<Record<number, TrueSlots>>;
  readonly branch?: { readonly limit: number; readonly used: number };
  readonly headroom?: TrueHeadroom | undefined;
  /** Whether ipamd may add and free addresses now. */
  readonly poolMoves?: boolean;
}

/** Reads a node. */
export function trueNode(state: ClusterState, node: SimNode): TrueNode {
  const pods = [...node.pods].flatMap((key) => state.pods.get(key) ?? []).filter((pod) => !isFinished(pod));
  const { maxPods } = node.facts;
  const counts = { maxPods, podCount: pods.length, hostNetworkPods: pods.filter((pod) => pod.hostNetwork).length };
  if (node.type === null || node.cni === null) return counts;
  const cards = trueSlots(state, node);
  const sum = (of: (slots: TrueSlots) => number): number => Object.values(cards).reduce((all, one) => all + of(one), 0);
  const eniSlots = {
    limit: sum(({ limit }) => limit),
    used: sum(({ used }) => used),
    unmanaged: sum(({ unmanaged }) => unmanaged),
    reserved: sum(({ reserved }) => reserved),
    free: sum(({ free }) => free),
  };
  const mode = [...node.stores.values()][0]?.mode;
  return {
    ...counts,
    ...(mode === undefined ? {} : { mode }),
    eniSlotsUsed: [eniSlots.used],
    eniSlotsUnmanaged: [eniSlots.unmanaged],
    eniSlots,
    cards,
    ...(node.branches.limit === 0 ? {} : { branch: { limit: node.branches.limit, used: node.branches.used } }),
    ...(isSettled(state, node) ? { headroom: trueHeadroom(state, node, maxPods - pods.length) } : {}),
    poolMoves: mayChangePool(node),
  };
}

/**
 * Whether the datastore has exactly the ENIs that ipamd manages according to current tags: none was attached or tagged
 * since its last reconcile.
 */
function isSettled(state: ClusterState, node: SimNode): boolean {
  const ledger = new Set([...node.stores.values()].flatMap((store) => store.stocks.map(({ eniId }) => eniId)));
  return attachedEnis(state, node).every((eni) => ledger.has(eni.id) === ipamdManages(node, eni));
}

function trueSlots(state: ClusterState, node: SimNode): Record<number, TrueSlots> {
  const slots: Record<number, TrueSlots> = {};
  for (const [card, store] of node.stores) {
    const on = attachedEnis(state, node).filter((eni) => eni.attachment?.card === card);
    slots[card] = {
      limit: Math.min(node.type?.enisPerCard ?? 0, node.cni?.maxEni ?? Infinity),
      used: on.length,
      unmanaged: on.filter((eni) => !ipamdManages(node, eni)).length,
      reserved: reservedForTrunk(state, node, card) ? 1 : 0,
      free: freeEniSlots(state, node, store),
    };
  }
  return slots;
}
