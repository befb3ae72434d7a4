/**
 * A subnet's address space: which addresses are taken, not by whom.
 *
 * EC2 reserves five addresses of every subnet (the first four and the last).
 */
import { bigIntToIp, ipv4ToNumber, numberToIpv4, parseCidr } from '../../model/ip';
import { must } from './must';

/** A subnet to create. */
export interface SubnetOptions {
  readonly id: string;
  readonly name: string;
  readonly cidr: string;
  readonly ipv6Cidr?: string;
  readonly vpc: string;
  readonly zone: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A subnet: which addresses and /28 blocks are taken. */
export class SimSubnet {
  readonly id: string;
  readonly name: string;
  readonly cidr: string;
  readonly ipv6Cidr: string | null;
  readonly vpc: string;
  readonly zone: string;
  readonly prefixLength: number;
  tags: Readonly<Record<string, string>>;
  reservations: readonly { readonly id: string; readonly cidr: string; readonly type: 'prefix' | 'explicit' }[] = [];

  private readonly first: number;
  private readonly taken: Uint8Array;
  private cursor = 4;
  private free: number;
  private next80 = 1n;

  constructor(options: SubnetOptions) {
    const range = must(parseCidr(options.cidr), `range ${options.cidr}`);
    this.id = options.id;
    this.name = options.name;
    this.cidr = range.text;
    this.ipv6Cidr = options.ipv6Cidr ?? null;
    this.vpc = options.vpc;
    this.zone = options.zone;
    this.tags = { Name: options.name, ...options.tags };
    this.prefixLength = range.prefixLength;
    this.first = Number(range.first);
    const size = Number(range.last - range.first) + 1;
    this.taken = new Uint8Array(size);
    for (const offset of [0, 1, 2, 3, size - 1]) this.taken[offset] = 1;
    this.free = size - 5;
  }

  get available(): number {
    return this.free;
  }

  /** The next free address, in turn; null if there is none. */
  take(): string | null {
    if (this.free === 0) return null;
    const size = this.taken.length;
    for (let step = 0; step < size; step += 1) {
      const offset = (this.cursor + step) % size;
      if (this.taken[offset] === 0) {
        this.cursor = offset + 1;
        return this.mark(offset);
      }
    }
    return null;
  }

  /** A free aligned /28, from the top of the subnet; null if fragmentation left none (vpc-cni §10). */
  takePrefix(): string | null {
    for (let start = this.taken.length - 16; start >= 0; start -= 16) {
      if (this.isFree(start, 16)) {
        for (let offset = start; offset < start + 16; offset += 1) this.mark(offset);
        return `${numberToIpv4(this.first + start)}/28`;
      }
    }
    return null;
  }

  /** Takes that address; false if it is taken or outside the subnet. */
  occupy(ip: string): boolean {
    const offset = ipv4ToNumber(ip) - this.first;
    if (offset < 0 || offset >= this.taken.length || this.taken[offset] !== 0) return false;
    this.mark(offset);
    return true;
  }

  /** Takes addresses for another owner until `left` remain. With `scatter`, one in every /28 first. */
  drain(left: number, scatter = false): void {
    if (scatter) {
      for (let start = 0; start < this.taken.length; start += 16) {
        if (this.isFree(start, 16)) this.mark(start + 7);
      }
    }
    while (this.free > left && this.take() !== null);
  }

  /** Aligned /28 blocks that could still become a prefix; explicit reservations keep theirs. */
  get freeBlocks(): number {
    const explicit = this.reservations
      .filter(({ type }) => type === 'explicit')
      .map(({ cidr }) => must(parseCidr(cidr), `reservation ${cidr}`));
    let blocks = 0;
    for (let start = 0; start + 16 <= this.taken.length; start += 16) {
      const [from, to] = [BigInt(this.first + start), BigInt(this.first + start + 15)];
      if (this.isFree(start, 16) && !explicit.some(({ first, last }) => first <= to && last >= from)) blocks += 1;
    }
    return blocks;
  }

  release(ipOrPrefix: string): void {
    const [ip, length] = ipOrPrefix.split('/');
    const start = ipv4ToNumber(must(ip, 'address')) - this.first;
    const count = length === undefined ? 1 : 2 ** (32 - Number(length));
    for (let offset = start; offset < start + count; offset += 1) {
      if (this.taken[offset] === 1) {
        this.taken[offset] = 0;
        this.free += 1;
      }
    }
  }

  contains(ip: string): boolean {
    const offset = ipv4ToNumber(ip) - this.first;
    return offset >= 0 && offset < this.taken.length;
  }

  /** A /80 of the subnet's /64 (vpc-cni §2.2). */
  takeIpv6Prefix(): string {
    return `${bigIntToIp(this.ipv6First() + (this.next80++ << 48n), 6)}/80`;
  }

  private ipv6First(): bigint {
    return must(parseCidr(must(this.ipv6Cidr, `IPv6 range of ${this.id}`)), 'IPv6 range').first;
  }

  private isFree(start: number, count: number): boolean {
    for (let offset = start; offset < start + count; offset += 1) if (this.taken[offset] !== 0) return false;
    return true;
  }

  private mark(offset: number): string {
    this.taken[offset] = 1;
    this.free -= 1;
    return numberToIpv4(this.first + offset);
  }
}
