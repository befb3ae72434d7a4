/** The truth's shape: an oracle by record id. It names only what a right picture must say. */
import type { ExpectedFinding } from '../model/state';
import type { TrueNode } from './nodes';

export interface TrueLink {
  readonly eni: string | null;
  /** null: no API records them. */
  readonly ips: readonly string[] | null;
  readonly allowedRules: readonly string[];
  readonly mustBeObserved: boolean;
  readonly network: string;
  /** Whether the facts suffice to find the ENI. */
  readonly linkable: boolean;
  /** Nothing may be said with more certainty; null: not judged. */
  readonly certainty: 'observed' | 'inferred' | 'unknown' | null;
  /** ENIs that must all be named where none may be taken. */
  readonly candidates: readonly string[];
  readonly node: string;
  /** Of its pod: a StatefulSet's next pod has the same name. */
  readonly uid: string;
  readonly card?: number | null;
  readonly mac?: string | null;
  readonly device?: { readonly pciAddress: string };
}

export interface TrueEni {
  readonly state: readonly string[];
  /** Any of these; empty: not judged. */
  readonly rules: readonly string[];
  readonly node?: string | null;
  readonly role?: string;
  readonly creator?: string;
  readonly card?: number;
  readonly deviceIndex?: number;
  /** ipamd has it in its ledger, and its figures show it. */
  readonly inDatastore?: boolean;
  /** Addresses that it may hold beyond its own. */
  readonly capacity?: number;
}

export interface TruePool {
  readonly total: number;
  readonly assigned: number;
  readonly available: number;
  readonly low: boolean;
  readonly high: boolean;
  readonly over: number;
  /** What `available` must reach. */
  readonly target: number;
  /** Left out where the targets in force count whole ENIs. */
  readonly short?: number;
}

export interface TrueSubnet {
  readonly availableAddresses: number;
  /** Aligned free /28 blocks; who does not see every ENI of the subnet can only count more. */
  readonly freePrefixes: number;
}

export interface TrueIpPool {
  readonly used: number;
  readonly size: number;
  /** Address → `NS/POD`; of a pool that is cut into slices none. */
  readonly allocations: Readonly<Record<string, string>>;
  /** Reserved in its range, and allocated to nobody. */
  readonly orphans: readonly string[];
}

export interface TrueHostNic {
  readonly mac: string;
  readonly eni: string | null;
  readonly vfs: { readonly total: number; readonly used: number } | null;
}

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
  /** By ENI: addresses that were given back a moment ago, and when, in epoch milliseconds. Who did not see it cannot know. */
  readonly cooling: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The same of addresses that no API ever named: who saw the pod end knows that one cools there, and not which. */
  readonly coolingUnnamed: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By `NODE#CARD`: when each address that cools was given back, in prefixes too, but for what nobody can have seen. */
  readonly poolCooling: Readonly<Record<string, readonly number[]>>;
  readonly nodes: Readonly<Record<string, TrueNode>>;
  readonly subnets: Readonly<Record<string, TrueSubnet>>;
  /** By record id. */
  readonly ipPools: Readonly<Record<string, TrueIpPool>>;
  /** Links that an inventory lists, by record id. */
  readonly hostNics: Readonly<Record<string, TrueHostNic>>;
  /** Node → what it was built to show. */
  readonly shows: Readonly<Record<string, string>>;
  readonly findings: readonly ExpectedFinding[];
  /** Due only after the cluster was watched for a while; no fault when missing. */
  readonly laterFindings: readonly ExpectedFinding[];
  readonly cleanRules: readonly string[];
  readonly allowedFindings: Readonly<Record<string, readonly string[]>>;
}
