/** A node of the simulated cluster: what the API server shows (`facts`, immutable), and what runs on it. */
import type { CniSettings } from './cni-settings';
import type { Datastore } from './datastore';
import type { SimDevice } from './device';
import type { InstanceType } from './instance-types';

/** What a node runs on. */
export type ComputeType = 'ec2' | 'auto' | 'fargate' | 'hybrid' | 'other';
/** The operating system, which determines link names. */
export type OsFlavour = 'al2' | 'al2023' | 'bottlerocket' | 'ubuntu' | 'windows';

/** A taint of a node. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** The content of the Node object. */
export interface NodeFacts {
  readonly name: string;
  readonly uid: string;
  readonly providerId: string;
  readonly instanceType: string | null;
  readonly zone: string | null;
  readonly computeType: ComputeType;
  readonly os: OsFlavour;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly deletingAt: number | null;
  readonly ready: boolean;
  readonly readyAt: number;
  readonly unschedulable: boolean;
  readonly taints: readonly Taint[];
  readonly maxPods: number;
  readonly internalIp: string;
  readonly cpus: number;
  readonly memoryGiB: number;
  /** Extended resources. */
  readonly extended: Readonly<Record<string, { readonly capacity: number; readonly allocatable: number }>>;
}

/** A host link. Only an inventory reports it through an API. */
export interface HostLink {
  readonly name: string;
  readonly mac: string;
  readonly pciAddress: string;
  readonly eniId: string | null;
  readonly vfs: readonly { readonly pciAddress: string; readonly mac: string; readonly id: number }[];
}

/** NodeNetworkState (multus §4.5), or SriovNetworkNodeState (multus §4.3), which has PCI addresses as well. */
export type Inventory = 'nmstate' | 'sriov';

/** A node: its facts, its instance, and what runs on it. */
export interface SimNode {
  facts: NodeFacts;
  readonly region: string;
  readonly instanceId: string | null;
  readonly type: InstanceType | null;
  readonly subnetId: string | null;
  readonly primaryEni: string | null;
  /** Attached ENIs in order of attachment, without branch ENIs. */
  readonly eniIds: Set<string>;
  /** aws-node's settings; null if none runs (Fargate, Auto Mode, Windows, hybrid). */
  cni: CniSettings | null;
  /** Multus' image version, or null. */
  readonly multus: string | null;
  /** Datastore by card; empty if no agent assigns addresses. */
  readonly stores: Map<number, Datastore>;
  /** Whether an agent other than ipamd assigns addresses (Auto Mode, the Windows controller). */
  readonly foreignIpam: boolean;
  /** ENIs that ipamd leaves unmanaged by the tags that it last read. */
  readonly unmanaged: Set<string>;
  readonly links: HostLink[];
  /** The inventory that lists the links; null without one. */
  readonly inventory: Inventory | null;
  /** Devices that claim drivers publish, in order. */
  readonly devices: SimDevice[];
  /** Number of devices per ResourceSlice. */
  perSlice: number;
  /** Keys of live pods. */
  readonly pods: Set<string>;
  /** Pods that wait for an address. */
  readonly waiting: Set<string>;
  readonly branches: { readonly limit: number; used: number; nextVlan: number };
  /** Subnet and security groups of the ENIConfig under custom networking. */
  readonly podSubnet: { readonly subnetId: string; readonly groups: readonly string[] } | null;
  readonly metrics: { noAvailable: number; adds: number; deletes: number; readonly apiErrors: Map<string, number> };
  readonly metricOverrides: Map<string, number>;
  noGrowthBefore: number;
  lastShrink: number;
  /** Whether nothing changes by itself, so that a scene can pin a state. */
  frozen: boolean;
  maintenanceDue: boolean;
}

/** The name of an ENI’s link on the host by its device index, if ENIs were attached in order. */
export const linkName = (os: OsFlavour, device: number): string =>
  os === 'al2023' || os === 'ubuntu' ? `ens${device + 5}` : `eth${device}`;
