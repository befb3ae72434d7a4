/** A ResourceClaim: what a pod requests, and what was allocated. */
import type { SimDevice } from './device';

/** A request in a ResourceClaim. */
export interface DeviceRequest {
  readonly name: string;
  readonly deviceClass: string;
  readonly count?: number;
}

/** What a pod requests: a claim created for it, or an existing one named in `shared`. */
export interface ClaimRequest {
  /** Inside the pod. */
  readonly name: string;
  readonly shared?: string;
  readonly requests: readonly DeviceRequest[];
  /** Whether all devices must be on one PCIe root. */
  readonly together?: boolean;
}

/** One entry of spec.resourceClaims. */
export interface SimPodClaim {
  readonly name: string;
  /** metadata.name of the ResourceClaim. */
  readonly claim: string;
  /** The ResourceClaimTemplate that it is created from; null for a shared one. */
  readonly template: string | null;
}

/** A ResourceClaim and what was allocated to it. */
export interface SimClaim {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: number;
  readonly template: string | null;
  readonly wanted: ClaimRequest;
  /** The node that its devices are on; null while none are allocated. */
  node: string | null;
  allocatedAt: number | null;
  devices: { readonly request: string; readonly device: SimDevice }[];
  /** `NS/NAME` → UID of the pods that it is reserved for. */
  readonly pods: Map<string, string>;
  /** Whether the drivers have prepared the devices. */
  ready: boolean;
}
