/** aws-node variables that are set but have no effect on a node (vpc-cni §2.1, §9), if what decides is known. */
import type { AwsNodeAgent } from '../../model/facts';
import type { CniConfig } from '../../model/records';
import { isAtLeast, type Version } from '../../model/version';
import type { Limits } from '../limits/instance-types';

interface SettingsInput {
  readonly env: AwsNodeAgent['env'];
  readonly version: string | null;
  readonly limits: Limits | null;
  readonly config: Omit<CniConfig, 'ignored' | 'refused' | 'refusedNext'>;
}

/** The first version that supports a variable. */
const SINCE: readonly (readonly [name: string, first: Version])[] = [
  ['AWS_MANAGE_ENIS_NON_SCHEDULABLE', [1, 12, 6]],
  ['DISABLE_LEAKED_ENI_CLEANUP', [1, 13, 0]],
  ['ENABLE_V6_EGRESS', [1, 13, 0]],
  ['IP_COOLDOWN_PERIOD', [1, 15, 0]],
  ['ENABLE_V4_EGRESS', [1, 15, 1]],
  ['ENABLE_SUBNET_DISCOVERY', [1, 18, 0]],
  ['ENABLE_IMDS_ONLY_MODE', [1, 19, 6]],
  ['ENABLE_MULTI_NIC', [1, 20, 0]],
];

const TARGETS = ['WARM_ENI_TARGET', 'WARM_IP_TARGET', 'MINIMUM_IP_TARGET', 'WARM_PREFIX_TARGET'] as const;

const isInteger = (text: string): boolean => /^[+-]?\d{1,15}$/.test(text);
const isOn = (text: string | null | undefined): boolean => ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text ?? '');
/** Accepts what Go's strconv.ParseBool accepts. */
const isBoolean = (text: string): boolean => isOn(text) || ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text);

/** Boolean variables; a value that Go cannot parse counts as the default. */
const BOOLEANS: ReadonlySet<string> = new Set([
  'AWS_MANAGE_ENIS_NON_SCHEDULABLE',
  'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG',
  'DISABLE_LEAKED_ENI_CLEANUP',
  'DISABLE_NETWORK_RESOURCE_PROVISIONING',
  'ENABLE_IMDS_ONLY_MODE',
  'ENABLE_IPv4',
  'ENABLE_IPv6',
  'ENABLE_MULTI_NIC',
  'ENABLE_POD_ENI',
  'ENABLE_PREFIX_DELEGATION',
  'ENABLE_SUBNET_DISCOVERY',
  'ENABLE_V4_EGRESS',
  'ENABLE_V6_EGRESS',
  'MANAGE_UNTAGGED_ENI',
]);

/** The names of the address targets that are set. */
function addressTargets({ config }: SettingsInput): string | null {
  const names = [
    ...((config.warmIpTarget ?? 0) > 0 ? ['WARM_IP_TARGET'] : []),
    ...((config.minimumIpTarget ?? 0) > 0 ? ['MINIMUM_IP_TARGET'] : []),
  ];
  return names.length === 0 ? null : names.join(' and ');
}

/** Why a target has no effect (§2.1, §2.4); null if it has one. */
function whyNoTarget(name: (typeof TARGETS)[number], value: string, given: SettingsInput): string | null {
  const { mode } = given.config;
  if (value === '') return 'it is empty';
  if (!isInteger(value)) return 'it is not a whole number, so the default counts';
  if (Number(value) < 0) return 'it is below 0, so the default counts';
  if (mode === 'ipv6') return 'in IPv6 mode an ENI has one /80 prefix, and there is no warm pool';
  if (name === 'WARM_IP_TARGET' || name === 'MINIMUM_IP_TARGET')
    return Number(value) === 0 ? '0 counts as not set' : null;
  const addresses = addressTargets(given);
  if (name === 'WARM_ENI_TARGET') {
    if (mode === 'prefix') return 'it does not count in prefix mode';
  } else if (mode === 'secondary-ip') return 'it counts in prefix mode only';
  return addresses === null ? null : `${addresses} ${addresses.includes(' and ') ? 'are' : 'is'} set`;
}

/** Why another variable has no effect; null if it has one. */
function whyNot(name: string, value: string, { version, limits, config }: SettingsInput): string | null {
  const first = SINCE.find(([setting]) => setting === name)?.[1];
  if (first !== undefined && !isAtLeast(version, first))
    return `v${first.join('.')} is the first version that knows it, and ${version ?? 'this'} runs`;
  if (BOOLEANS.has(name) && !isBoolean(value))
    return value === '' ? 'it is empty' : 'it is neither true nor false to Go, so the default counts';
  switch (name) {
    case 'MAX_ENI':
      if (!isInteger(value) || Number(value) < 1) return 'it is not a number above 0, so the limit of the type counts';
      return limits !== null && Number(value) > limits.enisPerCard
        ? `${limits.type} takes ${limits.enisPerCard} ENIs on a card`
        : null;
    case 'ENABLE_PREFIX_DELEGATION':
      return isOn(value) && config.mode === 'secondary-ip' ? 'prefixes need a Nitro or a bare-metal instance' : null;
    case 'ENABLE_MULTI_NIC':
      return isOn(value) && limits?.cards.length === 1 ? `${limits.type} has one network card` : null;
    case 'ENABLE_SUBNET_DISCOVERY':
      return isOn(value) && config.customNetworking === true
        ? 'under custom networking the ENIConfig names the subnet'
        : null;
    case 'ENABLE_POD_ENI':
      return isOn(value) && limits?.trunkCompatible === false ? `${limits.type} cannot have a trunk ENI` : null;
    case 'ENABLE_V6_EGRESS':
      return isOn(value) && config.mode === 'ipv6'
        ? 'the pods of an IPv6 cluster have IPv6 addresses of the VPC'
        : null;
    case 'ENABLE_V4_EGRESS':
      return !isOn(value) && config.mode !== null && config.mode !== 'ipv6'
        ? 'the pods of an IPv4 cluster have IPv4 addresses of the VPC'
        : null;
    case 'DISABLE_TCP_EARLY_DEMUX':
      return 'only the init container aws-vpc-cni-init reads it, and it is set on the container aws-node';
    case 'MANAGE_UNTAGGED_ENI':
      return config.imdsOnly === true ? 'ENABLE_IMDS_ONLY_MODE is on, and then ipamd sees no tags' : null;
    default:
      return null;
  }
}

const OTHERS: readonly string[] = ['MAX_ENI', 'IP_COOLDOWN_PERIOD', 'DISABLE_TCP_EARLY_DEMUX', ...BOOLEANS];

/** The variables without effect, by name. */
export function ignoredSettings(given: SettingsInput): CniConfig['ignored'] {
  const found = (name: string, why: (value: string) => string | null): CniConfig['ignored'] => {
    const value = given.env[name];
    const reason = value == null ? null : why(value);
    return value == null || reason === null ? [] : [{ name, value, reason }];
  };
  return [
    ...TARGETS.flatMap((name) => found(name, (value) => whyNoTarget(name, value, given))),
    ...OTHERS.flatMap((name) => found(name, (value) => whyNot(name, value, given))),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}
