/**
 * Every address of a subnet and its use, as far as EC2 shows it. For ENIs outside this cluster (load balancers, other
 * clusters, other accounts in a shared subnet) that no EC2 answer lists, EC2 only counts the addresses. So an address
 * that no known ENI holds is `open`: free or held by others.
 */
import { PREFIX_SIZE } from '../model/prefix-size';
import { counted, thousands } from '../model/counted';
import { idParts } from '../model/ids';
import { isHiddenAddress, isHiddenIn } from '../model/hidden-address';
import { familyOf, ipv4ToNumber, numberToIpv4, parseCidr, type Cidr } from '../model/ip';
import type { EniRecord, OtherEni, SubnetRecord } from '../model/records';
import { ADDRESS_STATES, type AddressState } from '../model/vocabulary';
import { tally } from '../model/sums';
import { keptFor } from '../model/remembered';
import { otherEniWords } from './other-enis';
import { percent } from './percent';
import { labelOf } from './record-label';

/**
 * `prefix`: in an ENI's prefix, and not assigned to a pod. `other`: of an ENI outside this cluster. `reserved`: in a CIDR
 * reservation of the subnet. `aws`: the first four addresses and the last one.
 */
export const MAP_STATES = [...ADDRESS_STATES, 'prefix', 'other', 'reserved', 'aws', 'open'] as const;
/** The use of an address in a subnet. */
export type MapState = AddressState | 'prefix' | 'other' | 'reserved' | 'aws' | 'open';

const MAP_WORDS: Readonly<Record<MapState, string>> = {
  primary: 'primary address of an ENI',
  assigned: 'assigned to a pod',
  warm: 'warm',
  cooling: 'cooling',
  unclaimed: 'on an ENI, assigned by nobody',
  excluded: 'on an ENI, excluded',
  unknown: 'on an ENI, state not known',
  prefix: 'in a prefix of an ENI, unused',
  other: 'on an ENI outside this cluster',
  reserved: 'reserved in the subnet',
  aws: 'kept by AWS',
  open: 'held by no ENI of this cluster',
};

const NOT_SHOWN: Readonly<Record<MapState, string>> = {
  ...MAP_WORDS,
  prefix: 'in a prefix of an ENI, unused or not shown to you',
  open: 'not shown to you, or held by no ENI of this cluster',
};

/** Each use in words. `limited`: for a visitor who may not see the addresses of all pods. */
export const mapWords = (limited: boolean): Readonly<Record<MapState, string>> => (limited ? NOT_SHOWN : MAP_WORDS);

/**
 * Number of addresses that AWS reserves at the start of a subnet; it reserves the last one as well (VPC user guide,
 * "Subnet sizing").
 */
const KEPT_FIRST = 4;

/** Consecutive addresses that an ENI holds. */
export interface Taken {
  /** Offset from the subnet's first address; null: an address that is not shown to this visitor. */
  readonly at: number | null;
  readonly count: number;
  readonly state: MapState;
  readonly eni: string;
  readonly node: string | null;
  /** Interface record id. */
  readonly interface: string | null;
  /** Network of that interface; null without an interface, or when it is not known. */
  readonly network: string | null;
}

/** The IPv4 range of a subnet; null without one. */
export function rangeOf({ cidr }: Pick<SubnetRecord, 'cidr'>): Cidr | null {
  const range = cidr === null ? null : parseCidr(cidr);
  return range?.family === 4 ? range : null;
}

const sizeOf = ({ first, last }: Cidr): number => Number(last - first) + 1;

/**
 * The addresses of a subnet that these ENIs hold; prefixes precede the addresses in them. `networkOf`: the network of
 * an interface.
 */
export function takenIn(
  enis: Iterable<EniRecord>,
  subnet: Pick<SubnetRecord, 'id' | 'cidr'>,
  networkOf: (interfaceId: string) => string | null = () => null,
): readonly Taken[] {
  const range = rangeOf(subnet);
  if (range === null) return [];
  const first = Number(range.first);
  const size = sizeOf(range);
  const taken: Taken[] = [];
  const take = (at: number, count: number, held: Omit<Taken, 'at' | 'count'>): void => {
    if (at >= 0 && at + count <= size) taken.push({ at, count, ...held });
  };
  for (const { id: eni, subnet: of, node, prefixes, addresses } of enis) {
    if (of !== subnet.id) continue;
    for (const { cidr } of prefixes) {
      const block = parseCidr(cidr);
      if (block?.family === 4)
        take(Number(block.first) - first, sizeOf(block), {
          state: 'prefix',
          eni,
          node,
          interface: null,
          network: null,
        });
    }
    for (const { ip, state, interface: holder } of addresses)
      if (isHiddenAddress(ip)) {
        // Inside a prefix it counts with the prefix.
        const isCounted = familyOf(ip) === 6 || prefixes.some(({ cidr }) => isHiddenIn(cidr, ip));
        if (!isCounted) taken.push({ at: null, count: 1, state, eni, node, interface: null, network: null });
      } else if (familyOf(ip) === 4) {
        const network = holder === null ? null : networkOf(holder);
        take(ipv4ToNumber(ip) - first, 1, { state, eni, node, interface: holder, network });
      }
  }
  return taken;
}

/** The use of every address of a range. */
export interface SubnetAddresses {
  readonly range: Cidr;
  /** Number of addresses, including those that AWS reserves. */
  readonly size: number;
  /** By offset: index of its state in `MAP_STATES`. */
  readonly states: Uint8Array;
  /** By offset: index in `taken` plus one; 0: none. */
  readonly holders: Uint32Array;
  readonly taken: readonly Taken[];
  /** Held addresses that are not shown to this visitor: each may be any of the open ones. */
  readonly hidden: readonly Taken[];
  /** The ENI outside this cluster that holds the address, by place. */
  readonly others: ReadonlyMap<number, OtherEni>;
  readonly counts: Readonly<Record<MapState, number>>;
  /** Offsets of aligned /28 blocks without held or reserved addresses. */
  readonly openBlocks: readonly number[];
}

const CODE = Object.fromEntries(MAP_STATES.map((state, code) => [state, code])) as Record<MapState, number>;

/** The use of a subnet's addresses; null without an IPv4 range. `taken`: of all its ENIs. */
export function subnetMap(subnet: SubnetRecord, taken: readonly Taken[]): SubnetAddresses | null {
  const range = rangeOf(subnet);
  if (range === null) return null;
  const size = sizeOf(range);
  const states = new Uint8Array(size).fill(CODE.open);
  const holders = new Uint32Array(size);
  const explicit = new Uint8Array(size);
  for (const { cidr, type } of subnet.reservations) {
    const kept = parseCidr(cidr);
    if (kept?.family !== 4) continue;
    const from = Math.max(0, Number(kept.first - range.first));
    const to = Math.min(size, Number(kept.last - range.first) + 1);
    if (from >= to) continue;
    states.fill(CODE.reserved, from, to);
    if (type === 'explicit') explicit.fill(1, from, to);
  }
  states.fill(CODE.aws, 0, Math.min(KEPT_FIRST, size));
  states[size - 1] = CODE.aws;
  const others = othersByPlace(subnet.others, range);
  for (const place of others.keys()) states[place] = CODE.other;
  for (const [index, { at, count, state }] of taken.entries()) {
    if (at === null) continue;
    states.fill(CODE[state], at, at + count);
    holders.fill(index + 1, at, at + count);
  }
  const counts = Object.fromEntries(MAP_STATES.map((state) => [state, 0])) as Record<MapState, number>;
  for (const code of states) counts[MAP_STATES[code] ?? 'open']++;
  const hidden = taken.filter(({ at }) => at === null);
  return { range, size, states, holders, taken, hidden, others, counts, openBlocks: openBlocks(states, explicit) };
}

function othersByPlace(others: readonly OtherEni[], { first, last }: Cidr): ReadonlyMap<number, OtherEni> {
  const places = new Map<number, OtherEni>();
  for (const other of others)
    for (const ip of other.ips) {
      const at = familyOf(ip) === 4 ? ipv4ToNumber(ip) : -1;
      if (at >= first && at <= last) places.set(at - Number(first), other);
    }
  return places;
}

function openBlocks(states: Uint8Array, explicit: Uint8Array): readonly number[] {
  const blocks: number[] = [];
  for (let at = 0; at + PREFIX_SIZE <= states.length; at += PREFIX_SIZE) {
    let isOpen = true;
    for (let place = at; isOpen && place < at + PREFIX_SIZE; place++)
      isOpen = states[place] === CODE.open || (states[place] === CODE.reserved && explicit[place] === 0);
    if (isOpen) blocks.push(at);
  }
  return blocks;
}

/** The use of the address at an offset. */
export const stateAt = ({ states }: SubnetAddresses, place: number): MapState =>
  MAP_STATES[states[place] ?? 0] ?? 'open';

/** The holder of the address at an offset. */
export const takenAt = ({ holders, taken }: SubnetAddresses, place: number): Taken | undefined =>
  taken[(holders[place] ?? 0) - 1];

const BLOCK_ORDER = MAP_STATES.filter((state) => state !== 'open');

/** An address, or the block that begins there, in words: `10.0.1.17 · assigned to a pod · eth0 of core/upf-0`. */
export function placeWords(map: SubnetAddresses, place: number, step: number, limited = false): string {
  const wordsOf = mapWords(limited);
  const first = Number(map.range.first) + place;
  if (step === 1) {
    const state = stateAt(map, place);
    const held = takenAt(map, place);
    const other = map.others.get(place);
    if (state === 'other' && other !== undefined)
      return `${numberToIpv4(first)} · on ${otherEniWords(other)} · ${labelOf(other.eni)}`;
    const whose = held === undefined ? null : (held.interface ?? held.eni);
    return [numberToIpv4(first), wordsOf[state], whose === null ? null : labelOf(whose)]
      .filter((part) => part !== null)
      .join(' · ');
  }
  const counts = new Map<MapState, number>();
  for (let at = place; at < Math.min(map.size, place + step); at++) {
    const state = stateAt(map, at);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const parts = BLOCK_ORDER.flatMap((state) =>
    counts.has(state) ? `${counts.get(state) ?? 0} ${wordsOf[state]}` : [],
  );
  const range = `${numberToIpv4(first)}/28`;
  if (parts.length === 0) return `${range} · ${wordsOf.open}`;
  const open = counts.get('open') ?? 0;
  return [range, ...parts, ...(open === 0 ? [] : [`${open} ${limited ? wordsOf.open : 'held by none'}`])].join(' · ');
}

/** The unaccounted addresses: how many others hold, and how many are in whole blocks. */
export function openWords(subnet: SubnetRecord, { counts, hidden, openBlocks: blocks }: SubnetAddresses): string {
  const open = counts.open + counts.reserved;
  if (open === 0) return 'Every address is held.';
  const free = subnet.availableAddresses;
  if (hidden.length > 0) {
    const count =
      free === null ? '' : ` EC2 reports ${counted(free, 'free address', 'free addresses')} in this subnet.`;
    return `Which addresses are free is not shown to you: ENIs of this cluster hold ${counted(hidden.length, 'more address', 'more addresses')}, which may be any of the ${thousands(open)} without a known holder.${count}`;
  }
  const others =
    free === null
      ? 'how many of them are free is not known'
      : open <= free
        ? 'all of them are free'
        : `${thousands(free)} are free and ${thousands(open - free)} are others’, which EC2 does not distinguish`;
  const loose = Math.max(0, open - blocks.length * PREFIX_SIZE);
  const split = `They contain ${thousands(blocks.length)} whole /28 ${blocks.length === 1 ? 'block' : 'blocks'}; ${thousands(loose)} (${percent(loose / open)}) are in no whole block`;
  return `${thousands(open)} held by no ENI of this cluster: ${others}. ${split}.`;
}

/** Number of addresses that each ENI holds: whole prefixes, plus addresses outside them. */
export function heldByEni(map: SubnetAddresses): ReadonlyMap<string, number> {
  return tally(addressesTaken(map).map(({ eni }) => eni));
}

/** The holder of each held address, once per address, including those that are not shown. */
const addressesTaken = ({ taken, holders, hidden }: SubnetAddresses): readonly Taken[] => [
  ...[...holders].flatMap((index) => taken[index - 1] ?? []),
  ...hidden,
];

/** Holders of the subnet's addresses: a node, or the ENIs without one. */
export interface Holder {
  readonly node: string | null;
  readonly held: number;
  readonly enis: number;
  /** Addresses that pods hold, and by namespace, most first. */
  readonly byPods: number;
  readonly namespaces: readonly (readonly [namespace: string, count: number])[];
}

/** Most addresses first; ties by node. */
export function holdersOf(map: SubnetAddresses): readonly Holder[] {
  const found = new Map<string | null, { held: number; enis: Set<string>; pods: Map<string, number> }>();
  for (const one of addressesTaken(map)) {
    const holder = keptFor(found, one.node, () => ({
      held: 0,
      enis: new Set<string>(),
      pods: new Map<string, number>(),
    }));
    holder.held++;
    holder.enis.add(one.eni);
    if (one.interface === null) continue;
    const [namespace = ''] = idParts(one.interface);
    holder.pods.set(namespace, (holder.pods.get(namespace) ?? 0) + 1);
  }
  return [...found]
    .map(([node, { held, enis, pods }]) => ({
      node,
      held,
      enis: enis.size,
      byPods: [...pods.values()].reduce((sum, count) => sum + count, 0),
      namespaces: [...pods].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
    }))
    .sort((a, b) => b.held - a.held || ((a.node ?? '~') < (b.node ?? '~') ? -1 : 1));
}
