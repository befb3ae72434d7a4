/** Applies changes to a node, before ipamd reacts to them. */
import { targetInWords } from '../topology/pools/next';
import { decidingTargets, regimeOf, type GivenTargets } from '../topology/pools/state';
import { TARGETS, type TargetName } from '../topology/pools/given';
import type { Changes } from './changes';
import type { NodeFigures } from './figures';
import { NodeSim } from './node-sim';
import type { Stock } from './stock';

/** How changes affect a node: not at all, in place, or by replacing it; or too little is known. */
export type Touch = 'none' | 'in-place' | 'replaced' | 'unknown';

/** The warm targets after the changes. */
export const targetsUnder = (given: GivenTargets, changes: Changes): GivenTargets => ({
  ...given,
  ...Object.fromEntries(Object.entries(changes.targets).map(([name, value]) => [TARGETS[name as TargetName], value])),
});

/** The mode of a new node; null if not known. */
export function modeUnder(node: NodeFigures, { prefixMode }: Changes): NodeFigures['mode'] {
  if (prefixMode === null || node.mode === null || node.mode === 'ipv6') return node.mode;
  // Without Nitro or bare metal, ipamd silently keeps using single addresses (vpc-cni §2.2).
  return prefixMode
    ? node.prefixCapable === null
      ? null
      : node.prefixCapable
        ? 'prefix'
        : 'secondary-ip'
    : 'secondary-ip';
}

/** The targets in effect, in words; null if not known. */
function ruleOf(given: GivenTargets, mode: 'secondary-ip' | 'prefix'): string | null {
  const card = { card: 0, mode };
  const targets = decidingTargets(given, card);
  return targets === null ? null : targetInWords(regimeOf(card, targets), 0, targets);
}

/** The ENI limit of a card after a change of MAX_ENI; `maxEnis` is that of the instance type. Null if not known. */
export const limitUnder = (maxEnis: number | null, limit: number | null, maxEni: number | null): number | null =>
  maxEni === null ? limit : maxEnis === null ? null : Math.min(maxEni, maxEnis);

/** Subnets beside the node's own that its ipamd would find by a new tag. */
function foundByTag(
  { discovers, enis, newEniSubnets }: NodeFigures,
  { taggedSubnets }: Changes,
  { areBeside }: Subnets,
): readonly string[] {
  const own = enis.find(({ isPrimary }) => isPrimary)?.subnet ?? null;
  if (taggedSubnets === null || discovers === false || own === null) return [];
  return taggedSubnets.filter((id) => areBeside(id, own) && newEniSubnets?.includes(id) !== true);
}

/** The excluded subnets among those in which the node has ENIs or may create some. */
function leftOut({ excludes, enis, newEniSubnets }: NodeFigures, { excludedSubnets }: Changes): ReadonlySet<string> {
  if (excludedSubnets === null || excludes === false) return new Set();
  const used = new Set([...(newEniSubnets ?? []), ...enis.flatMap(({ subnet }) => subnet ?? [])]);
  return new Set(excludedSubnets.filter((id) => used.has(id)));
}

/** ENIs in these subnets keep their pods, and assign no more addresses (vpc-cni §1.1). Changes and returns `sim`. */
function exclude(sim: NodeSim, subnets: ReadonlySet<string>): NodeSim {
  if (subnets.size === 0) return sim;
  for (const eni of sim.enis) {
    if (eni.subnet === null || !subnets.has(eni.subnet)) continue;
    Object.assign(eni, {
      grows: false,
      isBusy: eni.isBusy || eni.held > 0,
      total: 0,
      held: 0,
      prefixes: 0,
      freePrefixes: 0,
    });
  }
  sim.newEniSubnets = sim.newEniSubnets?.filter((id) => !subnets.has(id)) ?? null;
  return sim;
}

/** How the changes affect a node. */
export function touchOf(node: NodeFigures, changes: Changes, subnets: Subnets): Touch {
  const { targets, mode } = node;
  // Settings of the VPC CNI do not affect a node without it, and IPv6 mode has no pools.
  const isServed = targets !== null && mode !== 'ipv6';
  if (isServed) {
    const next = modeUnder(node, changes);
    const custom = changes.customNetworking;
    if (mode === null) return changesSettings(changes) ? 'unknown' : inPlace(node, changes);
    const isFound = foundByTag(node, changes, subnets).length > 0;
    const isLeftOut = leftOut(node, changes).size > 0;
    // Whatever else changes.
    if (isFound && (node.discovers === null || node.newEniSubnets === null)) return 'unknown';
    if (isLeftOut && node.excludes === null) return 'unknown';
    if (next === null || next === 'ipv6' || (custom !== null && node.customNetworking === null)) return 'unknown';
    const turns = custom !== null && (custom !== false) !== node.customNetworking;
    if (next !== mode || turns || (custom !== null && custom !== false && custom.length > 0)) return 'replaced';
    const after = ruleOf(targetsUnder(targets, changes), mode);
    if (after === null && Object.keys(changes.targets).length > 0) return 'unknown';
    if (after !== ruleOf(targets, mode)) return 'in-place';
    if (isFound || isLeftOut) return 'in-place';
    for (const { maxEnis, limit } of node.cards) {
      const wanted = limitUnder(maxEnis, limit, changes.maxEni);
      if (wanted === null && changes.maxEni !== null) return 'unknown';
      if (wanted !== limit) return 'in-place';
    }
  }
  return inPlace(node, changes);
}

const changesSettings = ({ targets, prefixMode, customNetworking, maxEni }: Changes): boolean =>
  Object.keys(targets).length > 0 || prefixMode !== null || customNetworking !== null || maxEni !== null;

const inPlace = (node: NodeFigures, { maxPods }: Changes): Touch =>
  maxPods !== null && maxPods !== node.maxPods ? 'in-place' : 'none';

/** The subnets of a new node's ENIs; `zoneOf` returns a subnet's zone, `candidates` the subnets found by subnet discovery. */
export interface Subnets {
  readonly zoneOf: (subnet: string) => string | null;
  /** Whether two subnets are in the same zone of the same VPC. */
  readonly areBeside: (one: string, other: string) => boolean;
  /** Those subnets in the order in which ipamd tries them: the one with the most free addresses first. */
  readonly byRoom: (ids: readonly string[]) => readonly string[];
}

function newSubnets(node: NodeFigures, changes: Changes, subnets: Subnets): readonly string[] | null {
  const { customNetworking: custom } = changes;
  const { zoneOf } = subnets;
  if (custom === null) return withTagged(node, changes, subnets);
  if (custom === false) {
    if (node.customNetworking === false) return node.newEniSubnets;
    const primary = node.enis.find(({ isPrimary }) => isPrimary)?.subnet ?? null;
    return primary === null ? null : [primary];
  }
  // The subnets of the ENIConfigs are unknown unless specified.
  return custom.length === 0
    ? node.customNetworking === true
      ? node.newEniSubnets
      : null
    : custom.filter((id) => zoneOf(id) === node.zone);
}

function withTagged(node: NodeFigures, changes: Changes, subnets: Subnets): readonly string[] | null {
  const more = foundByTag(node, changes, subnets);
  return more.length === 0 || node.newEniSubnets === null
    ? node.newEniSubnets
    : subnets.byRoom([...node.newEniSubnets, ...more]);
}

/** The same node with other targets, limits and subnets; its ENIs remain. */
export function adjust(sim: NodeSim, changes: Changes, subnets: Subnets): NodeSim {
  const { of } = sim;
  const next = new NodeSim(of, { mode: sim.mode, slots: sim.slots, targets: targetsUnder(sim.targets, changes) });
  next.maxPods = changes.maxPods ?? of.maxPods;
  next.newEniSubnets = withTagged(of, changes, subnets);
  next.cards.forEach((card, at) => {
    const { maxEnis, limit, taken, freeEnis } = of.cards[at] ?? {
      maxEnis: null,
      limit: null,
      taken: null,
      freeEnis: null,
    };
    const wanted = limitUnder(maxEnis, limit, changes.maxEni);
    card.freeEnis =
      wanted === limit ? freeEnis : taken === null || wanted === null ? null : Math.max(0, wanted - taken);
  });
  return exclude(next, leftOut(of, changes));
}

/**
 * A new node in place of this one, under the changes: its primary ENI, ENIs that ipamd does not delete, and its pods, which
 * wait for addresses. The addresses of the old node return to its subnets.
 */
export function replace(of: NodeFigures, changes: Changes, stock: Stock, subnets: Subnets): NodeSim | null {
  const mode = modeUnder(of, changes);
  if (of.targets === null || of.slots === null || mode === null || mode === 'ipv6') return null;
  const sim = new NodeSim(of, { mode, slots: of.slots, targets: targetsUnder(of.targets, changes) });
  const pods = sim.cards.map((card) => sim.assignedOn(card));
  const custom = changes.customNetworking === null ? of.customNetworking : changes.customNetworking !== false;
  const freed = new Map<number, number>();
  for (const eni of sim.enis) {
    if (!eni.isPrimary && eni.eni.interfaceType === 'interface') {
      sim.remove(eni, stock);
      freed.set(eni.card, (freed.get(eni.card) ?? 0) + 1);
      continue;
    }
    stock.takeAddresses(eni.subnet, -eni.singles);
    stock.takeBlocks(eni.subnet, -eni.prefixes);
    Object.assign(eni, { total: 0, held: 0, prefixes: 0, freePrefixes: 0, slotsUsed: 0 });
    if (eni.isPrimary) eni.grows = custom !== true;
  }
  sim.maxPods = changes.maxPods ?? of.maxPods;
  sim.stopped = of.stoppedAnew;
  sim.newEniSubnets = newSubnets(of, changes, subnets);
  sim.cards.forEach((card, at) => {
    const { maxEnis, limit, taken } = of.cards[at] ?? { maxEnis: null, limit: null, taken: null };
    const wanted = limitUnder(maxEnis, limit, changes.maxEni);
    const left = taken === null ? null : taken - (freed.get(card.index) ?? 0);
    Object.assign(card, {
      freeEnis: wanted === null || left === null ? null : Math.max(0, wanted - left),
      moreTotal: 0,
      moreAssigned: 0,
      waiting: pods[at] ?? 0,
    });
  });
  // Under custom networking, the ENIConfig decides.
  return custom === true ? sim : exclude(sim, leftOut(of, changes));
}
