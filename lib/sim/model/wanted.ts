/** What a pod asks of its node's network, and the answer when it cannot be. */
import type { NetworkRequest } from './pod';
import type { StatusQuirk } from './status-quirks';

export interface Wanted {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  readonly requests: readonly NetworkRequest[];
  /** Every managed card, through `k8s.amazonaws.com/nicConfig`. */
  readonly multiNic: boolean;
  /** Security groups of its own: a branch ENI. */
  readonly groups: readonly string[] | null;
  /** Scenes that show conflicts take a device twice. */
  readonly force: boolean;
  /** What whoever wrote network-status made of it. */
  readonly quirk: StatusQuirk | null;
}

export interface Failure {
  readonly reason: string;
}
