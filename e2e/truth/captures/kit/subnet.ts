/** A subnet of a capture: gives addresses from its bottom and /28 blocks from its top. */
import { sizeOf, toCidr, toText, type Cidr } from './address';
import type { Json } from './types';

export class Subnet {
  readonly range: Cidr;
  #next = 5n;
  #top: bigint;
  readonly reservations: { readonly cidr: string; readonly type: string }[] = [];

  constructor(
    readonly id: string,
    readonly cidr: string,
    readonly zone: string,
    readonly vpc: string,
    readonly available: number,
    readonly tags: Readonly<Record<string, string>>,
    readonly ipv6: string | null,
  ) {
    this.range = toCidr(cidr);
    this.#top = this.range.base + sizeOf(this.range);
  }

  take(): string {
    const ip = toText(this.range.base + this.#next, this.range.bits);
    this.#next += 1n;
    return ip;
  }

  takePrefix(): string {
    this.#top -= 16n;
    return `${toText(this.#top, 32)}/28`;
  }

  toEc2(): { readonly [key: string]: Json | undefined } {
    return {
      SubnetId: this.id,
      CidrBlock: this.cidr,
      AvailabilityZone: this.zone,
      AvailableIpAddressCount: this.available,
      VpcId: this.vpc,
      State: 'available',
      Ipv6CidrBlockAssociationSet:
        this.ipv6 === null ? [] : [{ Ipv6CidrBlock: this.ipv6, Ipv6CidrBlockState: { State: 'associated' } }],
      Tags: Object.entries(this.tags).map(([Key, Value]) => ({ Key, Value })),
    };
  }
}
