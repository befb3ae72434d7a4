/**
 * aws-node's variables as ipamd reads them (vpc-cni §2.1, §9): Go's rules for booleans and numbers, junk gives the
 * code's default. Read per node, since a rollout mixes values.
 */
import type { AwsNodeAgent } from '../../model/facts';
import type { CniConfig } from '../../model/records';
import type { Limits } from '../limits/instance-types';

export interface Settings {
  readonly config: CniConfig;
  /** What runs: as aws-node says itself, else the tag of its image. */
  readonly version: string | null;
  /** Targets as the arithmetic of §2.4 takes them; 0 = not defined. */
  readonly warmEni: number;
  readonly warmIp: number;
  readonly minimumIp: number;
  readonly warmPrefix: number;
  readonly subnetDiscovery: boolean;
  readonly clusterName: string;
  /** Keys under which the ENIConfig's name is looked up (vpc-cni §7). */
  readonly eniConfigLabel: string;
  readonly eniConfigAnnotation: string;
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** Go's strconv.ParseBool; anything else is the default. */
export function goBoolean(text: string | undefined, otherwise: boolean): boolean {
  if (text === undefined) return otherwise;
  return TRUE.has(text) || (!FALSE.has(text) && otherwise);
}

/** Go's strconv.Atoi; null for junk. */
function goInteger(text: string | undefined): number | null {
  if (text === undefined || !/^[+-]?\d{1,15}$/.test(text)) return null;
  return Number(text);
}

const notBelowZero = (value: number | null, otherwise: number): number =>
  value === null || value < 0 ? otherwise : value;

/**
 * What the shipped manifest sets is in the variables themselves; these are the code's defaults. A variable that the version
 * does not know yet has no effect. `told`: the version by aws-node's own metrics.
 */
export function readSettings(agent: AwsNodeAgent, limits: Limits | null, told: string | null = null): Settings {
  const { env } = agent;
  const version = told ?? agent.version;
  const prefixDelegation = goBoolean(env['ENABLE_PREFIX_DELEGATION'], false);
  const ipv6 = goBoolean(env['ENABLE_IPv6'], false);
  const warmEni = notBelowZero(goInteger(env['WARM_ENI_TARGET']), 1);
  const warmIp = notBelowZero(goInteger(env['WARM_IP_TARGET']), 0);
  const minimumIp = notBelowZero(goInteger(env['MINIMUM_IP_TARGET']), 0);
  const warmPrefix = notBelowZero(goInteger(env['WARM_PREFIX_TARGET']), 0);
  const maxEni = goInteger(env['MAX_ENI']);
  const imdsOnly = goBoolean(env['ENABLE_IMDS_ONLY_MODE'], false);
  // Both turn off every write to EC2 (vpc-cni §1.1, §9).
  const provisions = !imdsOnly && !goBoolean(env['DISABLE_NETWORK_RESOURCE_PROVISIONING'], false);
  return {
    config: {
      version: agent.version ?? told,
      // Without nitro or bare metal ipamd falls back to single addresses, silently (§2.2).
      mode: ipv6 ? 'ipv6' : prefixDelegation && limits?.prefixes !== false ? 'prefix' : 'secondary-ip',
      multiNic: goBoolean(env['ENABLE_MULTI_NIC'], false) && isAtLeast(version, [1, 20, 0]),
      customNetworking: goBoolean(env['AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG'], false),
      podEni: goBoolean(env['ENABLE_POD_ENI'], false),
      prefixDelegation,
      manageUntagged: goBoolean(env['MANAGE_UNTAGGED_ENI'], true),
      imdsOnly,
      manageNonSchedulable: goBoolean(env['AWS_MANAGE_ENIS_NON_SCHEDULABLE'], false),
      leakedEniCleanup: provisions && !ipv6 && !goBoolean(env['DISABLE_LEAKED_ENI_CLEANUP'], false),
      networkResourceProvisioning: provisions,
      subnetDiscovery: goBoolean(env['ENABLE_SUBNET_DISCOVERY'], true),
      warmEniTarget: warmEni,
      warmIpTarget: env['WARM_IP_TARGET'] === undefined ? null : warmIp,
      minimumIpTarget: env['MINIMUM_IP_TARGET'] === undefined ? null : minimumIp,
      warmPrefixTarget: env['WARM_PREFIX_TARGET'] === undefined ? null : warmPrefix,
      maxEni: maxEni === null || maxEni < 1 ? null : maxEni,
      cooldownSeconds: isAtLeast(version, [1, 15, 0]) ? notBelowZero(goInteger(env['IP_COOLDOWN_PERIOD']), 30) : 30,
    },
    version,
    warmEni,
    warmIp,
    minimumIp,
    warmPrefix,
    subnetDiscovery: goBoolean(env['ENABLE_SUBNET_DISCOVERY'], true),
    clusterName: env['CLUSTER_NAME'] ?? '',
    eniConfigLabel: env['ENI_CONFIG_LABEL_DEF'] ?? 'k8s.amazonaws.com/eniConfig',
    eniConfigAnnotation: env['ENI_CONFIG_ANNOTATION_DEF'] ?? 'k8s.amazonaws.com/eniConfig',
  };
}

/** Whether a version is at least major.minor.patch; unknown versions count as new. */
export function isAtLeast(version: string | null, wanted: readonly [number, number, number]): boolean {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version ?? '');
  if (parts === null) return true;
  for (let i = 0; i < 3; i++) {
    const have = Number(parts[i + 1]);
    const want = wanted[i] ?? 0;
    if (have !== want) return have > want;
  }
  return true;
}
