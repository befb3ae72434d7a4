/**
 * Which /28 blocks of each subnet contain an address, as far as EC2 shows it; the basis of the prefix-fragmented
 * finding (vpc-cni §10). Kept per ENI fact, so that a subnet's answer needs no scan of its ENIs.
 */
import { PREFIX_SIZE } from '../../model/prefix-size';
import type { EniFact } from '../../model/facts';
import { ipv4ToNumber, parseCidr } from '../../model/ip';
import type { Changed } from './keys';

const blockOf = (ip: string): number | null => (ip.includes(':') ? null : Math.floor(ipv4ToNumber(ip) / PREFIX_SIZE));

function* blocksOf(eni: EniFact): Iterable<number> {
  for (const ip of eni.primaryIp === null ? eni.secondaryIps : [eni.primaryIp, ...eni.secondaryIps]) {
    const block = blockOf(ip);
    if (block !== null) yield block;
  }
  for (const prefix of eni.ipv4Prefixes) {
    const cidr = parseCidr(prefix);
    if (cidr?.family !== 4 || cidr.prefixLength < 20) continue;
    for (let block = Number(cidr.first) / PREFIX_SIZE; block <= Number(cidr.last) / PREFIX_SIZE; block++)
      yield Math.floor(block);
  }
}

/** Counts which /28 blocks of a subnet are free, as addresses come and go. */
export class SubnetBlocks {
  readonly #changed: Changed;
  readonly #counts = new Map<string, Map<number, number>>();
  /** The latest answer for each subnet: every node in prefix mode reads it, and it changes only with the subnet's ENIs. */
  readonly #answers = new Map<string, { readonly of: string; readonly free: number | null }>();

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
    for (const block of blocksOf(eni)) counts.set(block, (counts.get(block) ?? 0) + 1);
  }

  #remove(eni: EniFact): void {
    const counts = eni.subnet === null ? undefined : this.#counts.get(eni.subnet);
    if (eni.subnet === null || counts === undefined) return;
    this.#answers.delete(eni.subnet);
    for (const block of blocksOf(eni)) {
      const left = (counts.get(block) ?? 0) - 1;
      if (left > 0) counts.set(block, left);
      else counts.delete(block);
    }
  }

  /**
   * The number of aligned /28 blocks of an IPv4 range without a visible address. AWS reserves the first four addresses
   * and the last one of a subnet, and assigns no address of an explicit reservation automatically. Null for a range
   * without whole blocks.
   */
  free(subnet: string, cidrText: string, explicitReservations: readonly string[]): number | null {
    const of = [cidrText, ...explicitReservations].join(' ');
    const before = this.#answers.get(subnet);
    if (before?.of === of) return before.free;
    const free = this.#free(subnet, cidrText, explicitReservations);
    this.#answers.set(subnet, { of, free });
    return free;
  }

  #free(subnet: string, cidrText: string, explicitReservations: readonly string[]): number | null {
    const cidr = parseCidr(cidrText);
    if (cidr?.family !== 4 || cidr.prefixLength > 28) return null;
    const first = Number(cidr.first) / PREFIX_SIZE;
    const last = Math.floor(Number(cidr.last) / PREFIX_SIZE);
    const counts = this.#counts.get(subnet) ?? new Map<number, number>();
    const taken = new Set([first, last]);
    for (const block of counts.keys()) if (block >= first && block <= last) taken.add(block);
    let free = last - first + 1 - taken.size;
    for (const [from, to] of ranges(explicitReservations, first, last)) {
      free -= to - from + 1;
      for (const block of taken) if (block >= from && block <= to) free++;
    }
    return Math.max(0, free);
  }
}

/** Reserved block ranges within first..last, merged so that no block counts twice. */
function ranges(reservations: readonly string[], first: number, last: number): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const text of reservations) {
    const cidr = parseCidr(text);
    if (cidr?.family !== 4) continue;
    const from = Math.max(first, Math.floor(Number(cidr.first) / PREFIX_SIZE));
    const to = Math.min(last, Math.floor(Number(cidr.last) / PREFIX_SIZE));
    if (from <= to) found.push([from, to]);
  }
  found.sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const range of found) {
    const before = merged.at(-1);
    if (before !== undefined && range[0] <= before[1]) before[1] = Math.max(before[1], range[1]);
    else merged.push(range);
  }
  return merged;
}
