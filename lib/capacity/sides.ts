/** A node's figures before and after: from its record if it is not simulated, else from the simulation. */
import type { NodeRecord } from '../model/records';
import { isLimitedByMaxPods, type ModelledNode } from './modelled-node';
import type { NodeFigures } from './figures';
import { byMaxPods, fitAndTake, noneFrom, type Fit } from './fit';
import type { NodeSim } from './node-sim';
import type { Side } from './outcome';
import type { Stock } from './stock';

/** The pods that fit, according to the record alone. */
export const fitOfRecord = ({ pods, limitedBy }: NodeRecord['headroom']): Fit => ({
  pods,
  limitedBy,
  bySubnet: new Map(),
});

const NOT_KNOWN: Side = {
  enis: null,
  held: null,
  assigned: null,
  fit: null,
  limitedBy: 'unknown',
  bySubnet: new Map(),
  unmet: null,
  lacksEni: false,
  waiting: 0,
  calls: null,
};

const sumKnown = (values: readonly (number | null | undefined)[]): number | null =>
  values.length === 0 || values.some((value) => value == null)
    ? null
    : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** The figures in the node's record. */
export function sideOfRecord(node: NodeFigures, fit: Fit, calls: number | null): Side {
  const pools = node.cards.map(({ pool }) => pool);
  const low = pools.find((pool) => pool?.low === true && pool.next?.blockedBy != null)?.next ?? null;
  return {
    enis: node.attached,
    held: sumKnown(pools.map((pool) => pool?.total)),
    assigned: sumKnown(pools.map((pool) => pool?.assigned)),
    fit: fit.pods,
    limitedBy: fit.limitedBy,
    bySubnet: fit.bySubnet,
    unmet: low?.blockedBy ?? null,
    lacksEni: low?.action === 'attach-eni' && node.stopped === null,
    waiting: 0,
    calls,
  };
}

/** The pods that fit after the changes; their addresses are taken from the stock. */
export function fitAfter({ fate, cannotStart }: ModelledNode, sim: NodeSim, stock: Stock): Fit {
  if (fate === 'drained') return { pods: 0, limitedBy: 'drained', bySubnet: noneFrom(sim) };
  return cannotStart === null ? fitAndTake(sim, stock) : { pods: 0, limitedBy: 'subnet', bySubnet: noneFrom(sim) };
}

/** The figures once ipamd has reached the new settings. */
export function sideOfSim(
  { node, fate, settled, cannotStart }: ModelledNode,
  sim: NodeSim,
  fit: Fit,
  calls: number | null,
): Side {
  const record = sideOfRecord(node, fit, calls);
  if (settled === null && fate === 'stays') return record;
  const own = fate === 'new' ? sim.enis.length : (node.attached ?? 0) + sim.enis.length - node.enis.length;
  return {
    ...record,
    enis: cannotStart !== null ? 0 : node.attached === null ? null : own,
    held: cannotStart === null ? sim.total : 0,
    assigned: cannotStart === null ? sim.assigned : 0,
    unmet: cannotStart ?? settled?.unmet ?? null,
    lacksEni: cannotStart !== null || (settled?.lacksEni === true && sim.stopped === null),
    waiting: sim.cards.reduce((sum, { waiting }) => sum + waiting, 0),
    calls: settled?.known === false ? null : calls,
  };
}

/** A node for which only max pods is evaluated, or nothing. */
export function sideUnmodelled({ node, touch, fate, morePods }: ModelledNode, maxPods: number | null): Side {
  const isKnown = touch === 'none' && fate === 'stays';
  if (isLimitedByMaxPods(node)) {
    const limit = byMaxPods(maxPods ?? node.maxPods, node.pods + morePods);
    return sideOfRecord(node, { ...limit, bySubnet: new Map() }, null);
  }
  return isKnown ? sideOfRecord(node, fitOfRecord(node.headroom), null) : NOT_KNOWN;
}
