/**
 * How many more pods get an address on a node, and what limits that. Works on numbers alone, for records and what-ifs
 * (vpc-cni §2.4, §8).
 */
import type { PREFIX_SIZE } from '../../model/prefix-size';
import type { NodeRecord } from '../../model/records';

/** What subnets can still provide. Answers are capped at `enough`; null if not known. */
export interface SubnetSupply {
  addresses(subnet: string, enough: number): number | null;
  /** Free aligned /28 blocks, including those reserved for prefixes. */
  blocks(subnet: string, enough: number): number | null;
  /** Those of the blocks in CIDR reservations for prefixes, whose addresses `addresses` does not include. */
  reserved(subnet: string, enough: number): number;
}

/** An ENI of the pool. */
export interface RoomEni {
  readonly card: number | null;
  readonly subnet: string | null;
  /** Whether ipamd adds addresses to it. */
  readonly grows: boolean;
  /** Addresses of the active mode, and how many of them are assigned. */
  readonly total: number;
  readonly held: number;
  /** Slots that hold an address or a prefix of either kind. */
  readonly slotsUsed: number;
  /** Prefixes with no assigned address. */
  readonly freePrefixes: number;
}

/** The inputs for the room of a node. */
export interface NodeRoom {
  /** Slots per ENI; null if the instance type is not known. */
  readonly slots: number | null;
  /** Addresses per slot. */
  readonly perSlot: 1 | typeof PREFIX_SIZE;
  /** False: ipamd does not write to EC2. Null counts as true. */
  readonly provisions: boolean | null;
  /** 0: not defined; null: not known. */
  readonly warmIp: number | null;
  readonly minimumIp: number | null;
  readonly warmPrefix: number | null;
  /** A pool of as many addresses as this does not grow; null if it does, or if it is not known. */
  readonly enough: number | null;
  /** The managed cards, with the number of ENIs that each can still take; null if not known. */
  readonly cards: readonly { readonly index: number; readonly freeEnis: number | null }[];
  readonly enis: readonly RoomEni[];
  /** Subnets in which a new ENI may be created; a text with the reason if there is none; null: not known. */
  readonly newEniSubnets: readonly string[] | string | null;
  /** Whether ipamd looks further when the subnet of an ENI has no more; otherwise it stops there, and creates no ENI. */
  readonly movesOn: boolean;
  /** Whether an ENI is created with everything that is requested, or not at all. */
  readonly fillsNewEnis: boolean;
}

/** How many more pods fit, and what limits that. */
export interface Limit {
  /** Null if not known. */
  readonly pods: number | null;
  readonly limitedBy: NodeRecord['headroom']['limitedBy'];
  /** The limiting subnet has free addresses, but no whole /28 block. */
  readonly byBlocks?: boolean;
}
type Known = Limit & { readonly pods: number };

/** Addresses for pods, in addition to those held now. */
interface CardRoom {
  /** Those that the ENIs of the card can still get. */
  readonly slots: number;
  /** Those that ipamd would still request, at most `slots`; null if the targets are not known. */
  readonly wanted: number | null;
  /** Those that ipamd has in hand. */
  readonly inHand: number;
}

/**
 * The number of addresses at which a pool stops growing, whatever its targets are: once it has as many as the node takes pods, it is never
 * low (vpc-cni §2.4, rule 0), not even where ipamd holds some of them for pods that are gone. Whole ENIs are filled at once.
 */
function mostUnderMaxPods(
  { enough, minimumIp, warmIp, perSlot }: NodeRoom,
  total: number,
  steps: readonly number[],
): number {
  if (enough === null) return Infinity;
  if (total >= enough) return total;
  if (perSlot > 1 || warmIp !== 0 || minimumIp !== 0) return total + Math.ceil((enough - total) / perSlot) * perSlot;
  let most = total;
  for (const step of steps) if (most < enough) most += step;
  return most;
}

/**
 * The number of addresses that ipamd has on a card once pods have taken all of them. MINIMUM_IP_TARGET without
 * WARM_IP_TARGET is reached once, and then the pool is never short again (vpc-cni §2.4, rule 1). Every other target
 * requires a free address again.
 */
function mostUnder({ minimumIp, warmIp, perSlot }: NodeRoom, card: number, total: number): number | null {
  if (card > 0 || minimumIp === 0 || (warmIp !== null && warmIp !== 0)) return Infinity;
  if (warmIp === null || minimumIp === null) return null;
  return Math.max(total, total + Math.ceil((minimumIp - total) / perSlot) * perSlot);
}

const freeSlotsOf = (enis: readonly RoomEni[], slots: number): number =>
  enis.reduce((sum, eni) => sum + (eni.grows ? Math.max(0, slots - eni.slotsUsed) : 0), 0);

/** Null if not known. */
function roomOn(node: NodeRoom, card: NodeRoom['cards'][number]): CardRoom | null {
  const { slots, perSlot } = node;
  if (slots === null || card.freeEnis === null) return null;
  const pool = node.enis.filter((eni) => eni.card === card.index);
  const total = pool.reduce((sum, eni) => sum + eni.total, 0);
  const held = pool.reduce((sum, eni) => sum + eni.held, 0);
  const inHand = Math.max(0, total - held);
  // Without write access to EC2, a node keeps what it has (vpc-cni §9).
  if (node.provisions === false) return { slots: inHand, wanted: inHand, inHand };
  const room = Math.max(0, total - held + (freeSlotsOf(pool, slots) + card.freeEnis * slots) * perSlot);
  const most = mostUnder(node, card.index, total);
  const steps = [
    ...pool.map((eni) => freeSlotsOf([eni], slots)),
    ...Array.from({ length: card.freeEnis }, () => slots),
  ];
  const last = mostUnderMaxPods(node, total, steps);
  return { slots: room, wanted: most === null ? null : Math.max(0, Math.min(room, most - held, last - held)), inHand };
}

function sumOfRooms(rooms: readonly (CardRoom | null)[], of: keyof CardRoom): number | null {
  const values = rooms.map((room) => room?.[of] ?? null);
  return values.length === 0 || values.includes(null)
    ? null
    : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** Addresses that ipamd has in hand on all cards; null if not known. */
export const inHandOf = (node: NodeRoom): number | null =>
  sumOfRooms(
    node.cards.map((card) => roomOn(node, card)),
    'inHand',
  );

/**
 * What can still be added, and from which subnets: an ENI takes addresses of its own subnet, whatever room others have
 * (vpc-cni §1.1).
 */
interface Growth {
  /** Empty slots of existing ENIs. */
  readonly onEnis: readonly { readonly subnet: string | null; readonly slots: number }[];
  /** The ENIs that may be attached; each takes an address for itself. */
  readonly newEnis: readonly NewEni[];
  readonly perNewEni: number;
  /** Subnets in which they may be created; null if not known. */
  readonly newIn: readonly string[] | null;
  readonly movesOn: boolean;
}

/** How many slots ipamd asks for in the call that creates an ENI: EC2 fills all of them, or refuses the call (vpc-cni §2.4). */
interface NewEni {
  /** If it is the next change of the pool. */
  readonly next: number;
  /** If pods have first taken everything that the pool can get. */
  readonly later: number;
}

/** Free addresses of a subnet; Infinity if not known. */
export interface Left {
  readonly addresses: number;
  /** Aligned /28 blocks; Infinity for single addresses. */
  readonly blocks: number;
  /** Those of them that are reserved for prefixes: EC2 assigns them first, and does not count their addresses as free. */
  readonly reserved: number;
}

/** How many slots of a size a subnet fills. */
export const slotsFrom = ({ addresses, blocks, reserved }: Left, perSlot: number): number =>
  reserved + Math.max(0, Math.min(Math.floor(addresses / perSlot), blocks - reserved));

/** An ENI takes an address for itself, and is created together with as many addresses or prefixes as are asked for, or not at all. */
export const takesEni = (left: Left, perSlot: number, asked: number): boolean =>
  left.addresses >= 1 && slotsFrom({ ...left, addresses: left.addresses - 1 }, perSlot) >= asked;

/** The subnet of a new ENI: ipamd tries the one with the most free addresses first (vpc-cni §1.1). Undefined if none has room. */
export function subnetForEni(
  subnets: readonly string[],
  leftIn: (subnet: string) => Left | undefined,
  perSlot: number,
  asked: number,
): string | undefined {
  let most: { readonly id: string; readonly addresses: number } | undefined;
  for (const id of [...subnets].sort()) {
    const left = leftIn(id);
    if (left === undefined || !takesEni(left, perSlot, asked)) continue;
    if (most === undefined || left.addresses > most.addresses) most = { id, addresses: left.addresses };
  }
  return most?.id;
}

/** What a subnet provides: primary addresses of new ENIs, and filled slots, each with an address or a /28. */
interface Taken {
  readonly enis: number;
  readonly slots: number;
}

/** What subnets provide to a node for a number of further pods. */
interface Grant {
  /** Exact if less than the need; otherwise at least the need. */
  readonly addresses: number;
  /** False if the supply of a required subnet is not known; then there may be less. */
  readonly isKnown: boolean;
  /** Whether a subnet has free addresses, but no whole /28 block. */
  readonly byBlocks: boolean;
  readonly bySubnet: ReadonlyMap<string, Taken>;
}

class SubnetStock implements Left {
  addresses: number;
  blocks: number;
  reserved: number;
  enis = 0;
  slots = 0;
  readonly #perSlot: number;

  constructor({ addresses, blocks, reserved }: Left, perSlot: number) {
    this.addresses = addresses;
    this.blocks = blocks;
    this.reserved = reserved;
    this.#perSlot = perSlot;
  }

  /** Fills up to `slots` slots; returns how many. */
  fill(slots: number): number {
    const some = Math.min(slots, slotsFrom(this, this.#perSlot));
    const reserved = Math.min(some, this.reserved);
    this.slots += some;
    this.addresses -= (some - reserved) * this.#perSlot;
    this.blocks -= some;
    this.reserved -= reserved;
    return some;
  }

  makeEni(): void {
    this.enis += 1;
    this.addresses -= 1;
  }
}

/** What the subnets provide to a node that needs this many more addresses. */
export function grantOf(
  supply: SubnetSupply,
  { onEnis, newEnis, perNewEni, newIn, movesOn }: Growth,
  need: number,
  perSlot: number,
): Grant {
  const wanted = Math.ceil(need / perSlot);
  // The last ENI may be requested with more than is wanted.
  const most = wanted + newEnis.reduce((asked, { next, later }) => Math.max(asked, next, later), 0);
  const own = onEnis.flatMap(({ subnet }) => subnet ?? []);
  const candidates = newIn ?? [...new Set(own)];
  let isKnown =
    onEnis.every(({ subnet, slots: empty }) => subnet !== null || empty === 0) && (newIn !== null || own.length > 0);
  const stocks = new Map<string, SubnetStock>();
  for (const id of [...new Set([...own, ...candidates])].sort()) {
    const addresses = supply.addresses(id, most * perSlot + newEnis.length);
    const blocks = perSlot === 1 ? null : supply.blocks(id, most);
    const reserved = perSlot === 1 ? 0 : supply.reserved(id, most);
    isKnown &&= addresses !== null;
    stocks.set(
      id,
      new SubnetStock({ addresses: addresses ?? Infinity, blocks: blocks ?? Infinity, reserved }, perSlot),
    );
  }
  let slots = 0;
  let isStuck = false;
  for (const { subnet, slots: empty } of onEnis) {
    const some = Math.min(empty, wanted - slots);
    const filled = (subnet === null ? undefined : stocks.get(subnet))?.fill(some) ?? 0;
    isStuck ||= !movesOn && filled < some;
    slots += filled;
  }
  for (const { next, later } of isStuck ? [] : newEnis) {
    if (slots >= wanted) break;
    const asked = slots === 0 ? next : later;
    const stock = stocks.get(subnetForEni(candidates, (id) => stocks.get(id), perSlot, asked) ?? '');
    if (stock === undefined) continue;
    stock.makeEni();
    slots += stock.fill(Math.max(asked, Math.min(perNewEni, wanted - slots)));
  }
  const outOfBlocks = [...stocks.values()].some(({ addresses, blocks }) => blocks === 0 && addresses >= perSlot);
  return {
    addresses: slots * perSlot,
    isKnown,
    byBlocks: slots < wanted && outOfBlocks,
    bySubnet: new Map([...stocks].filter(([, stock]) => stock.enis > 0 || stock.slots > 0)),
  };
}

/**
 * The tightest of max pods, slots and targets; null if not known. A pod that finds no address on card 0 gets one on the
 * next card (§3).
 */
function leastOf(byMaxPods: Limit, rooms: readonly (CardRoom | null)[]): Known | null {
  const room = sumOfRooms(rooms, 'slots');
  const wanted = sumOfRooms(rooms, 'wanted');
  if (room === null || wanted === null) return null;
  const limits: Limit[] = [
    byMaxPods,
    { pods: room, limitedBy: rooms.length > 1 ? 'cards' : 'slots' },
    { pods: wanted, limitedBy: 'targets' },
  ];
  // Of equal limits, the first counts: targets are the limit only if they request less than is available.
  return limits
    .filter((limit): limit is Known => limit.pods !== null)
    .reduce<Known | null>((a, b) => (a === null || b.pods < a.pods ? b : a), null);
}

/** The ENIs that a card can still take, in the order in which they come (GetENIResourcesToAllocate). */
function newEnisOn(node: NodeRoom, { index, freeEnis }: NodeRoom['cards'][number], slots: number): readonly NewEni[] {
  const { perSlot, fillsNewEnis } = node;
  const [warm, minimum] = index > 0 ? [1, 1] : [node.warmIp ?? 0, node.minimumIp ?? 0];
  const pool = node.enis.filter((eni) => eni.card === index);
  const sum = (of: (eni: RoomEni) => number): number => pool.reduce((all, eni) => all + of(eni), 0);
  const total = sum((eni) => eni.total);
  const available = total - sum((eni) => eni.held);
  const free = freeSlotsOf(pool, slots);
  const ask = (short: number): number => (fillsNewEnis ? Math.min(slots, Math.max(1, short)) : 1);
  return Array.from({ length: freeEnis ?? 0 }, (_, before): NewEni => {
    if (warm === 0 && minimum === 0 && perSlot === 1) return { next: ask(slots), later: ask(slots) };
    if (warm === 0 && minimum === 0)
      return { next: ask((node.warmPrefix ?? 0) - sum((eni) => eni.freePrefixes)), later: 1 };
    const later = total + (free + before * slots) * perSlot;
    return {
      next: ask(Math.ceil(Math.max(warm - available, minimum - total) / perSlot)),
      later: ask(Math.ceil((minimum - later) / perSlot)),
    };
  });
}

function growthOf(node: NodeRoom, slots: number): Growth {
  const { newEniSubnets } = node;
  return {
    onEnis: node.enis.flatMap(({ subnet, grows, slotsUsed }) =>
      grows ? [{ subnet, slots: Math.max(0, slots - slotsUsed) }] : [],
    ),
    newEnis: node.cards.flatMap((card) => newEnisOn(node, card, slots)),
    perNewEni: slots,
    // A text is the reason why there is none.
    newIn: typeof newEniSubnets === 'string' ? [] : newEniSubnets,
    movesOn: node.movesOn,
  };
}

/** What the subnets provide for this many more pods, beyond the addresses held; null if the instance type is not known. */
export function grantFor(
  node: NodeRoom,
  pods: number,
  supply: SubnetSupply,
): (Grant & { readonly inHand: number }) | null {
  if (node.slots === null) return null;
  const inHand = node.enis.reduce((sum, { total, held }) => sum + total - held, 0);
  const grant = grantOf(supply, growthOf(node, node.slots), Math.max(0, pods - inHand), node.perSlot);
  return { ...grant, inHand };
}

/** The tighter of the limit so far and what the subnets provide. */
function bySubnets(node: NodeRoom, least: Known, supply: SubnetSupply): Known {
  const grant = grantFor(node, least.pods, supply);
  return grant !== null && grant.isKnown && grant.inHand + grant.addresses < least.pods
    ? { pods: grant.inHand + grant.addresses, limitedBy: 'subnet', byBlocks: grant.byBlocks }
    : least;
}

/** How many more pods fit under ipamd; null if too little is known. `byMaxPods`: how many more the kubelet accepts. */
export function podsThatFit(node: NodeRoom, byMaxPods: Limit, supply: SubnetSupply): Limit | null {
  const least = leastOf(
    byMaxPods,
    node.cards.map((card) => roomOn(node, card)),
  );
  return least === null ? null : bySubnets(node, least, supply);
}
