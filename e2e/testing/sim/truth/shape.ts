/** The shape of the oracle, by record id. It contains only what a correct picture must show. */
import type { ExpectedFinding } from '../../../../lib/sim/model/state';
import type { TrueNode } from './nodes';

/** The actual location of an interface, and the correct conclusions about it. */
export interface TrueLink {
  readonly eni: string | null;
  /** Null when no API records them. */
  readonly ips: readonly string[] | null;
  readonly allowedRules: readonly string[];
  readonly mustBeObserved: boolean;
  readonly network: string;
  /** Whether the facts suffice to find the ENI. */
  readonly linkable: boolean;
  /** The highest certainty that may be claimed; null if not judged. */
  readonly certainty: 'observed' | 'inferred' | 'unknown' | null;
  /** ENIs that must all be named if none may be chosen. */
  readonly candidates: readonly string[];
  readonly node: string;
  /** The pod's uid: a StatefulSet's next pod has the same name. */
  readonly uid: string;
  readonly card?: number | null;
  readonly mac?: string | null;
  readonly device?: { readonly pciAddress: string };
}

/** The ownership of an ENI; fields that are not judged are absent. */
export interface TrueEni {
  readonly state: readonly string[];
  /** Any of these is correct; empty if not judged. */
  readonly rules: readonly string[];
  readonly node?: string | null;
  readonly role?: string;
  readonly creator?: string;
  readonly card?: number;
  readonly deviceIndex?: number;
  /** Whether it is in ipamd's datastore and counted in its metrics. */
  readonly inDatastore?: boolean;
  /** Number of addresses that it can hold in addition to its primary one. */
  readonly capacity?: number;
}

/** A warm pool. */
export interface TruePool {
  readonly total: number;
  readonly assigned: number;
  readonly available: number;
  readonly low: boolean;
  readonly high: boolean;
  readonly over: number;
  /** The value that `available` must reach. */
  readonly target: number;
  /** Absent if the targets in force count whole ENIs. */
  readonly short?: number;
}

/** The free addresses of a subnet. */
export interface TrueSubnet {
  readonly availableAddresses: number;
  /** Free aligned /28 blocks. A client that does not see every ENI of the subnet can only count more. */
  readonly freePrefixes: number;
}

/** An address pool of whereabouts. */
export interface TrueIpPool {
  readonly used: number;
  readonly size: number;
  /** Address → `NS/POD`; empty for a pool that is divided into slices. */
  readonly allocations: Readonly<Record<string, string>>;
  /** Reserved in its range but not allocated to a pod. */
  readonly orphans: readonly string[];
}

/** A NIC of a node. */
export interface TrueHostNic {
  readonly mac: string | null;
  readonly eni: string | null;
  readonly vfs: { readonly total: number; readonly used: number } | null;
}

/** A device that a pod has through one of its claims. */
export interface TrueClaim {
  readonly name: string;
  readonly claim: string;
  /** Number of pods that it is reserved for. */
  readonly pods: number;
  readonly devices: readonly {
    readonly driver: string;
    readonly pool: string;
    readonly device: string;
    /** Record id; null for a device that is not an interface. */
    readonly interface: string | null;
  }[];
}

/** The truth about a whole cluster. */
export interface SimTruth {
  readonly schema: 'oracle/1';
  readonly profile: string;
  readonly seed: number;
  readonly interfaces: Readonly<Record<string, TrueLink>>;
  readonly optionalPods: readonly string[];
  readonly enis: Readonly<Record<string, TrueEni>>;
  readonly slots: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly prefixes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By `NODE#CARD`. */
  readonly pools: Readonly<Record<string, TruePool>>;
  /**
   * For each ENI, recently released addresses and when they were released, in epoch milliseconds. A client that did not
   * see the release cannot know of it.
   */
  readonly cooling: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /**
   * The same for addresses that no API ever named: a client that saw the pod end knows that an address is cooling, but
   * not which.
   */
  readonly coolingUnnamed: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /**
   * `NODE#CARD` → release times of cooling addresses, including those in prefixes, except those that no client can have
   * seen.
   */
  readonly poolCooling: Readonly<Record<string, readonly number[]>>;
  readonly nodes: Readonly<Record<string, TrueNode>>;
  readonly subnets: Readonly<Record<string, TrueSubnet>>;
  /** By record id. */
  readonly ipPools: Readonly<Record<string, TrueIpPool>>;
  /** Links that an inventory lists, by record id. */
  readonly hostNics: Readonly<Record<string, TrueHostNic>>;
  /** By `NS/POD`. */
  readonly claims: Readonly<Record<string, readonly TrueClaim[]>>;
  /** ENI → interfaces of the pods that use it as a whole device. */
  readonly wholeEnis: Readonly<Record<string, readonly string[]>>;
  /** Node → the mode that it was built for. */
  readonly shows: Readonly<Record<string, string>>;
  readonly findings: readonly ExpectedFinding[];
  /** Due only after watching for a while; they may be missing. */
  readonly laterFindings: readonly ExpectedFinding[];
  readonly cleanRules: readonly string[];
  readonly allowedFindings: Readonly<Record<string, readonly string[]>>;
}
