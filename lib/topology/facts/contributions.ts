/**
 * What nodes and lone ENIs contribute to networks and subnets. The sums are updated by the difference of one unit, so
 * that the cost of a change does not grow with the cluster.
 */
import type { Changed } from './keys';

/** The contribution of one unit. */
export interface Contribution {
  /** Keyed by `namespace/name` of a NAD; `` for the cluster network. */
  readonly networks: ReadonlyMap<string, { readonly pods: number; readonly addresses: number }>;
  /** Number of addresses held, by subnet. */
  readonly subnets: ReadonlyMap<string, number>;
  /** Whether ipamd runs on the node. */
  readonly vpcCni: boolean;
}

/** Usage of a network by live pods, summed over nodes. */
export interface Usage {
  readonly pods: number;
  readonly addresses: number;
  /** The largest number of addresses on one node: host-local keeps its allocations per node. */
  readonly fullestNode: number;
}

const NO_USAGE: Usage = { pods: 0, addresses: 0, fullestNode: 0 };

const NONE: Contribution = { networks: new Map(), subnets: new Map(), vpcCni: false };

interface Sum {
  pods: number;
  addresses: number;
  /** Number of nodes by number of addresses: finds the fullest node without a scan of nodes. */
  readonly byCount: Map<number, number>;
}

const move = (counts: Map<number, number>, count: number, by: 1 | -1): void => {
  const next = (counts.get(count) ?? 0) + by;
  if (next > 0) counts.set(count, next);
  else counts.delete(count);
};

/** Sums what units contribute to networks and subnets; readers of a sum run again only if it changes. */
export class Contributions {
  readonly #changed: Changed;
  readonly #units = new Map<string, Contribution>();
  readonly #networks = new Map<string, Sum>();
  readonly #subnets = new Map<string, number>();
  #vpcCniNodes = 0;

  constructor(changed: Changed) {
    this.#changed = changed;
  }

  /** Whether ipamd runs on any node. */
  get hasVpcCni(): boolean {
    return this.#vpcCniNodes > 0;
  }

  /** Whether any unit contributes to the network. */
  has(network: string): boolean {
    return this.#networks.has(network) || (network === '' && this.hasVpcCni);
  }

  usageOf(network: string): Usage {
    const sum = this.#networks.get(network);
    if (sum === undefined) return NO_USAGE;
    return { pods: sum.pods, addresses: sum.addresses, fullestNode: Math.max(0, ...sum.byCount.keys()) };
  }

  heldIn(subnet: string): number {
    return this.#subnets.get(subnet) ?? 0;
  }

  /** Replaces the previous contribution of a unit; null removes it. */
  replace(unit: string, contribution: Contribution | null): void {
    const former = this.#units.get(unit);
    if (former === undefined && contribution === null) return;
    const before = former ?? NONE;
    const after = contribution ?? NONE;
    if (contribution === null) this.#units.delete(unit);
    else this.#units.set(unit, contribution);
    const hadVpcCni = this.hasVpcCni;
    this.#vpcCniNodes += Number(after.vpcCni) - Number(before.vpcCni);
    if (hadVpcCni !== this.hasVpcCni) this.#changed('usage', '');
    for (const network of new Set([...before.networks.keys(), ...after.networks.keys()])) {
      const old = before.networks.get(network);
      const now = after.networks.get(network);
      if (old?.pods === now?.pods && old?.addresses === now?.addresses) continue;
      this.#moveNetwork(network, old, now);
      this.#changed('usage', network);
    }
    for (const subnet of new Set([...before.subnets.keys(), ...after.subnets.keys()])) {
      const by = (after.subnets.get(subnet) ?? 0) - (before.subnets.get(subnet) ?? 0);
      if (by === 0) continue;
      this.#subnets.set(subnet, this.heldIn(subnet) + by);
      this.#changed('held', subnet);
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
