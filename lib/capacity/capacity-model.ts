/** The effect of changes on the nodes and subnets of a cluster: before, and once ipamd has reached the new settings. */
import type { SubnetRecord } from '../model/records';
import { adjust, replace, touchOf, type Subnets } from './apply';
import type { Changes } from './changes';
import type { NodeFigures } from './figures';
import { callsReader } from './calls';
import { placeDisplaced } from './displaced';
import { isLimitedByMaxPods, type ModelledNode } from './modelled-node';
import { fitAlone, fitAndTake, type Fit } from './fit';
import { NodeSim } from './node-sim';
import type { NodeOutcome, Outcome, SubnetOutcome } from './outcome';
import { fitAfter, fitOfRecord, sideOfRecord, sideOfSim, sideUnmodelled } from './sides';
import { inSteps, whole } from './steps';
import { Stock } from './stock';
import { fitBySubnet, NO_FIT, type SubnetFit } from './subnet-fit';

/** Null if too little is known to simulate the node; then only the figures of its record are used. */
function simOf(node: NodeFigures, stock: Stock): NodeSim | null {
  const { mode, slots, targets, cards, headroom } = node;
  if (mode === null || mode === 'ipv6' || slots === null || targets === null || cards.length === 0) return null;
  if (cards.some(({ pool }) => pool?.total == null || pool.assigned === null)) return null;
  const sim = new NodeSim(node, { mode, slots, targets });
  const alone = fitAlone(sim, stock);
  // The record may contain more than its figures show, for example if two ENIs list one address.
  const isAlike = alone?.pods === headroom.pods && alone.limitedBy === headroom.limitedBy;
  return isAlike ? sim : null;
}

/** The current state of a cluster, from which any number of what-ifs can start. */
export class CapacityModel {
  readonly #entries: ModelledNode[];
  readonly #base: Stock;
  readonly #subnets: readonly SubnetRecord[];
  readonly #subnetsOfNodes: Subnets;
  /** Subnets of nodes that are not modelled. */
  readonly #open: ReadonlySet<string>;

  /** `nodes`: in the order in which they take addresses from subnets. */
  static *steps(nodes: readonly NodeFigures[], subnets: readonly SubnetRecord[]): Generator<undefined, CapacityModel> {
    const base = new Stock(subnets);
    const entries = yield* inSteps(nodes, (node): ModelledNode => ({
      node,
      before: simOf(node, base),
      fate: 'stays',
      touch: 'none',
      after: null,
      settled: null,
      morePods: 0,
      cannotStart: null,
    }));
    return new CapacityModel(entries, base, subnets);
  }

  private constructor(entries: ModelledNode[], base: Stock, subnets: readonly SubnetRecord[]) {
    this.#base = base;
    this.#subnets = subnets;
    const zones = new Map(subnets.map(({ id, zone }) => [id, zone]));
    const placeOf = new Map(subnets.map(({ id, zone, vpc }) => [id, `${zone} ${vpc}`]));
    const room = new Map(subnets.map(({ id, availableAddresses }) => [id, availableAddresses ?? 0]));
    this.#subnetsOfNodes = {
      zoneOf: (id) => zones.get(id) ?? null,
      areBeside: (one, other) => placeOf.has(one) && placeOf.get(one) === placeOf.get(other),
      byRoom: (ids) => ids.toSorted((a, b) => (room.get(b) ?? 0) - (room.get(a) ?? 0)),
    };
    this.#entries = entries;
    this.#open = new Set(
      this.#entries.flatMap(({ node, before }) =>
        before !== null || isLimitedByMaxPods(node)
          ? []
          : [...(node.newEniSubnets ?? []), ...node.enis.flatMap(({ subnet }) => subnet ?? [])],
      ),
    );
  }

  /** Whether the records of a node are sufficient to simulate it. */
  isModelled(id: string): boolean {
    return this.#entries.some(({ node, before }) => node.id === id && before !== null);
  }

  /** Without changes; null for a subnet if a node that takes addresses from it is not modelled. */
  *fitBySubnet(): Generator<undefined, (subnet: string) => SubnetFit | null> {
    const fits = fitBySubnet((yield* this.#fitsBefore()).values());
    return (subnet) => (this.#open.has(subnet) ? null : (fits.get(subnet) ?? NO_FIT));
  }

  /** Does not change the model, so it can be called repeatedly. */
  under(changes: Changes): Outcome {
    return whole(this.stepsUnder(changes));
  }

  /** The same, in steps. */
  *stepsUnder(changes: Changes): Generator<undefined, Outcome> {
    const entries = this.#entries.map((entry) => ({ ...entry }));
    const stock = this.#base.copy();
    yield* inSteps(entries, (entry) => this.#apply(entry, changes, stock));
    if (changes.roll !== null) this.#roll(entries, changes.roll, changes, stock);
    yield* inSteps(entries, (entry) => serve(entry, stock));
    const { displaced, homeless } = yield* placeDisplaced(entries, stock, changes.maxPods);
    return {
      nodes: yield* this.#outcomes(entries, stock, changes.maxPods),
      subnets: this.#subnetOutcomes(stock, changes.loseZone),
      displaced,
      homeless,
    };
  }

  #apply(entry: ModelledNode, changes: Changes, stock: Stock): void {
    const { node, before } = entry;
    if (changes.loseZone !== null && node.zone === changes.loseZone) {
      entry.fate = 'lost';
      return;
    }
    entry.touch = touchOf(node, changes, this.#subnetsOfNodes);
    if (before === null || entry.touch === 'unknown') return;
    if (entry.touch === 'replaced') {
      entry.fate = 'replaced';
      entry.after = replace(node, changes, stock, this.#subnetsOfNodes);
    } else if (entry.touch === 'in-place') entry.after = adjust(before, changes, this.#subnetsOfNodes);
    else entry.after = before.copy();
  }

  /** New nodes next to the drained ones, which keep their addresses until they terminate: the peak of a roll. */
  #roll(entries: ModelledNode[], group: string, changes: Changes, stock: Stock): void {
    const leaving = entries
      .filter(({ node, fate }) => node.group === group && fate !== 'lost')
      .sort((a, b) => b.node.podsWithAddress - a.node.podsWithAddress || (a.node.name < b.node.name ? -1 : 1))
      .slice(0, changes.surge);
    for (const entry of leaving) {
      const { node, after } = entry;
      const fresh = after === null ? null : replace(node, changes, new Stock([]), this.#subnetsOfNodes);
      entries.push({
        ...entry,
        node: { ...node, id: `${node.id} new`, name: `new beside ${node.name}` },
        before: null,
        fate: 'new',
        touch: fresh === null ? 'unknown' : 'replaced',
        after: fresh,
        cannotStart: fresh === null ? null : startOf(fresh, stock),
      });
      entry.fate = 'drained';
      if (after === null) continue;
      const [card] = after.cards;
      after.drain();
      after.stopped = 'the node is cordoned';
      if (card !== undefined) after.give(card, node.daemonPods);
    }
  }

  *#outcomes(
    entries: readonly ModelledNode[],
    stock: Stock,
    maxPods: number | null,
  ): Generator<undefined, readonly NodeOutcome[]> {
    const fits = yield* this.#fitsBefore();
    const there = stock.copy();
    const calls = callsReader(this.#base, stock);
    return yield* inSteps(entries, (entry): NodeOutcome => {
      const { node, before, after, fate } = entry;
      const fit = fits.get(node.id);
      return {
        node,
        fate,
        before:
          fate === 'new' || fit === undefined
            ? null
            : sideOfRecord(node, fit, before === null ? null : calls(before, true)),
        after:
          fate === 'lost'
            ? null
            : after === null
              ? sideUnmodelled(entry, maxPods)
              : sideOfSim(entry, after, fitAfter(entry, after, there), calls(after, false)),
      };
    });
  }

  *#fitsBefore(): Generator<undefined, ReadonlyMap<string, Fit>> {
    const there = this.#base.copy();
    const fits = yield* inSteps(this.#entries, ({ node, before }): [string, Fit] => [
      node.id,
      before === null ? fitOfRecord(node.headroom) : fitAndTake(before, there),
    ]);
    return new Map(fits);
  }

  #subnetOutcomes(stock: Stock, lost: string | null): readonly SubnetOutcome[] {
    return this.#subnets.map((subnet) => {
      const free = stock.free(subnet.id);
      const { availableAddresses: was, heldByCluster: held } = subnet;
      return {
        subnet,
        isLost: lost !== null && subnet.zone === lost,
        isOpen: this.#open.has(subnet.id),
        free,
        blocks: stock.freeBlocks(subnet.id),
        held: held === null || free === null || was === null ? held : held + was - free,
      };
    });
  }
}

/** A new node needs an address for its primary ENI; returns why it cannot get one, otherwise null. */
function startOf(sim: NodeSim, stock: Stock): string | null {
  const subnet = sim.enis.find(({ isPrimary }) => isPrimary)?.subnet ?? null;
  if (subnet !== null && stock.free(subnet) === 0) return `${subnet} has no free address for a new node`;
  stock.takeAddresses(subnet, 1);
  return null;
}

/** Runs ipamd on a node whose settings or pods have changed; other nodes remain as in the records. */
function serve(entry: ModelledNode, stock: Stock): void {
  const { after, touch, fate, cannotStart } = entry;
  if (after === null || cannotStart !== null || (touch === 'none' && fate === 'stays')) return;
  entry.settled = after.serve(stock);
}
