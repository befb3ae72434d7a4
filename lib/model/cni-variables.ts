/** Which variable of aws-node sets which field of `CniConfig` (vpc-cni §9). */
import type { CniConfig } from './records';

/** Targets and limits. Null in the record: not set. */
export const CNI_NUMBERS = {
  warmEniTarget: 'WARM_ENI_TARGET',
  warmIpTarget: 'WARM_IP_TARGET',
  minimumIpTarget: 'MINIMUM_IP_TARGET',
  warmPrefixTarget: 'WARM_PREFIX_TARGET',
  maxEni: 'MAX_ENI',
  cooldownSeconds: 'IP_COOLDOWN_PERIOD',
} as const satisfies Partial<Record<keyof CniConfig, string>>;

/** Switches: the variable turns on what the field describes. */
export const CNI_SWITCHES = {
  prefixDelegation: 'ENABLE_PREFIX_DELEGATION',
  customNetworking: 'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG',
  podEni: 'ENABLE_POD_ENI',
  multiNic: 'ENABLE_MULTI_NIC',
  manageUntagged: 'MANAGE_UNTAGGED_ENI',
  imdsOnly: 'ENABLE_IMDS_ONLY_MODE',
  subnetDiscovery: 'ENABLE_SUBNET_DISCOVERY',
  manageNonSchedulable: 'AWS_MANAGE_ENIS_NON_SCHEDULABLE',
} as const satisfies Partial<Record<keyof CniConfig, string>>;

/** Key of a variable of the init container among aws-node's variables. */
export const INIT_EARLY_DEMUX = 'aws-vpc-cni-init/DISABLE_TCP_EARLY_DEMUX';

/** The fields of one of these tables with their variables, in order. */
export const variablesIn = <F extends string>(table: Readonly<Record<F, string>>): readonly (readonly [F, string])[] =>
  Object.entries(table) as [F, string][];
