/** The warm targets in effect on a node. */
import type { NodeRecord } from '../../model/records';
import { decidingTargets, regimeOf, type GivenTargets, type Regime, type Targets } from '../../topology/pools/state';

/** The targets of a node, and which of them are in effect. */
export interface Rule {
  readonly regime: Regime;
  readonly targets: Targets;
}

/** The targets in effect on card 0; null if not known, or if there are none (IPv6 mode). */
export function ruleOf({ cni }: NodeRecord, given: GivenTargets | null): Rule | null {
  const mode = cni?.mode ?? null;
  if (given === null || mode === null || mode === 'ipv6') return null;
  const targets = decidingTargets(given, { card: 0, mode });
  return targets === null ? null : { regime: regimeOf({ card: 0, mode }, targets), targets };
}
