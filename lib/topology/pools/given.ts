/** The warm targets of a node's record as inputs of ipamd's arithmetic. */
import type { CniConfig } from '../../model/records';
import type { GivenTargets, Targets } from './state';

/** The warm targets by the variables that set them. */
export const TARGETS = {
  WARM_ENI_TARGET: 'warmEni',
  WARM_IP_TARGET: 'warmIp',
  MINIMUM_IP_TARGET: 'minimumIp',
  WARM_PREFIX_TARGET: 'warmPrefix',
} as const satisfies Readonly<Record<string, keyof Targets>>;
/** A variable that sets a warm target. */
export type TargetName = keyof typeof TARGETS;

/** Whether the text is such a variable. */
export const isTargetName = (text: string): text is TargetName => text in TARGETS;

/** 0: not set; null: set to a value that is not known. */
export const givenBy = (cni: CniConfig): GivenTargets => {
  const count = (name: TargetName): number | null =>
    cni.unresolved.includes(name) ? null : (cni[`${TARGETS[name]}Target`] ?? 0);
  return {
    warmEni: count('WARM_ENI_TARGET'),
    warmIp: count('WARM_IP_TARGET'),
    minimumIp: count('MINIMUM_IP_TARGET'),
    warmPrefix: count('WARM_PREFIX_TARGET'),
  };
};
