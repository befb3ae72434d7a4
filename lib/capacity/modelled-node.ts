/** The state of a node while a what-if is calculated. */
import type { Touch } from './apply';
import type { NodeFigures } from './figures';
import type { NodeSim, Settled } from './node-sim';
import type { Fate } from './outcome';

/** A node of the model. */
export interface ModelledNode {
  readonly node: NodeFigures;
  readonly before: NodeSim | null;
  fate: Fate;
  touch: Touch;
  after: NodeSim | null;
  settled: Settled | null;
  /** Additional pods on a node that is limited only by max pods. */
  morePods: number;
  /** Why a new node cannot start; null if it can. */
  cannotStart: string | null;
}

/** Whether only max pods limits the node, as in IPv6 mode, in Auto Mode and on Fargate. */
export const isLimitedByMaxPods = ({ headroom, mode, targets }: NodeFigures): boolean =>
  headroom.limitedBy === 'max-pods' && (targets === null || mode === 'ipv6');
