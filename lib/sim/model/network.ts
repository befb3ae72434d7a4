/** A network: a NetworkAttachmentDefinition and how its pods really get addresses and links. */
import { ipv4ToNumber, numberToIpv4, parseCidr } from '../../model/ip';
import { must } from './must';

export type NetworkPlugin =
  'ipvlan' | 'macvlan' | 'host-device' | 'vlan' | 'bridge' | 'sriov' | 'ptp' | 'aws-cni' | 'other';

export interface SimNetwork {
  /** `NS/NAME`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly plugin: NetworkPlugin;
  /** Device index (card 0) of the ENI whose host link is the parent; null when it hangs on no ENI. */
  readonly device: number | null;
  readonly resourceName: string | null;
  /** spec.config, as written. */
  readonly config: string;
  readonly createdAt: number;
  readonly ipam: RangeIpam | null;
  /** Whether addresses are also assigned to the ENI in EC2, as aws-ip-manager does (multus.md §3.2). */
  readonly assignsInEc2: boolean;
}

/** Address → who has it. */
export type Held = Map<string, { readonly pod: string; readonly ifname: string }>;

export const createHeld = (): Held => new Map<string, { readonly pod: string; readonly ifname: string }>();

/** Addresses of one range: cluster-wide as whereabouts, or per node as host-local. */
export class RangeIpam {
  readonly first: number;
  readonly size: number;
  readonly prefixLength: number;
  /** Nothing below this offset is free: whereabouts gives out the lowest. */
  private readonly hints = new WeakMap<object, number>();
  /** Per scope: one for whereabouts, one per node for host-local. */
  private readonly held = new Map<string, Held>();

  constructor(
    readonly kind: 'whereabouts' | 'host-local' | 'static',
    readonly range: string,
    readonly gateway: string | null,
    /** Offsets before this one are never given out: gateways and nodes' own addresses. */
    readonly firstOffset = 10,
    /** Offsets from this one on are never given out. */
    private readonly lastOffset = Infinity,
    /** What networks on the same range have given out already: whereabouts keeps one record per range. */
    shared: Held | null = null,
  ) {
    if (shared !== null) this.held.set('', shared);
    const cidr = must(parseCidr(range), `range ${range}`);
    this.first = Number(cidr.first);
    this.size = Number(cidr.last - cidr.first) + 1;
    this.prefixLength = cidr.prefixLength;
  }

  take(node: string, pod: string, ifname: string, usable: (ip: string) => boolean = () => true): string | null {
    const held = this.scope(node);
    const end = Math.min(this.size - 1, this.lastOffset);
    const hint = this.hints.get(held) ?? this.firstOffset;
    for (let offset = hint; offset < end; offset += 1) {
      const ip = numberToIpv4(this.first + offset);
      if (held.has(ip) || !usable(ip)) continue;
      held.set(ip, { pod, ifname });
      this.hints.set(held, offset + 1);
      return ip;
    }
    return null;
  }

  hold(node: string, ip: string, pod: string, ifname: string): void {
    this.scope(node).set(ip, { pod, ifname });
  }

  release(node: string, ip: string, pod: string): void {
    const held = this.scope(node);
    if (held.get(ip)?.pod !== pod) return;
    held.delete(ip);
    this.hints.set(held, Math.min(this.hints.get(held) ?? Infinity, ipv4ToNumber(ip) - this.first));
  }

  /** Offset → holder, as a whereabouts IPPool lists them. */
  allocations(): readonly { readonly offset: number; readonly pod: string; readonly ifname: string }[] {
    return [...(this.held.get('') ?? [])].map(([ip, holder]) => ({ offset: ipv4ToNumber(ip) - this.first, ...holder }));
  }

  private scope(node: string): Held {
    const key = this.kind === 'host-local' ? node : '';
    const found = this.held.get(key) ?? createHeld();
    this.held.set(key, found);
    return found;
  }
}
