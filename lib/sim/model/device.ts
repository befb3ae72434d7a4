/** A device that a Dynamic Resource Allocation driver publishes. */
type Attribute = { readonly string: string } | { readonly int: number } | { readonly bool: boolean };

/** What a driver reports about a prepared device. */
export type Report = 'all' | 'addresses' | 'nothing';

/** A device that a driver offers to claims. */
export interface SimDevice {
  readonly driver: string;
  /** Unique in its pool, which has the node's name. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly pciAddress: string | null;
  readonly pcieRoot: string | null;
  /** The ENI behind the device; null for other devices. */
  readonly eniId: string | null;
  /** Null without a network link. `ips` in CIDR form. */
  readonly link: { readonly name: string; readonly mac: string; readonly ips: readonly string[] } | null;
  /** Name of the physical function of a virtual one. */
  readonly pfName: string | null;
  readonly report: Report;
  /** The ResourceClaim that it is allocated to, `NS/NAME`. */
  claim: string | null;
  /** Whether a pod has the link. */
  moved: boolean;
}

/** A DeviceClass and the devices that it selects. */
export interface SimDeviceClass {
  readonly name: string;
  readonly driver: string;
  readonly fits: (device: SimDevice) => boolean;
}
