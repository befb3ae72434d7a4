/** How many more pods can get an address from each subnet, and what limits the nodes that take addresses from it. */
import type { Fit, FitLimit } from './fit';

/** The pods that fit in a subnet. */
export interface SubnetFit {
  readonly pods: number;
  /** Number of nodes that take addresses from it, by what limits their next pod, most nodes first. */
  readonly limits: Limits;
}

/** Numbers of nodes by what limits their next pod. */
export type Limits = readonly { readonly by: FitLimit; readonly nodes: number }[];

/** A subnet that no node takes addresses from. */
export const NO_FIT: SubnetFit = { pods: 0, limits: [] };

/** Counts limits; most nodes first. */
export function countLimits(limits: Iterable<FitLimit>): Limits {
  const by = new Map<FitLimit, number>();
  for (const limit of limits) by.set(limit, (by.get(limit) ?? 0) + 1);
  return [...by]
    .map(([limit, nodes]) => ({ by: limit, nodes }))
    .sort((a, b) => b.nodes - a.nodes || (a.by < b.by ? -1 : 1));
}

/** By subnet; absent: no node takes addresses from it. */
export function fitBySubnet(fits: Iterable<Pick<Fit, 'bySubnet' | 'limitedBy'>>): ReadonlyMap<string, SubnetFit> {
  const drafts = new Map<string, { pods: number; limits: FitLimit[] }>();
  for (const { bySubnet, limitedBy } of fits)
    for (const [subnet, pods] of bySubnet) {
      const draft = drafts.get(subnet) ?? { pods: 0, limits: [] };
      draft.pods += pods;
      draft.limits.push(limitedBy);
      drafts.set(subnet, draft);
    }
  return new Map([...drafts].map(([subnet, { pods, limits }]) => [subnet, { pods, limits: countLimits(limits) }]));
}
