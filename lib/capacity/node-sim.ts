/** A node of a what-if: its ENIs change step by step as ipamd would change them, by the same rules as the pools in the records. */
import { PREFIX_SIZE } from '../model/prefix-size';
import { nextStep, type Step } from '../topology/pools/next';
import { subnetForEni, type Left, type NodeRoom } from '../topology/pools/room';
import { decidingTargets, poolState, type GivenTargets, type PoolNumbers } from '../topology/pools/state';
import type { CardFigures, NodeFigures } from './figures';
import { newEni, SimEni } from './sim-eni';
import type { Stock } from './stock';

/** More steps than any pool needs: an m5 with 15 ENIs of 50 addresses takes 30. */
const MAX_STEPS = 400;

/** The mutable state of a network card. */
export interface SimCard {
  readonly index: number;
  freeEnis: number | null;
  /** Addresses and assigned addresses that the record counts in addition to those on the ENIs. */
  moreTotal: number;
  moreAssigned: number;
  /** Pods that wait for an address. */
  waiting: number;
}

/** What ipamd did to reach its targets. */
export interface Settled {
  /** Why a pool stays below its targets; null if none does. */
  readonly unmet: string | null;
  /** Whether it needs an ENI that cannot be created. */
  readonly lacksEni: boolean;
  /** False if too little is known to simulate the node. */
  readonly known: boolean;
  readonly calls: number;
}

/**
 * EC2 calls of a step (vpc-cni §2.4). Adding an ENI: DescribeSubnets, CreateNetworkInterface (which includes its first
 * addresses), DescribeInstances, AttachNetworkInterface and ModifyNetworkInterfaceAttribute. Deleting one:
 * DescribeNetworkInterfaces, DetachNetworkInterface and DeleteNetworkInterface. Other steps take one call,
 * AssignPrivateIpAddresses or UnassignPrivateIpAddresses.
 */
const CALLS: Readonly<Record<Step['next']['action'], number>> = {
  none: 0,
  'add-addresses': 1,
  'add-prefixes': 1,
  'release-addresses': 1,
  'release-prefixes': 1,
  'attach-eni': 5,
  'detach-eni': 3,
};

/** Under custom networking, the ENIConfig sets the subnet, so DescribeSubnets is not called. */
export const callsOf = (action: Step['next']['action'], customNetworking: boolean | null): number =>
  CALLS[action] - (action === 'attach-eni' && customNetworking === true ? 1 : 0);

/** The mutable state of a node. ENIs and addresses are taken from a `Stock`. */
export class NodeSim {
  readonly of: NodeFigures;
  readonly mode: 'secondary-ip' | 'prefix';
  readonly slots: number;
  readonly targets: GivenTargets;
  maxPods: number | null;
  stopped: string | null;
  newEniSubnets: readonly string[] | null;
  readonly cards: SimCard[];
  enis: SimEni[];
  /** Pods that count against max pods. */
  pods: number;
  #newEnis = 0;

  constructor(of: NodeFigures, settings: SimSettings) {
    this.of = of;
    this.mode = settings.mode;
    this.slots = settings.slots;
    this.targets = settings.targets;
    this.maxPods = of.maxPods;
    this.stopped = of.stopped;
    this.newEniSubnets = of.newEniSubnets;
    this.pods = of.pods;
    this.enis = of.enis.map((eni) => new SimEni(eni));
    this.cards = of.cards.map((card) => this.#card(card));
  }

  copy(): NodeSim {
    const copy = new NodeSim(this.of, this);
    copy.maxPods = this.maxPods;
    copy.stopped = this.stopped;
    copy.newEniSubnets = this.newEniSubnets;
    copy.pods = this.pods;
    copy.enis = this.enis.map((eni) => eni.copy());
    copy.cards.splice(0, copy.cards.length, ...this.cards.map((card) => ({ ...card })));
    return copy;
  }

  #card({ index, freeEnis, pool }: CardFigures): SimCard {
    const on = this.enis.filter(({ card }) => card === index);
    return {
      index,
      freeEnis,
      moreTotal: (pool?.total ?? 0) - sum(on, ({ total }) => total),
      moreAssigned: (pool?.assigned ?? 0) - sum(on, ({ held }) => held),
      waiting: 0,
    };
  }

  get byPrefix(): boolean {
    return this.mode === 'prefix';
  }

  on(card: number): readonly SimEni[] {
    return this.enis.filter((eni) => eni.card === card);
  }

  totalOn({ index, moreTotal }: SimCard): number {
    return sum(this.on(index), ({ total }) => total) + moreTotal;
  }

  assignedOn({ index, moreAssigned }: SimCard): number {
    return sum(this.on(index), ({ held }) => held) + moreAssigned;
  }

  get total(): number {
    return sum(this.cards, (card) => this.totalOn(card));
  }

  get assigned(): number {
    return sum(this.cards, (card) => this.assignedOn(card));
  }

  get room(): NodeRoom {
    const isAll = this.cards.every(({ moreTotal, moreAssigned }) => moreTotal === 0 && moreAssigned === 0);
    return {
      slots: this.slots,
      perSlot: this.byPrefix ? PREFIX_SIZE : 1,
      provisions: this.of.provisions,
      warmIp: this.targets.warmIp,
      minimumIp: this.targets.minimumIp,
      cards: this.cards,
      // Addresses that the record counts in addition to those on the ENIs are held too.
      enis: isAll
        ? this.enis
        : [
            ...this.enis,
            ...this.cards.map(({ index, moreTotal, moreAssigned }) => ({
              card: index,
              subnet: null,
              grows: false,
              total: moreTotal,
              held: moreAssigned,
              slotsUsed: this.slots,
            })),
          ],
      newEniSubnets: this.newEniSubnets,
      movesOn: this.of.movesOn,
    };
  }

  #numbers(card: SimCard): PoolNumbers {
    const on = this.on(card.index);
    const total = this.totalOn(card);
    return {
      total,
      available: total - this.assignedOn(card) - (this.#requestsForWaitingPods(card) ? card.waiting : 0),
      slots: this.slots,
      freePrefixes: sum(on, ({ freePrefixes }) => freePrefixes),
      prefixes: sum(on, ({ prefixes }) => prefixes),
      maxPods: this.of.endsAtMaxPods ? this.maxPods : null,
      mode: this.mode,
      card: card.index,
    };
  }

  /**
   * Whether waiting pods are counted all at once. Each waiting pod makes the pool short in turn, with the same result for
   * ipamd, except under MINIMUM_IP_TARGET alone, which requires no free address (vpc-cni §2.4, rule 1).
   */
  #requestsForWaitingPods({ index }: SimCard): boolean {
    const { warmIp, minimumIp } = this.targets;
    return index > 0 || (warmIp ?? 0) > 0 || (minimumIp ?? 0) === 0;
  }

  #next(card: SimCard, stock: Stock): { readonly step: Step; readonly low: boolean } | null {
    const numbers = this.#numbers(card);
    const targets = decidingTargets(this.targets, numbers);
    if (targets === null) return null;
    const state = poolState(numbers, targets);
    const step = nextStep(numbers, targets, state, {
      freeEnis: card.freeEnis,
      stopped: this.stopped,
      backsOff: null,
      views: this.on(card.index),
      supply: stock,
      newEniSubnets: this.newEniSubnets?.length === 0 ? 'no subnet is allowed for new ENIs' : this.newEniSubnets,
      movesOn: this.of.movesOn,
      isSettled: () => true,
    });
    return step === null ? null : { step, low: state.low === true };
  }

  /** Runs ipamd until it changes nothing more. */
  settle(stock: Stock): Settled {
    let calls = 0;
    let unmet: string | null = null;
    let lacksEni = false;
    for (const card of this.cards) {
      let grew = false;
      for (let i = 0; i < MAX_STEPS; i++) {
        const next = this.#next(card, stock);
        if (next === null) return { unmet, lacksEni, known: false, calls };
        const { action, blockedBy } = next.step.next;
        if (action === 'none' || blockedBy !== null) {
          if (next.low) unmet = blockedBy;
          lacksEni ||= next.low && action === 'attach-eni';
          break;
        }
        const grows = action === 'attach-eni' || action.startsWith('add');
        // With contradictory targets, ipamd would release what it has just added and add it again, forever (vpc-cni §3).
        if (grew && !grows) break;
        grew ||= grows;
        calls += this.#apply(card, next.step, stock);
      }
    }
    return { unmet, lacksEni, known: true, calls };
  }

  /** Applies a step; returns its EC2 calls. */
  #apply(card: SimCard, { next: { action, count }, eni: id }: Step, stock: Stock): number {
    const eni = this.enis.find((one) => one.eni.id === id);
    const some = count ?? 0;
    const isFirst = eni?.isNew === true;
    switch (action) {
      case 'add-addresses':
        if (eni === undefined) break;
        eni.total += some;
        eni.slotsUsed += some;
        stock.takeAddresses(eni.subnet, some);
        break;
      case 'add-prefixes':
        if (eni === undefined) break;
        eni.total += some * PREFIX_SIZE;
        eni.slotsUsed += some;
        eni.prefixes += some;
        eni.freePrefixes += some;
        stock.takeBlocks(eni.subnet, some);
        break;
      case 'release-addresses':
        this.#release(card, some, stock);
        break;
      case 'release-prefixes':
        this.#releasePrefixes(card, some, stock);
        break;
      case 'attach-eni':
        this.#attach(card, stock);
        break;
      case 'detach-eni':
        if (eni === undefined) break;
        this.remove(eni, stock);
        if (card.freeEnis !== null) card.freeEnis += 1;
        break;
      case 'none':
        break;
    }
    if (eni !== undefined) eni.isNew = false;
    return isFirst && action.startsWith('add') ? 0 : callsOf(action, this.of.customNetworking);
  }

  #release(card: SimCard, count: number, stock: Stock): void {
    let left = count;
    for (const eni of [...this.on(card.index)].reverse()) {
      const some = Math.max(0, Math.min(left, eni.total - eni.held));
      left -= some;
      eni.total -= some;
      eni.slotsUsed -= some;
      stock.takeAddresses(eni.subnet, -some);
    }
  }

  #releasePrefixes(card: SimCard, count: number, stock: Stock): void {
    let left = count;
    for (const eni of [...this.on(card.index)].reverse()) {
      const some = Math.min(left, eni.freePrefixes);
      left -= some;
      eni.total -= some * PREFIX_SIZE;
      eni.slotsUsed -= some;
      eni.prefixes -= some;
      eni.freePrefixes -= some;
      stock.takeBlocks(eni.subnet, -some);
    }
  }

  #attach(card: SimCard, stock: Stock): void {
    const left = (id: string): Left => ({
      addresses: stock.free(id) ?? Infinity,
      blocks: (this.byPrefix ? stock.freeBlocks(id) : null) ?? Infinity,
      reserved: this.byPrefix ? stock.reserved(id, Infinity) : 0,
    });
    const subnet = subnetForEni(this.newEniSubnets ?? [], left, this.byPrefix ? PREFIX_SIZE : 1) ?? null;
    stock.takeAddresses(subnet, 1);
    const eni = newEni(`${this.of.name} new ${++this.#newEnis}`, card.index, subnet);
    eni.isNew = true;
    this.enis.push(eni);
    if (card.freeEnis !== null) card.freeEnis -= 1;
  }

  /** Deletes an ENI; its addresses return to its subnet. */
  remove(eni: SimEni, stock: Stock): void {
    this.enis = this.enis.filter((one) => one !== eni);
    stock.takeAddresses(eni.subnet, -(1 + eni.singles));
    stock.takeBlocks(eni.subnet, -eni.prefixes);
  }

  /** Runs ipamd, and assigns available addresses to the waiting pods. */
  serve(stock: Stock): Settled {
    const first = this.settle(stock);
    for (const card of this.cards) card.waiting -= this.give(card, card.waiting);
    const then = this.settle(stock);
    return { ...then, calls: first.calls + then.calls, known: first.known && then.known };
  }

  /** Assigns up to `count` existing addresses of a card; returns how many. Prefixes in use are used up first. */
  give(card: SimCard, count: number): number {
    let left = Math.min(count, Math.max(0, this.totalOn(card) - this.assignedOn(card)));
    const given = left;
    for (const whole of this.byPrefix ? [false, true] : [true]) {
      for (const eni of this.on(card.index)) {
        const open = eni.total - eni.held - (whole ? 0 : eni.freePrefixes * PREFIX_SIZE);
        const some = Math.max(0, Math.min(left, open));
        if (some === 0) continue;
        left -= some;
        eni.held += some;
        const used = eni.prefixes - eni.freePrefixes;
        eni.freePrefixes -= Math.max(0, Math.min(eni.freePrefixes, Math.ceil(eni.held / PREFIX_SIZE) - used));
      }
    }
    return given - left;
  }

  /** Removes all pods. */
  drain(): void {
    for (const eni of this.enis) {
      eni.held = 0;
      eni.freePrefixes = eni.prefixes;
    }
    for (const card of this.cards) card.moreAssigned = 0;
    this.pods = 0;
  }

  /** EC2 calls for one pod that is created and deleted. */
  callsOfReplacement(stock: Stock): number | null {
    const there = stock.copy();
    const sim = this.copy();
    const [card] = sim.cards;
    if (card === undefined || !sim.settle(there).known) return null;
    card.waiting = 1;
    const comes = sim.serve(there);
    if (card.waiting > 0) return 0;
    const holder = sim.on(card.index).findLast(({ held }) => held > 0);
    if (holder === undefined) return 0;
    holder.held -= 1;
    const used = holder.prefixes - holder.freePrefixes;
    if (this.byPrefix && Math.ceil(holder.held / PREFIX_SIZE) < used) holder.freePrefixes += 1;
    return comes.calls + sim.settle(there).calls;
  }
}

/** ipamd's settings on the node. */
export interface SimSettings {
  readonly mode: 'secondary-ip' | 'prefix';
  readonly slots: number;
  readonly targets: GivenTargets;
}

const sum = <T>(list: readonly T[], of: (one: T) => number): number => list.reduce((total, one) => total + of(one), 0);
