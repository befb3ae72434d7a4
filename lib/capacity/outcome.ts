/** The result of a what-if: each node and subnet, before and after. */
import type { SubnetRecord } from '../model/records';
import type { NodeFigures } from './figures';
import type { FitLimit } from './fit';

/** A node before or after the changes. Null: not known. */
export interface Side {
  readonly enis: number | null;
  /** Addresses for pods on its ENIs: the totals of its pools, without primary addresses. */
  readonly held: number | null;
  readonly assigned: number | null;
  /** More pods that fit; nodes in one subnet share its free addresses. */
  readonly fit: number | null;
  readonly limitedBy: FitLimit;
  /** How many of these pods take their address from each subnet that the node takes addresses from. */
  readonly bySubnet: ReadonlyMap<string, number>;
  /** Why a pool stays below its target; null if none does. */
  readonly unmet: string | null;
  readonly lacksEni: boolean;
  /** Number of pods without an address. */
  readonly waiting: number;
  /** EC2 calls for replacing one pod, times the pods with an address. */
  readonly calls: number | null;
}

/** `new`: created by a roll. `drained`: its pods have left, but it still holds its addresses. */
export type Fate = 'stays' | 'replaced' | 'lost' | 'new' | 'drained';

/** A node before and after. */
export interface NodeOutcome {
  readonly node: NodeFigures;
  readonly fate: Fate;
  /** Null for a new node. */
  readonly before: Side | null;
  /** Null for a lost node. */
  readonly after: Side | null;
}

/** A subnet after the changes. Null: not known. */
export interface SubnetOutcome {
  readonly subnet: SubnetRecord;
  readonly isLost: boolean;
  /** Whether a node that takes addresses from it is not modelled. */
  readonly isOpen: boolean;
  readonly free: number | null;
  readonly blocks: number | null;
  /** Addresses that this cluster's ENIs hold. */
  readonly held: number | null;
}

/** The result of a what-if by node and subnet. */
export interface Outcome {
  readonly nodes: readonly NodeOutcome[];
  readonly subnets: readonly SubnetOutcome[];
  /** Pods of lost nodes that must run elsewhere, and how many of them find no place. */
  readonly displaced: number;
  readonly homeless: number;
}
