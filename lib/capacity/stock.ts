/** The free addresses of subnets, while nodes take and return them. */
import { PREFIX_SIZE } from '../model/prefix-size';
import type { SubnetRecord } from '../model/records';
import { slotsFrom, type SubnetSupply } from '../topology/pools/room';

interface Left {
  /** Null if EC2 does not report it. */
  free: number | null;
  blocks: number | null;
  /** Blocks reserved for prefixes, whose addresses `free` does not include. */
  reserved: number;
}

/** The fields of a subnet that a stock starts from. */
export type StockedSubnet = Pick<SubnetRecord, 'id' | 'availableAddresses' | 'freePrefixes' | 'reservedPrefixes'>;

/** The free addresses and /28 blocks of subnets; null: not known. */
export class Stock implements SubnetSupply {
  readonly #left: Map<string, Left>;

  constructor(subnets: Iterable<StockedSubnet>) {
    this.#left = new Map(
      [...subnets].map(({ id, availableAddresses, freePrefixes, reservedPrefixes }) => [
        id,
        { free: availableAddresses, blocks: freePrefixes, reserved: reservedPrefixes },
      ]),
    );
  }

  copy(): Stock {
    return new Stock(
      [...this.#left].map(([id, { free, blocks, reserved }]) => ({
        id,
        availableAddresses: free,
        freePrefixes: blocks,
        reservedPrefixes: reserved,
      })),
    );
  }

  addresses(subnet: string, enough: number): number | null {
    const free = this.free(subnet);
    return free === null ? null : Math.min(free, enough);
  }

  blocks(subnet: string, enough: number): number | null {
    const blocks = this.freeBlocks(subnet);
    return blocks === null ? null : Math.min(blocks, enough);
  }

  reserved(subnet: string, enough: number): number {
    return Math.min(this.#left.get(subnet)?.reserved ?? 0, enough);
  }

  free(subnet: string): number | null {
    return this.#left.get(subnet)?.free ?? null;
  }

  freeBlocks(subnet: string): number | null {
    return this.#left.get(subnet)?.blocks ?? null;
  }

  /** Takes single addresses, from partly used /28 blocks first. Below 0: returns them. */
  takeAddresses(subnet: string | null, count: number): void {
    const left = subnet === null ? undefined : this.#left.get(subnet);
    if (left?.free == null) return;
    left.free = Math.max(0, left.free - count);
    if (left.blocks !== null)
      left.blocks = slotsFrom({ addresses: left.free, blocks: left.blocks, reserved: left.reserved }, PREFIX_SIZE);
  }

  /** Takes whole /28 blocks, reserved ones first. Below 0: returns them. */
  takeBlocks(subnet: string | null, count: number): void {
    const left = subnet === null ? undefined : this.#left.get(subnet);
    if (left === undefined) return;
    const reserved = Math.max(0, Math.min(count, left.reserved));
    left.reserved -= reserved;
    if (left.free !== null) left.free = Math.max(0, left.free - (count - reserved) * PREFIX_SIZE);
    if (left.blocks !== null) left.blocks = Math.max(0, left.blocks - count);
  }
}
