/** One ENI of a capture: what EC2 says of it, and who holds what on it. */
import { holds, sizeOf, toBits, toCidr, toText, type Cidr } from './address';
import type { EniSpec, Json } from './types';
import type { Subnet } from './subnet';

export interface Held {
  readonly ip: string;
  /** Interface id of the live pod that holds it; null when free. */
  holder: string | null;
  /** When ipamd last took it back, seconds before the capture; null when never. */
  freedSecondsAgo: number | null;
  /** Assigned, as ipamd itself knows, though no Kubernetes object says so. */
  hidden: boolean;
  /** Which of the two alone has it; absent: EC2 and ipamd both do. */
  onlyIn?: Side;
  /** ipamd has no assignment for it, although a pod holds it. */
  forgotten?: boolean;
}

export type Side = 'ec2' | 'ipamd';

export interface Prefix {
  readonly cidr: string;
  readonly range: Cidr;
  readonly held: Held[];
  onlyIn?: Side;
}

type Sided = Pick<Prefix, 'onlyIn'>;

export const inEc2 = ({ onlyIn }: Sided): boolean => onlyIn !== 'ipamd';
export const inIpamd = ({ onlyIn }: Sided): boolean => onlyIn !== 'ec2';
/** ipamd has it assigned. */
export const isTaken = ({ holder, hidden, forgotten }: Held): boolean => hidden || (holder !== null && !forgotten);

const TAG = 'node.k8s.amazonaws.com/';

export class Eni {
  readonly id: string;
  readonly card: number;
  readonly dev: number;
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly mac: string;
  readonly ip: string | null;
  readonly description: string;
  readonly addresses: Held[] = [];
  readonly prefixes: Prefix[] = [];
  readonly ipv6: string[] = [];
  /** ipamd's list lacks the ENI. */
  unknown = false;
  /** The interface of the pod that has the ENI whole, with its own address. */
  owner: string | null = null;

  constructor(
    readonly spec: EniSpec,
    /** The instance it hangs on; null: on none. */
    readonly instance: string | null,
    readonly subnet: Subnet,
    number: number,
  ) {
    const hex = number.toString(16).padStart(4, '0');
    this.id = spec.id ?? `eni-0${hex.padStart(16, 'c')}`;
    this.card = spec.card ?? 0;
    this.dev = spec.dev ?? 0;
    this.type = spec.type ?? 'interface';
    this.mac = spec.mac ?? `06:1f:5c:${hex.slice(0, 2)}:${hex.slice(2)}:0a`;
    this.ip = spec.ip === undefined ? subnet.take() : spec.ip;
    const by = spec.by ?? 'other';
    this.description =
      spec.description ??
      (by === 'ipamd'
        ? `aws-K8S-${instance ?? 'i-gone'}`
        : by === 'controller'
          ? `aws-k8s-${this.type === 'branch' ? 'branch' : 'trunk'}-eni`
          : '');
    const tagged = spec.tagged ?? (by === 'other' && !(this.card === 0 && this.dev === 0) ? 'none' : 'self');
    this.tags = {
      ...(tagged === 'none' ? {} : { [`${TAG}instance_id`]: tagged === 'self' ? (instance ?? 'i-gone') : tagged }),
      ...(by === 'ipamd' ? { [`${TAG}createdAt`]: '2026-08-31T12:10:00Z' } : {}),
      ...(by === 'controller' ? { 'eks:eni:owner': 'eks-vpc-resource-controller' } : {}),
      ...(spec.trunk === undefined ? {} : { 'vpcresources.k8s.aws/trunk-eni-id': spec.trunk }),
      ...spec.tags,
    };
  }

  /** A secondary address; the next free one of the subnet unless told. */
  add(ip = this.subnet.take()): Held {
    const held: Held = { ip, holder: null, freedSecondsAgo: null, hidden: false };
    this.addresses.push(held);
    return held;
  }

  /** So many secondary addresses that nobody holds. */
  free(count: number): this {
    for (let at = 0; at < count; at += 1) this.add();
    return this;
  }

  prefix(cidr = this.subnet.takePrefix()): Prefix {
    const prefix: Prefix = { cidr, range: toCidr(cidr), held: [] };
    this.prefixes.push(prefix);
    return prefix;
  }

  /** The next address of the first prefix that has one. */
  fromPrefix(): Held {
    for (const { range, held } of this.prefixes) {
      if (BigInt(held.length) >= sizeOf(range)) continue;
      const one: Held = {
        ip: toText(range.base + BigInt(held.length), range.bits),
        holder: null,
        freedSecondsAgo: null,
        hidden: false,
      };
      held.push(one);
      return one;
    }
    throw new Error(`${this.id} has no prefix with room`);
  }

  holding(ip: string): Held | undefined {
    const all = [...this.addresses, ...this.prefixes.flatMap(({ held }) => held)];
    return all.find((held) => toBits(held.ip) === toBits(ip));
  }

  inPrefix(ip: string): boolean {
    return this.prefixes.some(({ range }) => holds(range, ip));
  }

  /** As DescribeNetworkInterfaces prints it. */
  toEc2(): { readonly [key: string]: Json | undefined } {
    const { spec, subnet } = this;
    const prefixes = this.prefixes.filter(inEc2);
    const attachment = spec.attachment === undefined ? 'attached' : spec.attachment;
    const none = this.instance === null || this.type === 'branch' || attachment === null;
    return {
      NetworkInterfaceId: this.id,
      InterfaceType: this.type,
      Status: spec.status ?? (this.instance === null ? 'available' : 'in-use'),
      Description: this.description,
      MacAddress: this.mac,
      SubnetId: subnet.id,
      VpcId: subnet.vpc,
      AvailabilityZone: subnet.zone,
      OwnerId: '111122223333',
      RequesterManaged: spec.requester !== undefined,
      RequesterId: spec.requester,
      SourceDestCheck: this.spec.sourceDestCheck ?? true,
      Groups: (spec.groups ?? ['sg-0node']).map((id) => ({ GroupId: id, GroupName: id.slice('sg-0'.length) })),
      TagSet: Object.entries(this.tags).map(([Key, Value]) => ({ Key, Value })),
      PrivateIpAddress: this.ip ?? undefined,
      PrivateIpAddresses: [
        ...(this.ip === null
          ? []
          : [
              {
                Primary: true,
                PrivateIpAddress: this.ip,
                ...(spec.publicIp === undefined
                  ? {}
                  : { Association: { IpOwnerId: '111122223333', PublicIp: spec.publicIp } }),
              },
            ]),
        ...this.addresses.filter(inEc2).map(({ ip }) => ({ Primary: false, PrivateIpAddress: ip })),
      ],
      Ipv4Prefixes: prefixes.filter(({ range }) => range.bits === 32).map(({ cidr }) => ({ Ipv4Prefix: cidr })),
      Ipv6Prefixes: prefixes.filter(({ range }) => range.bits === 128).map(({ cidr }) => ({ Ipv6Prefix: cidr })),
      Ipv6Addresses: this.ipv6.map((Ipv6Address) => ({ Ipv6Address })),
      Attachment: none
        ? undefined
        : {
            AttachmentId: `eni-attach-${this.id.slice(4)}`,
            AttachTime: '2026-08-31T12:00:00+00:00',
            DeleteOnTermination: spec.deleteOnTermination ?? true,
            DeviceIndex: this.dev,
            NetworkCardIndex: this.card,
            InstanceId: this.instance,
            InstanceOwnerId: '111122223333',
            Status: attachment,
          },
    };
  }
}
