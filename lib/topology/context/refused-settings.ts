/**
 * Settings with which aws-node exits at startup (vpc-cni §2.1, §2.2, §9: `validateEnvVars` of the entry point,
 * `isConfigValid` of ipamd). Nothing is reported if a variable that decides is not known.
 */
import type { AwsNodeAgent } from '../../model/facts';
import type { CniConfig } from '../../model/records';
import { isAtLeast } from '../../model/version';
import type { Limits } from '../limits/instance-types';

interface SettingsInput {
  readonly env: AwsNodeAgent['env'];
  readonly version: string | null;
  readonly limits: Limits | null;
  readonly config: Pick<
    CniConfig,
    | 'prefixDelegation'
    | 'customNetworking'
    | 'podEni'
    | 'warmIpTarget'
    | 'minimumIpTarget'
    | 'warmPrefixTarget'
    | 'unresolved'
  >;
  /** ENABLE_IPv6. */
  readonly ipv6: boolean | null;
  /** The value of ENABLE_IPv4; null if not set or not known. */
  readonly ipv4: boolean | null;
}

const TARGETS = ['WARM_PREFIX_TARGET', 'WARM_IP_TARGET', 'MINIMUM_IP_TARGET'] as const;

function ofFamilies({ ipv4, ipv6, config, limits, version }: SettingsInput): readonly string[] {
  if (ipv6 === null) return [];
  const both = ipv4 === ipv6;
  return [
    ...(both ? [`ENABLE_IPv4 and ENABLE_IPv6 are both ${String(ipv6)}, and exactly one must be true`] : []),
    ...(ipv6 && config.customNetworking === true
      ? ['AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG is on, which IPv6 mode does not take']
      : []),
    ...(ipv6 && config.prefixDelegation === false
      ? ['ENABLE_PREFIX_DELEGATION is off, and IPv6 mode works with prefixes only']
      : []),
    ...(ipv6 && config.podEni === true && version !== null && !isAtLeast(version, [1, 16, 0])
      ? ['ENABLE_POD_ENI is on, which IPv6 mode takes since v1.16.0']
      : []),
    ...(ipv6 && config.prefixDelegation === true && limits?.prefixes === false
      ? [`${limits.type} has no prefixes (neither Nitro nor bare metal), and IPv6 mode needs them`]
      : []),
  ];
}

/** Prefix mode requires a target. */
function ofTargets({ ipv6, config }: SettingsInput): readonly string[] {
  if (ipv6 !== false || config.prefixDelegation !== true || TARGETS.some((name) => config.unresolved.includes(name)))
    return [];
  const { warmPrefixTarget, warmIpTarget, minimumIpTarget } = config;
  return [warmPrefixTarget, warmIpTarget, minimumIpTarget].every((target) => (target ?? 0) === 0)
    ? [`ENABLE_PREFIX_DELEGATION is on, and ${TARGETS.join(', ')} are all 0 or not set`]
    : [];
}

function ofTexts({ env, config }: SettingsInput): readonly string[] {
  const veth = env['AWS_VPC_K8S_CNI_VETHPREFIX'] ?? '';
  const mode = env['POD_SECURITY_GROUP_ENFORCING_MODE'] ?? '';
  const cooldown = env['IP_COOLDOWN_PERIOD'] ?? '';
  return [
    ...(veth.length > 4 || ['eth', 'lo', 'vlan'].includes(veth)
      ? [`AWS_VPC_K8S_CNI_VETHPREFIX=${veth} is longer than 4 characters, or one of eth, lo and vlan`]
      : []),
    ...(config.podEni === true && mode !== '' && mode !== 'strict' && mode !== 'standard'
      ? [`POD_SECURITY_GROUP_ENFORCING_MODE=${mode} is neither strict nor standard`]
      : []),
    ...(cooldown !== '' && !/^(\+?\d{1,15}|-0+)$/.test(cooldown)
      ? [`IP_COOLDOWN_PERIOD=${cooldown} is no whole number of at least 0`]
      : []),
  ];
}

/** Why aws-node exits, each to follow “because ”; empty if it starts, as far as is known. */
export const refusedSettings = (given: SettingsInput): readonly string[] => [
  ...ofFamilies(given),
  ...ofTargets(given),
  ...ofTexts(given),
];
