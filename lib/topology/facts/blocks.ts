/**
 * Which /28 blocks of each subnet contain an address, as far as EC2 shows it; the basis of the prefix-fragmented
 * finding (vpc-cni §10). Kept per ENI fact, so that a subnet's answer needs no scan of its ENIs.
 */
import { PREFIX_SIZE } from '../../model/prefix-size';
import type { EniFact, SubnetReservationFact } from '../../model/facts';
import { ipv4ToNumber, parseCidr } from '../../model/ip';
import type { Changed } from './keys';

const blockOf = (ip: string): number | null => (ip.includes(':') ? null : Math.floor(ipv4ToNumber(ip) / PREFIX_SIZE));

/** The blocks with addresses of the ENI, and how many of it each holds. */
function* blocksOf(eni: EniFact): Iterable<readonly [block: number, addresses: number]> {
  for (const ip of eni.primaryIp === null ? eni.secondaryIps : [eni.primaryIp, ...eni.secondaryIps]) {
    const block = blockOf(ip);
    if (block !== null) yield [block, 1];
  }
  for (const prefix of eni.ipv4Prefixes) {
    const cidr = parseCidr(prefix);
    if (cidr?.family !== 4 || cidr.prefixLength < 20) continue;
    for (let block = Number(cidr.first) / PREFIX_SIZE; block <= Number(cidr.last) / PREFIX_SIZE; block++)
      yield [Math.floor(block), PREFIX_SIZE];
  }
}

type Reservation = Pick<SubnetReservationFact, 'cidr' | 'type'>;

/** What is free in a subnet as whole blocks, and what its CIDR reservations hold back. */
export interface FreeBlocks {
  /** Blocks without a visible address that EC2 may assign as prefixes. */
  readonly all: number;
  /** Those of them in reservations for prefixes. */
  readonly reserved: number;
  /** Addresses in reservations of either type that no visible ENI has: EC2's AvailableIpAddressCount leaves them out. */
  readonly reservedAddresses: number;
}

/** Counts which /28 blocks of a subnet are free, as addresses come and go. */
export class SubnetBlocks {
  readonly #changed: Changed;
  readonly #counts = new Map<string, Map<number, number>>();
  /** The latest answer for each subnet: every node in prefix mode reads it, and it changes only with the subnet's ENIs. */
  readonly #answers = new Map<string, { readonly of: string; readonly free: FreeBlocks | null }>();

  constructor(changed: Changed) {
    this.#changed = changed;
  }

  replace(before: EniFact | undefined, after: EniFact | undefined): void {
    if (before !== undefined) this.#remove(before);
    if (after !== undefined) this.#add(after);
    for (const subnet of new Set([before?.subnet, after?.subnet])) if (subnet != null) this.#changed('blocks', subnet);
  }

  #add(eni: EniFact): void {
    if (eni.subnet === null) return;
    const counts = this.#counts.get(eni.subnet) ?? new Map<number, number>();
    this.#counts.set(eni.subnet, counts);
    this.#answers.delete(eni.subnet);
    for (const [block, addresses] of blocksOf(eni)) counts.set(block, (counts.get(block) ?? 0) + addresses);
  }

  #remove(eni: EniFact): void {
    const counts = eni.subnet === null ? undefined : this.#counts.get(eni.subnet);
    if (eni.subnet === null || counts === undefined) return;
    this.#answers.delete(eni.subnet);
    for (const [block, addresses] of blocksOf(eni)) {
      const left = (counts.get(block) ?? 0) - addresses;
      if (left > 0) counts.set(block, left);
      else counts.delete(block);
    }
  }

  /**
   * The aligned /28 blocks of an IPv4 range without a visible address. AWS reserves the first four addresses and the last
   * one of a subnet, and assigns no address of an explicit reservation automatically. Null for a range without whole
   * blocks.
   */
  free(subnet: string, cidrText: string, reservations: readonly Reservation[]): FreeBlocks | null {
    const of = [cidrText, ...reservations.map(({ cidr, type }) => `${type} ${cidr}`)].join(' ');
    const before = this.#answers.get(subnet);
    if (before?.of === of) return before.free;
    const free = this.#free(subnet, cidrText, reservations);
    this.#answers.set(subnet, { of, free });
    return free;
  }

  #free(subnet: string, cidrText: string, reservations: readonly Reservation[]): FreeBlocks | null {
    const cidr = parseCidr(cidrText);
    if (cidr?.family !== 4 || cidr.prefixLength > 28) return null;
    const first = Number(cidr.first) / PREFIX_SIZE;
    const last = Math.floor(Number(cidr.last) / PREFIX_SIZE);
    const counts = this.#counts.get(subnet) ?? new Map<number, number>();
    const held = new Map([...counts].filter(([block]) => block >= first && block <= last));
    held.set(first, (held.get(first) ?? 0) + BY_AWS.first);
    held.set(last, (held.get(last) ?? 0) + BY_AWS.last);
    const freeIn = (ranges: readonly Range[]): number =>
      ranges.reduce((sum, [from, to]) => sum + to - from + 1 - [...held.keys()].filter(within(from, to)).length, 0);
    const placed = reservations.flatMap(({ cidr: text, type }) => placeOf(text, type, first, last) ?? []);
    return {
      all: last - first + 1 - held.size - freeIn(merged(placed.filter(({ forPrefixes }) => !forPrefixes))),
      reserved: freeIn(merged(placed.filter(({ forPrefixes }) => forPrefixes))),
      reservedAddresses: placed.reduce((sum, { range: [from, to], size }) => {
        const used = [...held].filter(([block]) => within(from, to)(block));
        return sum + Math.max(0, size - used.reduce((total, [, count]) => total + Math.min(PREFIX_SIZE, count), 0));
      }, 0),
    };
  }
}

/** Addresses of every subnet that AWS keeps (VPC user guide, "Subnet sizing"). */
const BY_AWS = { first: 4, last: 1 };

type Range = readonly [from: number, to: number];

const within =
  (from: number, to: number) =>
  (block: number): boolean =>
    block >= from && block <= to;

/** A reservation with the blocks that it touches. Prefixes come only from one of whole blocks. */
interface Placed {
  readonly range: Range;
  readonly size: number;
  readonly forPrefixes: boolean;
}

function placeOf(text: string, type: string, first: number, last: number): Placed | null {
  const cidr = parseCidr(text);
  if (cidr?.family !== 4) return null;
  const from = Math.max(first, Math.floor(Number(cidr.first) / PREFIX_SIZE));
  const to = Math.min(last, Math.floor(Number(cidr.last) / PREFIX_SIZE));
  return from > to
    ? null
    : {
        range: [from, to],
        size: 2 ** (32 - cidr.prefixLength),
        forPrefixes: type === 'prefix' && cidr.prefixLength <= 28,
      };
}

/** Ranges of blocks, merged so that no block counts twice. */
function merged(placed: readonly Placed[]): readonly Range[] {
  const found = placed.map(({ range: [from, to] }): [number, number] => [from, to]).sort((a, b) => a[0] - b[0]);
  const ranges: [number, number][] = [];
  for (const range of found) {
    const before = ranges.at(-1);
    if (before !== undefined && range[0] <= before[1]) before[1] = Math.max(before[1], range[1]);
    else ranges.push(range);
  }
  return ranges;
}
