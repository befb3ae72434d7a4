/**
 * What nodes and lone ENIs add to the records that they share: networks and subnets. Kept as sums that move by the
 * difference of one unit, so that the cost of a change does not grow with the cluster.
 */
import type { Contribution } from '../node/node';
import { NO_USAGE, type Usage } from './networks';

interface Sum {
  pods: number;
  addresses: number;
  /** How many nodes have so many addresses: the fullest node without a scan of nodes. */
  readonly byCount: Map<number, number>;
}

const move = (counts: Map<number, number>, count: number, by: 1 | -1): void => {
  const next = (counts.get(count) ?? 0) + by;
  if (next > 0) counts.set(count, next);
  else counts.delete(count);
};

export interface Moved {
  /** `namespace/name`; `` for the cluster network. */
  readonly networks: Set<string>;
  readonly subnets: Set<string>;
}

export class Contributions {
  readonly #units = new Map<string, Contribution>();
  readonly #networks = new Map<string, Sum>();
  readonly #subnets = new Map<string, number>();
  #vpcCniNodes = 0;

  get vpcCniNodes(): number {
    return this.#vpcCniNodes;
  }

  usageOf(network: string): Usage {
    const sum = this.#networks.get(network);
    if (sum === undefined) return NO_USAGE;
    return { pods: sum.pods, addresses: sum.addresses, fullestNode: Math.max(0, ...sum.byCount.keys()) };
  }

  heldIn(subnet: string): number {
    return this.#subnets.get(subnet) ?? 0;
  }

  /** Puts a unit's contribution in the place of its former one; `null` takes it away. Notes what moved. */
  replace(unit: string, after: Contribution | null, moved: Moved): void {
    const before = this.#units.get(unit);
    if (after === null) this.#units.delete(unit);
    else this.#units.set(unit, after);
    const vpcCni = Number(after?.vpcCni ?? false) - Number(before?.vpcCni ?? false);
    if (vpcCni !== 0) {
      const had = this.#vpcCniNodes > 0;
      this.#vpcCniNodes += vpcCni;
      if (had !== this.#vpcCniNodes > 0) moved.networks.add('');
    }
    for (const network of new Set([...(before?.networks.keys() ?? []), ...(after?.networks.keys() ?? [])])) {
      const old = before?.networks.get(network);
      const now = after?.networks.get(network);
      if (old?.pods === now?.pods && old?.addresses === now?.addresses) continue;
      this.#moveNetwork(network, old, now);
      moved.networks.add(network);
    }
    for (const subnet of new Set([...(before?.subnets.keys() ?? []), ...(after?.subnets.keys() ?? [])])) {
      const by = (after?.subnets.get(subnet) ?? 0) - (before?.subnets.get(subnet) ?? 0);
      if (by === 0) continue;
      this.#subnets.set(subnet, this.heldIn(subnet) + by);
      moved.subnets.add(subnet);
    }
  }

  #moveNetwork(
    network: string,
    old: { readonly pods: number; readonly addresses: number } | undefined,
    now: { readonly pods: number; readonly addresses: number } | undefined,
  ): void {
    const sum = this.#networks.get(network) ?? { pods: 0, addresses: 0, byCount: new Map<number, number>() };
    sum.pods += (now?.pods ?? 0) - (old?.pods ?? 0);
    sum.addresses += (now?.addresses ?? 0) - (old?.addresses ?? 0);
    if (old !== undefined) move(sum.byCount, old.addresses, -1);
    if (now !== undefined) move(sum.byCount, now.addresses, 1);
    if (sum.byCount.size === 0) this.#networks.delete(network);
    else this.#networks.set(network, sum);
  }
}
