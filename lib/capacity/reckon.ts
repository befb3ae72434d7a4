/** What changes would do to the nodes of a cluster and to its subnets: before, and when ipamd has done what the new settings ask for. */
import type { NodeRecord, SubnetRecord } from '../model/records';
import { adjust, replace, touchOf, type Subnets, type Touch } from './apply';
import type { Changes } from './changes';
import type { NodeFigures } from './figures';
import { callsReader } from './calls';
import { byMaxPods, fitAlone, fitAndTake, type Fit, type FitLimit } from './fit';
import { NodeSim, type Settled } from './node-sim';
import { inSteps, whole } from './steps';
import { Stock } from './stock';

/** Null: not known. */
export interface Side {
  readonly enis: number | null;
  /** Addresses for pods on its ENIs: the pools' totals, primary addresses not among them. */
  readonly held: number | null;
  readonly assigned: number | null;
  /** More pods that fit, where nodes that share a subnet share what it has. */
  readonly fit: number | null;
  readonly limitedBy: FitLimit;
  readonly fitBySubnet: ReadonlyMap<string, number>;
  /** Why a pool stays below its target; null where none does. */
  readonly unmet: string | null;
  readonly lacksEni: boolean;
  /** Pods that get no address. */
  readonly waiting: number;
  /** EC2 calls when one pod is replaced, times the pods with an address. */
  readonly calls: number | null;
}

/** `new`: made by a roll. `drained`: its pods have left, and it still holds its addresses. */
export type Fate = 'stays' | 'replaced' | 'lost' | 'new' | 'drained';

/** A node before and after. */
export interface NodeOutcome {
  readonly node: NodeFigures;
  readonly fate: Fate;
  /** Null for a new node. */
  readonly before: Side | null;
  /** Null for a lost node. */
  readonly after: Side | null;
}

/** A subnet after the changes. Null: not known. */
export interface SubnetOutcome {
  readonly subnet: SubnetRecord;
  readonly isLost: boolean;
  /** A node that takes from it is not reckoned with. */
  readonly isOpen: boolean;
  readonly free: number | null;
  readonly blocks: number | null;
  /** Addresses that this cluster's ENIs hold. */
  readonly held: number | null;
}

/** The result of a what-if by node and subnet. */
export interface Outcome {
  readonly nodes: readonly NodeOutcome[];
  readonly subnets: readonly SubnetOutcome[];
  /** Pods of lost nodes that must run elsewhere, and how many of them find no place. */
  readonly displaced: number;
  readonly homeless: number;
}

/** A node while it is reckoned with. */
interface Entry {
  readonly node: NodeFigures;
  readonly before: NodeSim | null;
  fate: Fate;
  touch: Touch;
  after: NodeSim | null;
  settled: Settled | null;
  /** Further pods on a node that only max pods limits. */
  morePods: number;
  waiting: number;
  /** A new node that cannot even start. */
  cannotStart: string | null;
}

/** Null where too little is known to reckon with it: then what its record says is all there is. */
function simOf(node: NodeFigures, stock: Stock): NodeSim | null {
  const { mode, slots, targets, cards, headroom } = node;
  if (mode === null || mode === 'ipv6' || slots === null || targets === null || cards.length === 0) return null;
  if (cards.some(({ pool }) => pool?.total == null || pool.assigned === null)) return null;
  const sim = new NodeSim(node, { mode, slots, targets });
  const alone = fitAlone(sim, stock);
  // The records know more than their figures tell, as where two ENIs list one address.
  const isAlike = alone?.pods === headroom.pods && alone.limitedBy === headroom.limitedBy;
  return isAlike ? sim : null;
}

/** Only max pods limits it, as in IPv6 mode, in Auto Mode and on Fargate. */
const isSimple = ({ headroom, mode, targets }: NodeFigures): boolean =>
  headroom.limitedBy === 'max-pods' && (targets === null || mode === 'ipv6');

/** The present state of a cluster, from which any number of what-ifs start. */
export class Reckoning {
  readonly #entries: Entry[];
  readonly #base: Stock;
  readonly #subnets: readonly SubnetRecord[];
  readonly #zones: Subnets;
  /** Subnets of nodes that are not reckoned with. */
  readonly #open: ReadonlySet<string>;

  /** `nodes` in the order in which they take from subnets. */
  static *steps(nodes: readonly NodeFigures[], subnets: readonly SubnetRecord[]): Generator<undefined, Reckoning> {
    const base = new Stock(subnets);
    const entries = yield* inSteps(nodes, (node): Entry => ({
      node,
      before: simOf(node, base),
      fate: 'stays',
      touch: 'none',
      after: null,
      settled: null,
      morePods: 0,
      waiting: 0,
      cannotStart: null,
    }));
    return new Reckoning(entries, base, subnets);
  }

  private constructor(entries: Entry[], base: Stock, subnets: readonly SubnetRecord[]) {
    this.#base = base;
    this.#subnets = subnets;
    const zones = new Map(subnets.map(({ id, zone }) => [id, zone]));
    this.#zones = { zoneOf: (id) => zones.get(id) ?? null };
    this.#entries = entries;
    this.#open = new Set(
      this.#entries.flatMap(({ node, before }) =>
        before !== null || isSimple(node)
          ? []
          : [...(node.newEniSubnets ?? []), ...node.enis.flatMap(({ subnet }) => subnet ?? [])],
      ),
    );
  }

  /** Whether the records of a node tell enough to reckon with it. */
  reckons(id: string): boolean {
    return this.#entries.some(({ node, before }) => node.id === id && before !== null);
  }

  /** As things are: more pods that get an address of a subnet; null where a node that takes from it is not reckoned with. */
  *fitBySubnet(): Generator<undefined, (subnet: string) => number | null> {
    const sums = new Map<string, number>();
    for (const { bySubnet } of (yield* this.#fitsBefore()).values())
      for (const [subnet, pods] of bySubnet) sums.set(subnet, (sums.get(subnet) ?? 0) + pods);
    return (subnet) => (this.#open.has(subnet) ? null : (sums.get(subnet) ?? 0));
  }

  /** Does not change the reckoning: it can be asked again. */
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
    const { displaced, homeless } = yield* move(entries, stock, changes.maxPods);
    return {
      nodes: yield* this.#outcomes(entries, stock, changes.maxPods),
      subnets: this.#subnetOutcomes(stock, changes.loseZone),
      displaced,
      homeless,
    };
  }

  #apply(entry: Entry, changes: Changes, stock: Stock): void {
    const { node, before } = entry;
    if (changes.loseZone !== null && node.zone === changes.loseZone) {
      entry.fate = 'lost';
      return;
    }
    entry.touch = touchOf(node, changes);
    if (before === null || entry.touch === 'unknown') return;
    if (entry.touch === 'replaced') {
      entry.fate = 'replaced';
      entry.after = replace(node, changes, stock, this.#zones);
    } else if (entry.touch === 'in-place') entry.after = adjust(before, changes);
    else entry.after = before.copy();
  }

  /** New nodes beside the drained ones, which hold what they have until they are gone: the peak of a roll. */
  #roll(entries: Entry[], group: string, changes: Changes, stock: Stock): void {
    const leaving = entries
      .filter(({ node, fate }) => node.group === group && fate !== 'lost')
      .sort((a, b) => b.node.podsWithAddress - a.node.podsWithAddress || (a.node.name < b.node.name ? -1 : 1))
      .slice(0, changes.surge);
    for (const entry of leaving) {
      const { node, after } = entry;
      const fresh = after === null ? null : replace(node, changes, new Stock([]), this.#zones);
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
    entries: readonly Entry[],
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
              ? this.#unreckoned(entry, maxPods)
              : sideOfSim(entry, after, fitAfter(entry, after, there), calls(after, false)),
      };
    });
  }

  *#fitsBefore(): Generator<undefined, ReadonlyMap<string, Fit>> {
    const there = this.#base.copy();
    const fits = yield* inSteps(this.#entries, ({ node, before }): [string, Fit] => [
      node.id,
      before === null ? { ...fitOfRecord(node.headroom) } : fitAndTake(before, there),
    ]);
    return new Map(fits);
  }

  /** A node of which only max pods is reckoned, or nothing. */
  #unreckoned({ node, touch, fate, morePods }: Entry, maxPods: number | null): Side {
    const isKnown = touch === 'none' && fate === 'stays';
    if (isSimple(node)) {
      const limit = byMaxPods(maxPods ?? node.maxPods, node.pods + morePods);
      return { ...sideOfRecord(node, { ...limit, bySubnet: new Map() }, null) };
    }
    return isKnown ? sideOfRecord(node, fitOfRecord(node.headroom), null) : NOT_KNOWN;
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

const fitOfRecord = ({ pods, limitedBy }: NodeRecord['headroom']): Fit => ({ pods, limitedBy, bySubnet: new Map() });

const NOT_KNOWN: Side = {
  enis: null,
  held: null,
  assigned: null,
  fit: null,
  limitedBy: 'unknown',
  fitBySubnet: new Map(),
  unmet: null,
  lacksEni: false,
  waiting: 0,
  calls: null,
};

const sumKnown = (values: readonly (number | null | undefined)[]): number | null =>
  values.length === 0 || values.some((value) => value == null)
    ? null
    : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

function sideOfRecord(node: NodeFigures, fit: Fit, calls: number | null): Side {
  const pools = node.cards.map(({ pool }) => pool);
  const low = pools.find((pool) => pool?.low === true && pool.next?.blockedBy != null)?.next ?? null;
  return {
    enis: node.attached,
    held: sumKnown(pools.map((pool) => pool?.total)),
    assigned: sumKnown(pools.map((pool) => pool?.assigned)),
    fit: fit.pods,
    limitedBy: fit.limitedBy,
    fitBySubnet: fit.bySubnet,
    unmet: low?.blockedBy ?? null,
    lacksEni: low?.action === 'attach-eni' && node.stopped === null,
    waiting: 0,
    calls,
  };
}

function fitAfter({ fate, cannotStart }: Entry, sim: NodeSim, stock: Stock): Fit {
  if (fate === 'drained') return { pods: 0, limitedBy: 'drained', bySubnet: new Map() };
  return cannotStart === null ? fitAndTake(sim, stock) : { pods: 0, limitedBy: 'subnet', bySubnet: new Map() };
}

function sideOfSim({ node, fate, settled, cannotStart }: Entry, sim: NodeSim, fit: Fit, calls: number | null): Side {
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

/** A new node needs an address for its primary ENI; why it gets none. */
function startOf(sim: NodeSim, stock: Stock): string | null {
  const subnet = sim.enis.find(({ isPrimary }) => isPrimary)?.subnet ?? null;
  if (subnet !== null && stock.free(subnet) === 0) return `${subnet} has no free address for a new node`;
  stock.takeAddresses(subnet, 1);
  return null;
}

/** ipamd works on a node whose settings or pods have changed; on the others it is as the records say. */
function serve(entry: Entry, stock: Stock): void {
  const { after, touch, fate, cannotStart } = entry;
  if (after === null || cannotStart !== null || (touch === 'none' && fate === 'stays')) return;
  entry.settled = after.serve(stock);
}

/** The pods of lost nodes go where there is room, in proportion to it. */
function* move(
  entries: readonly Entry[],
  stock: Stock,
  maxPods: number | null,
): Generator<undefined, Pick<Outcome, 'displaced' | 'homeless'>> {
  const displaced = entries
    .filter(({ fate }) => fate === 'lost')
    .reduce((sum, { node }) => sum + Math.max(0, node.podsWithAddress - node.daemonPods), 0);
  if (displaced === 0) return { displaced, homeless: 0 };
  const there = stock.copy();
  const rooms = yield* inSteps(entries, (entry) => {
    const { after, fate, node } = entry;
    if (fate === 'lost' || fate === 'drained' || entry.cannotStart !== null) return 0;
    if (after !== null) return fitAndTake(after, there).pods ?? 0;
    return isSimple(node) ? (byMaxPods(maxPods ?? node.maxPods, node.pods).pods ?? 0) : 0;
  });
  const room = rooms.reduce((sum, one) => sum + one, 0);
  const moved = Math.min(displaced, room);
  const shares = rooms.map((one) => (room === 0 ? 0 : Math.floor((moved * one) / room)));
  let left = moved - shares.reduce((sum, one) => sum + one, 0);
  yield* inSteps(entries.entries(), ([at, entry]) => {
    const more = left > 0 && (shares[at] ?? 0) < (rooms[at] ?? 0) ? 1 : 0;
    left -= more;
    const share = (shares[at] ?? 0) + more;
    const { after } = entry;
    if (share === 0) return;
    if (after === null) entry.morePods += share;
    else {
      const [card] = after.cards;
      if (card !== undefined) card.waiting += share;
      after.pods += share;
      entry.settled = after.serve(stock);
    }
  });
  return { displaced, homeless: displaced - moved };
}
