/** How many more pods fit on nodes that share subnets: each node takes from what the previous ones have left. */
import { grantFor, podsThatFit, type Limit } from '../topology/pools/room';
import type { NodeSim } from './node-sim';
import type { Stock } from './stock';

/** What limits the next pod. `blocks`: the subnet has addresses, but no whole /28. */
export type FitLimit = Limit['limitedBy'] | 'blocks' | 'drained';

/** How many more pods fit on a node. */
export interface Fit {
  /** Null if not known. */
  readonly pods: number | null;
  readonly limitedBy: FitLimit;
  /** How many of these take their address from each subnet that the node takes addresses from. */
  readonly bySubnet: ReadonlyMap<string, number>;
}

const NONE: ReadonlyMap<string, number> = new Map();

/** The limit by max pods, given the pods that count towards it; unknown without max pods. */
export const byMaxPods = (maxPods: number | null, pods: number): Limit =>
  maxPods === null
    ? { pods: null, limitedBy: 'unknown' }
    : { pods: Math.max(0, maxPods - pods), limitedBy: 'max-pods' };

/** Considering only the node, as its record does. */
export const fitAlone = (sim: NodeSim, stock: Stock): Limit | null =>
  podsThatFit(sim.room, byMaxPods(sim.maxPods, sim.pods), stock);

/** No pods from any subnet that the node takes addresses from. */
export const noneFrom = ({ newEniSubnets, enis }: NodeSim): ReadonlyMap<string, number> =>
  new Map(
    [...(newEniSubnets ?? []), ...enis.flatMap(({ subnet, grows }) => (grows && subnet !== null ? subnet : []))].map(
      (subnet) => [subnet, 0],
    ),
  );

/** Takes what these pods need from the stock. */
export function fitAndTake(sim: NodeSim, stock: Stock): Fit {
  const limit = fitAlone(sim, stock);
  if (limit?.pods == null) return { pods: null, limitedBy: 'unknown', bySubnet: NONE };
  const bySubnet = new Map(noneFrom(sim));
  const count = (subnet: string | null, pods: number): void => {
    if (subnet !== null && pods > 0) bySubnet.set(subnet, (bySubnet.get(subnet) ?? 0) + pods);
  };
  let left = limit.pods;
  for (const { subnet, total, held } of sim.enis) {
    const some = Math.min(left, Math.max(0, total - held));
    count(subnet, some);
    left -= some;
  }
  const { room } = sim;
  for (const [subnet, { enis, slots }] of grantFor(room, limit.pods, stock)?.bySubnet ?? []) {
    stock.takeAddresses(subnet, enis);
    if (sim.byPrefix) stock.takeBlocks(subnet, slots);
    else stock.takeAddresses(subnet, slots);
    const some = Math.min(left, slots * room.perSlot);
    count(subnet, some);
    left -= some;
  }
  return { pods: limit.pods, limitedBy: limit.byBlocks === true ? 'blocks' : limit.limitedBy, bySubnet };
}
