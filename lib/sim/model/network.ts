/** A NetworkAttachmentDefinition and how its pods really get addresses and links. */
import type { RangeIpam } from './range-ipam';

/** The plugins that a simulated network may use. */
export type NetworkPlugin =
  | 'ipvlan'
  | 'macvlan'
  | 'host-device'
  | 'vlan'
  | 'sriov'
  | 'aws-cni'
  // Plugins without a host NIC, or without an identifiable one (multus §2.2).
  | 'bridge'
  | 'ptp'
  | 'ovs'
  | 'bond'
  | 'dummy'
  | 'tap'
  | 'flannel'
  | 'calico'
  | 'cilium'
  | 'ovn-k8s-cni-overlay'
  | 'userspace'
  | 'other';

/** How a config names its parent; `none` for plugins that have no NIC. */
export type Naming = 'name' | 'hwaddr' | 'pci' | 'default-route' | 'none';

/** A NetworkAttachmentDefinition and the state of its IPAM. */
export interface SimNetwork {
  /** `NS/NAME`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly plugin: NetworkPlugin;
  /** Device index (card 0) of the ENI whose host link is the parent; null if the parent is not an ENI. */
  readonly device: number | null;
  readonly naming: Naming;
  /** The device goes to a userspace driver: only a name is reported, no MAC and no address (multus §2.2). */
  readonly isUserspace: boolean;
  readonly resourceName: string | null;
  /** spec.config, as written. */
  readonly config: string;
  readonly createdAt: number;
  readonly ipam: RangeIpam | null;
  /** Whether the config contains the start and end of the pods' part of the range. */
  readonly declaresRange: boolean;
  /** The gateway of its range, which the config keeps from pods; null without one. */
  readonly gateway: string | null;
  /** Whether addresses are also assigned to the ENI in EC2, as aws-ip-manager does (multus §3.2). */
  readonly assignsInEc2: boolean;
}
