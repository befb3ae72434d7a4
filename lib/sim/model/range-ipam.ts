/**
 * Assigns the addresses of one range: cluster-wide like whereabouts, in one slice per node like its node slices, or per
 * node like host-local. No address is assigned twice within its scope.
 */
import { ipv4ToNumber, numberToIpv4, parseCidr } from '../../model/ip';
import { must } from './must';

/** Address → its holder. */
export type Held = Map<string, { readonly pod: string; readonly ifname: string }>;

/** No address is held yet. */
export const createHeld = (): Held => new Map<string, { readonly pod: string; readonly ifname: string }>();

/** A range and how its addresses are assigned. */
export interface RangeOptions {
  readonly kind: 'whereabouts' | 'host-local' | 'static';
  readonly range: string;
  /** First offset that is assigned; lower ones are gateways and the nodes' own addresses. Default 10, in a slice 1. */
  readonly from?: number | undefined;
  /** Offsets from here on are not assigned. */
  readonly to?: number | undefined;
  /** Prefix length of one node's slice. */
  readonly sliceBits?: number | undefined;
  /** Addresses that networks with the same range have already assigned: whereabouts keeps one record per range. */
  readonly shared?: Held | null;
}

interface Allocation {
  /** Relative to the network address of the range. */
  readonly offset: number;
  readonly pod: string;
  readonly ifname: string;
}

/** An IPAM that assigns the addresses of a range: for the cluster, per node, or in slices. */
export class RangeIpam {
  readonly kind: RangeOptions['kind'];
  readonly range: string;
  readonly first: number;
  readonly size: number;
  readonly sliceBits: number | null;
  /** Node → number of its slice, in order of first use. */
  readonly slices = new Map<string, number>();
  private readonly from: number;
  private readonly to: number;
  /** No offset below this one is free: whereabouts assigns the lowest one. */
  private readonly hints = new WeakMap<object, number>();
  /** Per scope: one for whereabouts, one per node for host-local. */
  private readonly held = new Map<string, Held>();

  constructor(options: RangeOptions) {
    const cidr = must(parseCidr(options.range), `range ${options.range}`);
    this.kind = options.kind;
    this.range = cidr.text;
    this.first = Number(cidr.first);
    this.size = Number(cidr.last - cidr.first) + 1;
    this.sliceBits = options.sliceBits ?? null;
    this.from = options.from ?? 10;
    this.to = options.to ?? Infinity;
    if (options.shared != null) this.held.set('', options.shared);
  }

  take(node: string, pod: string, ifname: string, usable: (ip: string) => boolean = () => true): string | null {
    const held = this.scope(node);
    const [start, end] = this.window(node);
    const hint = this.sliceBits === null ? (this.hints.get(held) ?? start) : start;
    for (let offset = Math.max(hint, start); offset < end; offset += 1) {
      const ip = numberToIpv4(this.first + offset);
      if (held.has(ip) || !usable(ip)) continue;
      held.set(ip, { pod, ifname });
      this.hints.set(held, offset + 1);
      return ip;
    }
    return null;
  }

  release(node: string, ip: string, pod: string): void {
    const held = this.scope(node);
    if (held.get(ip)?.pod !== pod) return;
    held.delete(ip);
    this.hints.set(held, Math.min(this.hints.get(held) ?? Infinity, ipv4ToNumber(ip) - this.first));
  }

  /** whereabouts' allocations of the range, or of one slice. */
  allocations(slice: number | null = null): readonly Allocation[] {
    const size = slice === null ? this.size : this.sliceSize;
    const start = slice === null ? 0 : slice * size;
    return [...(this.held.get('') ?? [])].flatMap(([ip, holder]) => {
      const offset = ipv4ToNumber(ip) - this.first - start;
      return offset >= 0 && offset < size ? [{ offset, ...holder }] : [];
    });
  }

  /** `10.0.0.64/26`. */
  sliceRange(slice: number): string {
    return `${numberToIpv4(this.first + slice * this.sliceSize)}/${this.sliceBits ?? 0}`;
  }

  get sliceCount(): number {
    return this.sliceBits === null ? 0 : this.size / this.sliceSize;
  }

  /** Offsets that the config allows for pods: without the first, the last and excluded ones. */
  offsets(declaresRange: boolean): readonly number[] {
    const [from, to] = declaresRange ? [Math.max(1, this.from), Math.min(this.size - 1, this.to)] : [1, this.size - 1];
    return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  }

  private get sliceSize(): number {
    return 2 ** (32 - must(this.sliceBits, 'bits of a slice'));
  }

  private window(node: string): readonly [start: number, end: number] {
    if (this.sliceBits === null) return [this.from, Math.min(this.size - 1, this.to)];
    const slice = this.slices.get(node) ?? this.slices.size;
    if (slice >= this.sliceCount) return [0, 0];
    this.slices.set(node, slice);
    return [slice * this.sliceSize + 1, (slice + 1) * this.sliceSize - 1];
  }

  private scope(node: string): Held {
    const key = this.kind === 'host-local' ? node : '';
    const found = this.held.get(key) ?? createHeld();
    this.held.set(key, found);
    return found;
  }
}
