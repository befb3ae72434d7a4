/** The aws-node variables that affect pools and management, read as ipamd does (vpc-cni §2.1, §9), independently of the product. */
import { isRelease, type Release } from './release';

/** The settings of a node’s aws-node, from its environment. */
export interface CniSettings {
  /** Image tag without the build suffix: `v1.23.1`. */
  readonly version: string;
  /** The environment in the pod's spec. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables whose value is in an annotation of the pod, to which the pod's spec refers. */
  readonly referred: readonly string[];
  readonly prefixDelegation: boolean;
  readonly ipv6: boolean;
  readonly customNetworking: boolean;
  readonly podEni: boolean;
  readonly multiNic: boolean;
  readonly manageUntagged: boolean;
  /** Whether ipamd does not read from EC2, so that it has neither tags nor types. */
  readonly imdsOnly: boolean;
  /** Whether ipamd may write to EC2: create and tag ENIs, assign addresses. */
  readonly provisions: boolean;
  /** Whether the pool grows and shrinks on a cordoned node as well. */
  readonly managesCordoned: boolean;
  readonly subnetDiscovery: boolean;
  readonly warmEniTarget: number;
  readonly warmIpTarget: number;
  readonly minimumIpTarget: number;
  readonly warmPrefixTarget: number;
  /** null: the instance's own limit. */
  readonly maxEni: number | null;
  readonly cooldownMs: number;
  readonly clusterName: string;
}

/** The environment of the shipped manifest. */
export const MANIFEST_ENV: Readonly<Record<string, string>> = {
  ADDITIONAL_ENI_TAGS: '{}',
  ANNOTATE_POD_IP: 'false',
  AWS_VPC_CNI_NODE_PORT_SUPPORT: 'true',
  AWS_VPC_ENI_MTU: '9001',
  AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'false',
  AWS_VPC_K8S_CNI_EXTERNALSNAT: 'false',
  AWS_VPC_K8S_CNI_LOGLEVEL: 'DEBUG',
  AWS_VPC_K8S_CNI_VETHPREFIX: 'eni',
  DISABLE_METRICS: 'false',
  DISABLE_NETWORK_RESOURCE_PROVISIONING: 'false',
  ENABLE_IPv4: 'true',
  ENABLE_IPv6: 'false',
  ENABLE_MULTI_NIC: 'false',
  ENABLE_POD_ENI: 'false',
  ENABLE_PREFIX_DELEGATION: 'false',
  ENABLE_SUBNET_DISCOVERY: 'true',
  NETWORK_POLICY_ENFORCING_MODE: 'standard',
  WARM_ENI_TARGET: '1',
  WARM_PREFIX_TARGET: '1',
};

/** The version of the VPC CNI, unless a scene sets another. */
export const LATEST_CNI = 'v1.23.1';

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** Settings from the manifest’s defaults and `changes`. `referred`: variables that refer to an annotation of the pod. */
export function createCniSettings(
  changes: Readonly<Record<string, string>>,
  version = LATEST_CNI,
  referred: readonly string[] = [],
): CniSettings {
  const env = { ...MANIFEST_ENV, ...changes };
  const text = (name: string): string | undefined => env[name];
  const flag = (name: string, fallback: boolean): boolean => {
    const value = text(name) ?? '';
    return TRUE.has(value) ? true : FALSE.has(value) ? false : fallback;
  };
  const count = (name: string, fallback: number): number => {
    const value = Number.parseInt(text(name) ?? '', 10);
    return Number.isNaN(value) || value < 0 ? fallback : value;
  };
  /** A release ignores variables that it does not support (vpc-cni §2.1, §9). */
  const since = (first: Release): boolean => isRelease(version, first);
  const maxEni = count('MAX_ENI', 0);
  const imdsOnly = since([1, 19, 6]) && flag('ENABLE_IMDS_ONLY_MODE', false);
  return {
    version,
    env,
    referred: referred.filter((name) => env[name] !== undefined),
    prefixDelegation: flag('ENABLE_PREFIX_DELEGATION', false),
    ipv6: flag('ENABLE_IPv6', false),
    customNetworking: flag('AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG', false),
    podEni: flag('ENABLE_POD_ENI', false),
    multiNic: since([1, 20, 0]) && flag('ENABLE_MULTI_NIC', false),
    manageUntagged: flag('MANAGE_UNTAGGED_ENI', true),
    imdsOnly,
    provisions: !imdsOnly && !flag('DISABLE_NETWORK_RESOURCE_PROVISIONING', false),
    managesCordoned: since([1, 12, 6]) && flag('AWS_MANAGE_ENIS_NON_SCHEDULABLE', false),
    subnetDiscovery: since([1, 18, 0]) && flag('ENABLE_SUBNET_DISCOVERY', true),
    warmEniTarget: count('WARM_ENI_TARGET', 1),
    warmIpTarget: count('WARM_IP_TARGET', 0),
    minimumIpTarget: count('MINIMUM_IP_TARGET', 0),
    warmPrefixTarget: count('WARM_PREFIX_TARGET', 0),
    maxEni: maxEni >= 1 ? maxEni : null,
    cooldownMs: (since([1, 15, 0]) ? count('IP_COOLDOWN_PERIOD', 30) : 30) * 1000,
    clusterName: text('CLUSTER_NAME') ?? '',
  };
}

/** The annotation that a variable's reference names. */
export const annotationOf = (variable: string): string => `cni.example.com/${variable}`;

/** Annotations of the aws-node pod that its references name. */
export const annotationsOf = ({ env, referred }: CniSettings): Readonly<Record<string, string>> =>
  Object.fromEntries(referred.map((name) => [annotationOf(name), env[name] ?? '']));
