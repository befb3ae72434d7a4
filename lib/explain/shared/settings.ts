/** The warm targets of a node as ipamd's arithmetic takes them. */
import type { CniConfig, NodeRecord } from '../../model/records';
import { decidingTargets, regimeOf, type GivenTargets, type Regime, type Targets } from '../../topology/pools/state';

export const TARGETS = {
  WARM_ENI_TARGET: 'warmEni',
  WARM_IP_TARGET: 'warmIp',
  MINIMUM_IP_TARGET: 'minimumIp',
  WARM_PREFIX_TARGET: 'warmPrefix',
} as const satisfies Readonly<Record<string, keyof Targets>>;
export type TargetName = keyof typeof TARGETS;

const FIELD = {
  WARM_ENI_TARGET: 'warmEniTarget',
  WARM_IP_TARGET: 'warmIpTarget',
  MINIMUM_IP_TARGET: 'minimumIpTarget',
  WARM_PREFIX_TARGET: 'warmPrefixTarget',
} as const satisfies Readonly<Record<TargetName, keyof CniConfig>>;

export const isTargetName = (text: string): text is TargetName => text in TARGETS;

/** 0: not set; null: set, to a value that is not known. */
export const givenBy = (cni: CniConfig): GivenTargets => {
  const one = (name: TargetName): number | null => (cni.unresolved.includes(name) ? null : (cni[FIELD[name]] ?? 0));
  return {
    warmEni: one('WARM_ENI_TARGET'),
    warmIp: one('WARM_IP_TARGET'),
    minimumIp: one('MINIMUM_IP_TARGET'),
    warmPrefix: one('WARM_PREFIX_TARGET'),
  };
};

export interface Rule {
  readonly regime: Regime;
  readonly targets: Targets;
}

/** What decides on card 0; null where that is not known, or nothing does (IPv6 mode). */
export function ruleOf({ cni }: NodeRecord, given: GivenTargets | null): Rule | null {
  const mode = cni?.mode ?? null;
  if (given === null || mode === null || mode === 'ipv6') return null;
  const targets = decidingTargets(given, { card: 0, mode });
  return targets === null ? null : { regime: regimeOf({ card: 0, mode }, targets), targets };
}
