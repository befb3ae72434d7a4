/** What a pod requests from its node's network, and the failure if that is not possible. */
import type { NetworkRequest } from './pod';
import type { StatusQuirk } from './status-quirks';

/** The network that a pod requests, before it is set up. */
export interface Wanted {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  readonly requests: readonly NetworkRequest[];
  /** Every managed card, through `k8s.amazonaws.com/nicConfig`. */
  readonly multiNic: boolean;
  /** Security groups of the pod, which cause a branch ENI; null without. */
  readonly groups: readonly string[] | null;
  /** Whether to take a device even if another pod has it, for scenes that show conflicts. */
  readonly force: boolean;
  /** PCI addresses of virtual functions that it claims. */
  readonly functions: readonly string[];
  /** How network-status deviates. */
  readonly quirk: StatusQuirk | null;
}

/** Why a pod gets no network, as worded in its Event. */
export interface Failure {
  readonly reason: string;
}
