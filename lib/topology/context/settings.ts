/**
 * aws-node's environment variables as ipamd reads them (vpc-cni §2.1, §9): Go's rules for booleans and numbers, and the
 * code's default for invalid values. Read per node, because a rollout mixes values. If a variable's value cannot be read,
 * what depends on it is unknown.
 */
import type { AwsNodeAgent } from '../../model/facts';
import type { CniConfig } from '../../model/records';
import { isAtLeast, type Version } from '../../model/version';
import { INIT_EARLY_DEMUX } from '../../model/cni-variables';
import type { Limits } from '../limits/instance-types';
import { ignoredSettings } from './ignored-settings';
import { refusedSettings } from './refused-settings';

/** The known settings of aws-node on a node. */
export interface Settings {
  readonly config: CniConfig;
  /** The running version: from aws-node's metrics, else from the tag of its image. */
  readonly version: string | null;
  /** Targets for the arithmetic of §2.4; 0 = not defined, null = not known. */
  readonly warmEni: number | null;
  readonly warmIp: number | null;
  readonly minimumIp: number | null;
  readonly warmPrefix: number | null;
  /** Whether MAX_ENI may be set to a value that is not known. */
  readonly maxEniUnknown: boolean;
  readonly subnetDiscovery: boolean | null;
  /** Null if not known. */
  readonly clusterName: string | null;
  /** Keys that hold the ENIConfig's name (vpc-cni §7); null if not known. */
  readonly eniConfigLabel: string | null;
  readonly eniConfigAnnotation: string | null;
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** Go's strconv.ParseBool; anything else is the default. Null if the text is not known. */
export function goBoolean(text: string | null | undefined, otherwise: boolean): boolean | null {
  if (text === null) return null;
  if (text === undefined) return otherwise;
  return TRUE.has(text) || (!FALSE.has(text) && otherwise);
}

/** Go's strconv.Atoi; null for invalid text. */
export function goInteger(text: string | undefined): number | null {
  if (text === undefined || !/^[+-]?\d{1,15}$/.test(text)) return null;
  return Number(text);
}

/** A number of at least 0, else the default; null if the text is not known. */
function target(text: string | null | undefined, otherwise: number): number | null {
  if (text === null) return null;
  const value = goInteger(text);
  return value === null || value < 0 ? otherwise : value;
}

const both = (a: boolean | null, b: boolean | null): boolean | null =>
  a === false || b === false ? false : a === null || b === null ? null : true;

const not = (a: boolean | null): boolean | null => (a === null ? null : !a);

/** Without Nitro or bare metal, ipamd silently falls back to single addresses (§2.2). */
function modeOf(ipv6: boolean | null, prefixDelegation: boolean | null, limits: Limits | null): CniConfig['mode'] {
  if (ipv6 === true) return 'ipv6';
  const prefix = both(prefixDelegation, limits?.prefixes !== false);
  return ipv6 === null || prefix === null ? null : prefix ? 'prefix' : 'secondary-ip';
}

type Environment = AwsNodeAgent['env'];

/** Before 1.11.0, the mode is always strict (vpc-cni §6). */
function strictPodEni(mode: string | null | undefined, version: string | null): boolean | null {
  const isStandard = mode === null ? null : mode === 'standard';
  return not(both(isStandard, isAtLeast(version, [1, 11, 0])));
}

/** Since 1.16.3, a pool does not grow beyond the node's max pods (vpc-cni §2.4, rule 0). */
export const endsAtMaxPods = (version: string | null): boolean => isAtLeast(version, [1, 16, 3]);

/**
 * Since 1.16.0, an ENI is created with all the addresses or prefixes that ipamd asks for, or not at all; before, it was created
 * with its own address, and got the others afterwards, one by one where a subnet had too few (vpc-cni §2.4).
 */
export const fillsNewEnis = (version: string | null): boolean => isAtLeast(version, [1, 16, 0]);

/**
 * Since 1.18.3 (#2954), ipamd tries other ENIs and a new one if the subnet of an ENI has no free address. 1.18.0 to 1.18.2 look for
 * other subnets only once their ENIs are full (vpc-cni §2.4).
 */
export const leavesEmptySubnets = (subnetDiscovery: boolean | null, version: string | null): boolean =>
  subnetDiscovery !== false && isAtLeast(version, [1, 18, 3]);

/** Before 1.16.4, ipamd adds addresses to a trunk as to any other ENI (vpc-cni §1.2). */
export const growsTrunks = (version: string | null): boolean => !isAtLeast(version, [1, 16, 4]);

/** Before 1.16.4, ipamd counts the ENIs of the other cards, which it does not manage, against the limit of card 0 (vpc-cni §1.3). */
export const countsOtherCards = (version: string | null): boolean => !isAtLeast(version, [1, 16, 4]);

/** IP_COOLDOWN_PERIOD, supported since 1.15.0. */
const cooldownOf = (env: Environment, version: string | null): number | null =>
  isAtLeast(version, [1, 15, 0]) ? target(env['IP_COOLDOWN_PERIOD'], 30) : 30;

/** The latest settings of an agent by instance type: nodes with the same agent and type share them. */
const settingsOfAgent = new WeakMap<
  AwsNodeAgent,
  Map<Limits | null, { readonly metricsVersion: string | null; readonly settings: Settings }>
>();

/**
 * The shipped manifest's values are in the variables themselves; these are the code's defaults. A variable has no effect
 * before the version that supports it. `metricsVersion`: the version in aws-node's own metrics.
 */
export function readSettings(
  agent: AwsNodeAgent,
  limits: Limits | null,
  metricsVersion: string | null = null,
): Settings {
  const known =
    settingsOfAgent.get(agent) ?? new Map<Limits | null, { metricsVersion: string | null; settings: Settings }>();
  settingsOfAgent.set(agent, known);
  const last = known.get(limits);
  if (last?.metricsVersion === metricsVersion) return last.settings;
  const settings = settingsOf(agent, limits, metricsVersion);
  known.set(limits, { metricsVersion, settings });
  return settings;
}

function settingsOf(agent: AwsNodeAgent, limits: Limits | null, metricsVersion: string | null): Settings {
  const { env } = agent;
  const version = metricsVersion ?? agent.version;
  const flag = (name: string, otherwise: boolean): boolean | null => goBoolean(env[name], otherwise);
  const set = (name: string, value: number | null): number | null => (env[name] === undefined ? null : value);
  const prefixDelegation = flag('ENABLE_PREFIX_DELEGATION', false);
  const ipv6 = flag('ENABLE_IPv6', false);
  const warmEni = target(env['WARM_ENI_TARGET'], 1);
  const warmIp = target(env['WARM_IP_TARGET'], 0);
  const minimumIp = target(env['MINIMUM_IP_TARGET'], 0);
  const warmPrefix = target(env['WARM_PREFIX_TARGET'], 0);
  const maxEni = goInteger(env['MAX_ENI'] ?? undefined);
  /** A variable has no effect before the version that supports it (vpc-cni §9). */
  const since = (name: string, first: Version): boolean | null => both(flag(name, false), isAtLeast(version, first));
  const imdsOnly = since('ENABLE_IMDS_ONLY_MODE', [1, 19, 6]);
  // Both disable all EC2 write calls (vpc-cni §1.1, §9).
  const provisions = both(not(imdsOnly), not(flag('DISABLE_NETWORK_RESOURCE_PROVISIONING', false)));
  // Before 1.18.0, every ENI is created in the primary ENI's subnet.
  const subnetDiscovery = both(flag('ENABLE_SUBNET_DISCOVERY', true), isAtLeast(version, [1, 18, 0]));
  const config: Omit<CniConfig, 'ignored' | 'refused' | 'refusedNext'> = {
    version: agent.version ?? metricsVersion,
    mode: modeOf(ipv6, prefixDelegation, limits),
    multiNic: since('ENABLE_MULTI_NIC', [1, 20, 0]),
    customNetworking: flag('AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG', false),
    podEni: flag('ENABLE_POD_ENI', false),
    strictPodEni: strictPodEni(env['POD_SECURITY_GROUP_ENFORCING_MODE'], version),
    earlyDemuxOff: env[INIT_EARLY_DEMUX] === undefined ? null : goBoolean(env[INIT_EARLY_DEMUX], false),
    prefixDelegation,
    manageUntagged: flag('MANAGE_UNTAGGED_ENI', true),
    imdsOnly,
    manageNonSchedulable: since('AWS_MANAGE_ENIS_NON_SCHEDULABLE', [1, 12, 6]),
    leakedEniCleanup: both(both(provisions, not(ipv6)), not(since('DISABLE_LEAKED_ENI_CLEANUP', [1, 13, 0]))),
    networkResourceProvisioning: provisions,
    subnetDiscovery,
    warmEniTarget: warmEni,
    warmIpTarget: set('WARM_IP_TARGET', warmIp),
    minimumIpTarget: set('MINIMUM_IP_TARGET', minimumIp),
    warmPrefixTarget: set('WARM_PREFIX_TARGET', warmPrefix),
    maxEni: maxEni === null || maxEni < 1 ? null : maxEni,
    cooldownSeconds: cooldownOf(env, version),
    unresolved: Object.keys(env)
      .filter((name) => env[name] === null)
      .sort(),
  };
  return {
    config: {
      ...config,
      ignored: ignoredSettings({ env, version, limits, config }),
      refused: refusedSettings({
        env,
        version,
        limits,
        config,
        ipv6,
        ipv4: env['ENABLE_IPv4'] === undefined ? null : flag('ENABLE_IPv4', false),
      }),
      refusedNext: [],
    },
    version,
    warmEni,
    warmIp,
    minimumIp,
    warmPrefix,
    maxEniUnknown: env['MAX_ENI'] === null,
    subnetDiscovery,
    clusterName: textOf(env['CLUSTER_NAME'], ''),
    eniConfigLabel: textOf(env['ENI_CONFIG_LABEL_DEF'], 'k8s.amazonaws.com/eniConfig'),
    eniConfigAnnotation: textOf(env['ENI_CONFIG_ANNOTATION_DEF'], 'k8s.amazonaws.com/eniConfig'),
  };
}

const textOf = (text: string | null | undefined, otherwise: string): string | null =>
  text === undefined ? otherwise : text;
