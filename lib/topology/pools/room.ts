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

/** What may still grow, and from which subnets: an ENI takes from its own, whatever room others have (vpc-cni §1.1). */
export interface Growth {
  /** Empty slots of ENIs that are there. */
  readonly onEnis: readonly { readonly subnet: string; readonly slots: number }[];
  /** ENIs that may be attached; each takes an address for itself. */
  readonly newEnis: number;
  readonly perNewEni: number;
  /** Subnets in which they may be made; null when not known. */
  readonly newIn: readonly string[] | null;
}

interface Left {
  addresses: number;
  /** Aligned /28 blocks; Infinity where single addresses are taken. */
  blocks: number;
}

/** What the subnets have left, by id; null when one does not say. */
function leftIn(supply: SubnetSupply, subnets: Iterable<string>, enough: number, blocks: number | null) {
  const left = new Map<string, Left>();
  for (const id of [...new Set(subnets)].sort()) {
    const addresses = supply.addresses(id, enough);
    const free = blocks === null ? Infinity : (supply.blocks(id, blocks) ?? Infinity);
    if (addresses === null) return null;
    left.set(id, { addresses, blocks: free });
  }
  return left;
}

/** What subnets still give a node, at least when it is less than `need`; null when a subnet does not say. */
export function takable(
  supply: SubnetSupply,
  { onEnis, newEnis, perNewEni, newIn }: Growth,
  need: number,
  perSlot: number,
): { readonly addresses: number; readonly byBlocks: boolean } | null {
  const wanted = Math.ceil(need / perSlot);
  const own = onEnis.map(({ subnet }) => subnet);
  if (newIn === null && own.length === 0) return null;
  const candidates = newIn ?? [...new Set(own)];
  const left = leftIn(supply, [...own, ...candidates], wanted * perSlot + newEnis, perSlot === 1 ? null : wanted);
  if (left === null) return null;
  let units = 0;
  const fill = (place: Left | undefined, slots: number): void => {
    if (place === undefined) return;
    const some = Math.min(slots, wanted - units, Math.floor(place.addresses / perSlot), place.blocks);
    units += some;
    place.addresses -= some * perSlot;
    place.blocks -= some;
  };
  for (const { subnet, slots } of onEnis) fill(left.get(subnet), slots);
  for (let eni = 0; eni < newEnis && units < wanted; eni++) {
    // ipamd takes the one with the most free addresses.
    const [most] = candidates.flatMap((id) => left.get(id) ?? []).sort((a, b) => b.addresses - a.addresses);
    if (most === undefined || most.addresses < 1) break;
    most.addresses -= 1;
    fill(most, perNewEni);
  }
  const outOfBlocks = [...left.values()].some(({ addresses, blocks }) => blocks === 0 && addresses >= perSlot);
  return { addresses: units * perSlot, byBlocks: units < wanted && outOfBlocks };
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

function placesOf(node: NodeRoom, slots: number): Growth {
  const { newEniSubnets } = node;
  return {
    onEnis: node.enis.flatMap(({ subnet, grows, slotsUsed }) =>
      grows && subnet !== null ? [{ subnet, slots: Math.max(0, slots - slotsUsed) }] : [],
    ),
    newEnis: node.cards.reduce((sum, { freeEnis }) => sum + (freeEnis ?? 0), 0),
    perNewEni: slots,
    // A text says why there is none.
    newIn: typeof newEniSubnets === 'string' ? [] : newEniSubnets,
  };
}

/** The tightest limit so far, or what the subnets still give. */
function bySubnets(node: NodeRoom, least: Known, supply: SubnetSupply): Known {
  const inHand = node.enis.reduce((sum, { total, held }) => sum + total - held, 0);
  const need = Math.max(0, least.pods - inHand);
  if (need === 0 || node.slots === null) return least;
  const granted = takable(supply, placesOf(node, node.slots), need, node.perSlot);
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
