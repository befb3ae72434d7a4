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
  /** Further pods on a node that only max pods limits. */
  morePods: number;
  /** A new node that cannot even start. */
  cannotStart: string | null;
}

/** Only max pods limits it, as in IPv6 mode, in Auto Mode and on Fargate. */
export const isLimitedByMaxPods = ({ headroom, mode, targets }: NodeFigures): boolean =>
  headroom.limitedBy === 'max-pods' && (targets === null || mode === 'ipv6');
