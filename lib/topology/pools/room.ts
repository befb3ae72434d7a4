/**
 * How many more pods get an address on a node, and what stops it: on numbers alone, so that the records and what-ifs reckon alike
 * (vpc-cni §2.4, §8).
 */
import type { NodeRecord } from '../../model/records';

/** What subnets can still give. An answer stops at `enough`; null when it is not known. */
export interface SubnetSupply {
  addresses(subnet: string, enough: number): number | null;
  /** Free aligned /28 blocks. */
  blocks(subnet: string, enough: number): number | null;
}

/** An ENI of the pool. */
export interface RoomEni {
  readonly card: number | null;
  readonly subnet: string | null;
  /** ipamd adds addresses to it. */
  readonly grows: boolean;
  /** Addresses of the active mode, and how many of them are given out. */
  readonly total: number;
  readonly held: number;
  /** Slots that hold an address or a prefix of either kind. */
  readonly slotsUsed: number;
}

export interface NodeRoom {
  /** Slots per ENI; null when the instance type is not known. */
  readonly slots: number | null;
  /** Addresses per slot. */
  readonly perSlot: 1 | 16;
  /** False: ipamd writes nothing to EC2. Null counts as true. */
  readonly provisions: boolean | null;
  /** 0: not defined; null: not known. */
  readonly warmIp: number | null;
  readonly minimumIp: number | null;
  /** The managed cards, with the ENIs that each still takes; null when not known. */
  readonly cards: readonly { readonly index: number; readonly freeEnis: number | null }[];
  readonly enis: readonly RoomEni[];
  /** Where a new ENI may be made; a text: why nowhere; null: not known. */
  readonly newEniSubnets: readonly string[] | string | null;
}

export interface Limit {
  /** Null when it cannot be told. */
  readonly pods: number | null;
  readonly limitedBy: NodeRecord['headroom']['limitedBy'];
  /** A subnet is the limit, and has addresses: it has no whole /28 block. */
  readonly byBlocks?: boolean;
}
type Known = Limit & { readonly pods: number };

/** Addresses for pods, beyond those held now. */
interface CardRoom {
  /** That the ENIs of the card can still come to have. */
  readonly slots: number;
  /** That ipamd would still ask for: at most as many; null where the targets are not known. */
  readonly asked: number | null;
  /** That ipamd has in hand. */
  readonly inHand: number;
}

/**
 * How many addresses ipamd comes to have on a card when pods take every one. MINIMUM_IP_TARGET without WARM_IP_TARGET is
 * reached once; then nothing is ever short again (vpc-cni §2.4, rule 1). All other targets want a free address again.
 */
function mostUnder({ minimumIp, warmIp, perSlot }: NodeRoom, card: number, total: number): number | null {
  if (card > 0 || minimumIp === 0 || (warmIp !== null && warmIp !== 0)) return Infinity;
  if (warmIp === null || minimumIp === null) return null;
  return Math.max(total, total + Math.ceil((minimumIp - total) / perSlot) * perSlot);
}

const freeSlotsOf = (enis: readonly RoomEni[], slots: number): number =>
  enis.reduce((sum, eni) => sum + (eni.grows ? Math.max(0, slots - eni.slotsUsed) : 0), 0);

/** Null when not known. */
function roomOn(node: NodeRoom, card: NodeRoom['cards'][number]): CardRoom | null {
  const { slots, perSlot } = node;
  if (slots === null || card.freeEnis === null) return null;
  const pool = node.enis.filter((eni) => eni.card === card.index);
  const total = pool.reduce((sum, eni) => sum + eni.total, 0);
  const held = pool.reduce((sum, eni) => sum + eni.held, 0);
  const inHand = Math.max(0, total - held);
  // Who may not write to EC2 never gets more than is there (vpc-cni §9).
  if (node.provisions === false) return { slots: inHand, asked: inHand, inHand };
  const room = Math.max(0, total - held + (freeSlotsOf(pool, slots) + card.freeEnis * slots) * perSlot);
  const most = mostUnder(node, card.index, total);
  return { slots: room, asked: most === null ? null : Math.max(0, Math.min(room, most - held)), inHand };
}

function sumOfRooms(rooms: readonly (CardRoom | null)[], of: keyof CardRoom): number | null {
  const values = rooms.map((room) => room?.[of] ?? null);
  return values.length === 0 || values.includes(null)
    ? null
    : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** Addresses that ipamd has in hand on all cards; null when not known. */
export const inHandOf = (node: NodeRoom): number | null =>
  sumOfRooms(
    node.cards.map((card) => roomOn(node, card)),
    'inHand',
  );

/** Slots that are still empty: on ENIs that are there, and on those that may be attached, which take an address for themselves. */
export interface EmptySlots {
  readonly onEnis: number;
  readonly newEnis: number;
  readonly perNewEni: number;
}

/** Null when a subnet does not say. */
function sumOf(subnets: readonly string[], of: (subnet: string) => number | null): number | null {
  const values = subnets.map(of);
  return values.includes(null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** What subnets still give a node, at least when it is less than `need`; null when a subnet does not say. */
export function takable(
  supply: SubnetSupply,
  subnets: readonly string[],
  need: number,
  empty: EmptySlots,
  perSlot: number,
): { readonly addresses: number; readonly byBlocks: boolean } | null {
  const wanted = Math.ceil(need / perSlot);
  const addresses = sumOf(subnets, (id) => supply.addresses(id, wanted * perSlot + empty.newEnis));
  if (addresses === null || subnets.length === 0) return null;
  const blocks = perSlot === 1 ? null : sumOf(subnets, (id) => supply.blocks(id, wanted));
  let left = addresses;
  let units = 0;
  const fill = (slots: number): void => {
    const some = Math.min(slots, Math.floor(left / perSlot), blocks === null ? Infinity : blocks - units);
    units += some;
    left -= some * perSlot;
  };
  fill(empty.onEnis);
  for (let eni = 0; eni < empty.newEnis && units < wanted && left > 0; eni++) {
    left -= 1;
    fill(empty.perNewEni);
  }
  return { addresses: units * perSlot, byBlocks: blocks !== null && units >= blocks && left >= perSlot };
}

/** The tightest of max pods, slots and targets; null where it is not known. A pod that finds no address on card 0 gets one of the next (§3). */
function leastOf(byMaxPods: Limit, rooms: readonly (CardRoom | null)[]): Known | null {
  const room = sumOfRooms(rooms, 'slots');
  const asked = sumOfRooms(rooms, 'asked');
  if (room === null || asked === null) return null;
  const limits: Limit[] = [
    byMaxPods,
    { pods: room, limitedBy: rooms.length > 1 ? 'cards' : 'slots' },
    { pods: asked, limitedBy: 'targets' },
  ];
  // Of equal limits the first is named: targets limit only where they ask for less than there is.
  return limits
    .filter((limit): limit is Known => limit.pods !== null)
    .reduce<Known | null>((a, b) => (a === null || b.pods < a.pods ? b : a), null);
}

/** Empty slots of the node, and the subnets that addresses for them come from. */
export function growthOf(
  node: NodeRoom,
  slots: number,
): { readonly empty: EmptySlots; readonly subnets: readonly string[] } {
  const subnets = new Set(node.enis.flatMap(({ subnet, grows }) => (grows ? (subnet ?? []) : [])));
  if (typeof node.newEniSubnets !== 'string') for (const id of node.newEniSubnets ?? []) subnets.add(id);
  return {
    empty: {
      onEnis: freeSlotsOf(node.enis, slots),
      newEnis: node.cards.reduce((sum, { freeEnis }) => sum + (freeEnis ?? 0), 0),
      perNewEni: slots,
    },
    subnets: [...subnets].sort(),
  };
}

/** The tightest limit so far, or what the subnets still give. */
function bySubnets(node: NodeRoom, least: Known, supply: SubnetSupply): Known {
  const inHand = node.enis.reduce((sum, { total, held }) => sum + total - held, 0);
  const need = Math.max(0, least.pods - inHand);
  if (need === 0 || node.slots === null) return least;
  const { empty, subnets } = growthOf(node, node.slots);
  const granted = takable(supply, subnets, need, empty, node.perSlot);
  return granted !== null && granted.addresses < need
    ? { pods: inHand + granted.addresses, limitedBy: 'subnet', byBlocks: granted.byBlocks }
    : least;
}

/** How many more pods fit under ipamd; null where too little is known. `byMaxPods`: what the kubelet still takes. */
export function podsThatFit(node: NodeRoom, byMaxPods: Limit, supply: SubnetSupply): Limit | null {
  const least = leastOf(
    byMaxPods,
    node.cards.map((card) => roomOn(node, card)),
  );
  return least === null ? null : bySubnets(node, least, supply);
}
