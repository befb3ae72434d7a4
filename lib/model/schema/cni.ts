import { added, boolean, list, map, nullable, number, object, text, time, word } from './shape';
import type { ValueOf } from './shape';
import { CERTAINTIES, CNI_MODES, LIMIT_SOURCES, NEXT_ACTIONS } from './vocabulary';

export const eniSlots = object({
  /** How many ENIs the instance type allows. */
  limit: nullable(number),
  /** Every attached ENI, including unmanaged and EFA-only ones. */
  used: nullable(number),
  /** How many of `used` ipamd does not manage. */
  unmanaged: nullable(number),
  /** Kept free for a trunk that is enabled but not attached yet. */
  reserved: nullable(number),
  /** limit − used − reserved, not below 0; before VPC CNI 1.16.4 also less the ENIs of the other cards. */
  free: nullable(number),
});
/** ENI slots of a node (its managed cards together) or of one card. */
export interface EniSlots extends ValueOf<typeof eniSlots> {}

export const pool = object({
  /** Network card index. */
  card: number,
  /** Addresses on the card's managed ENIs, without the primary ones. */
  total: nullable(number),
  /** Addresses that pods hold. */
  assigned: nullable(number),
  /** total − assigned, including cooling addresses, as ipamd counts. */
  available: nullable(number),
  /** Addresses released less than the cooldown ago; null if neither ipamd's data nor an observed deletion shows it. */
  cooling: nullable(number),
  /**
   * The earliest time at which `cooling` will be known: after pods have been watched for a full cooldown. Null if it is
   * known, or if that time is not known.
   */
  coolingKnownAt: added(nullable(time), null),
  /** available − cooling. */
  warm: nullable(number),
  /** The minimum for `available`, in addresses; null if the active settings define none. */
  target: nullable(number),
  /** What is missing to reach the target: addresses, or prefixes on card 0 in prefix mode; 0 if the settings define no target. */
  short: nullable(number),
  /** The surplus over the target, in the unit of `short`. */
  over: nullable(number),
  /** Whether ipamd requests more from EC2. */
  low: nullable(boolean),
  /** Whether ipamd releases some. */
  high: nullable(boolean),
  /** The next change by ipamd; null if it cannot be determined. */
  next: nullable(
    object({
      /** The EC2 change. */
      action: word(NEXT_ACTIONS),
      /** How many addresses, prefixes or ENIs; null if not known, or if there is nothing to do. */
      count: nullable(number),
      /** Why, in one sentence. */
      reason: text,
      /** What prevents it, in one sentence; null if nothing does. */
      blockedBy: nullable(text),
    }),
  ),
  /** `observed`: ipamd's own figures. `inferred`: counted from EC2 and pods. */
  certainty: word(CERTAINTIES),
});
/** The warm pool of one managed card, as ipamd keeps it. */
export interface Pool extends ValueOf<typeof pool> {}

export const cniConfig = object({
  /** aws-node's image tag, `v1.23.1`. */
  version: nullable(text),
  /** How pods get addresses from the VPC. */
  mode: nullable(word(CNI_MODES)),
  /** ENABLE_MULTI_NIC: pods may get an interface on every network card. */
  multiNic: nullable(boolean),
  /** AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: pods get addresses from the subnet of their node's ENIConfig. */
  customNetworking: nullable(boolean),
  /** ENABLE_POD_ENI: security groups for pods, on branch ENIs. */
  podEni: nullable(boolean),
  /**
   * POD_SECURITY_GROUP_ENFORCING_MODE: strict (the default) sends all traffic of pods with a branch ENI through that ENI,
   * including traffic from the kubelet.
   */
  strictPodEni: added(nullable(boolean), null),
  /** DISABLE_TCP_EARLY_DEMUX of the init container: in strict mode, the kubelet's TCP probes of such pods need it. */
  earlyDemuxOff: added(nullable(boolean), null),
  /** ENABLE_PREFIX_DELEGATION. */
  prefixDelegation: nullable(boolean),
  /** MANAGE_UNTAGGED_ENI: ipamd manages ENIs without its own tag. */
  manageUntagged: nullable(boolean),
  /** ENABLE_IMDS_ONLY_MODE: ipamd uses the instance metadata service and never calls EC2. */
  imdsOnly: nullable(boolean),
  /** AWS_MANAGE_ENIS_NON_SCHEDULABLE: ENIs are attached and deleted on cordoned nodes as well. */
  manageNonSchedulable: nullable(boolean),
  /** Whether ipamd's cleanup of leaked ENIs runs: off by its variable, in IPv6 mode, and if ipamd provisions nothing. */
  leakedEniCleanup: nullable(boolean),
  /** Whether ipamd creates, tags and deletes ENIs: off with DISABLE_NETWORK_RESOURCE_PROVISIONING and in IMDS-only mode. */
  networkResourceProvisioning: nullable(boolean),
  /** ENABLE_SUBNET_DISCOVERY: ipamd reads the tags of subnets, but not under custom networking. */
  subnetDiscovery: nullable(boolean),
  /** WARM_ENI_TARGET, in ENIs; null if not set. */
  warmEniTarget: nullable(number),
  /** WARM_IP_TARGET, in addresses; null if not set. */
  warmIpTarget: nullable(number),
  /** MINIMUM_IP_TARGET, in addresses; null if not set. */
  minimumIpTarget: nullable(number),
  /** WARM_PREFIX_TARGET, in prefixes; null if not set. */
  warmPrefixTarget: nullable(number),
  /** MAX_ENI; null if not set. */
  maxEni: nullable(number),
  /** IP_COOLDOWN_PERIOD, in seconds. */
  cooldownSeconds: nullable(number),
  /**
   * Names of variables whose value comes from an object that ifscope does not read (a ConfigMap, a Secret), or from
   * another variable that it does not keep (`$(NAME)`); what depends on them is null here.
   */
  unresolved: list(text),
  /** Variables that are set but have no effect on this node, sorted by name. */
  ignored: list(
    object({
      /** The variable. */
      name: text,
      /** Its value. */
      value: text,
      /** Why it has no effect, to follow “has no effect: ”. */
      reason: text,
    }),
  ),
  /** Why aws-node exits at startup with these settings, each to follow “because ”; empty if it starts, as far as is known. */
  refused: added(list(text), []),
  /** Why a new aws-node pod with the DaemonSet's current settings would exit at startup; empty if it starts, or if they are the same. */
  refusedNext: added(list(text), []),
});
/** The VPC CNI settings in effect on a node, including defaults. */
export interface CniConfig extends ValueOf<typeof cniConfig> {}

export const nodeMetrics = object({
  /** When the metrics were read. */
  asOf: time,
  /** awscni_eni_max. */
  eniMax: nullable(number),
  /** awscni_eni_allocated. */
  eniAllocated: nullable(number),
  /** awscni_ip_max. */
  ipMax: nullable(number),
  /** awscni_total_ip_addresses. */
  totalAddresses: nullable(number),
  /** awscni_assigned_ip_addresses. */
  assignedAddresses: nullable(number),
  /** awscni_total_ipv4_prefixes. */
  totalPrefixes: nullable(number),
  /** awscni_force_removed_ips, a counter since aws-node started: addresses that ipamd dropped although pods held them. */
  forceRemovedAddresses: nullable(number),
  /** awscni_aws_api_error_count, a counter since aws-node started: EC2 calls that failed for lack of permissions. */
  refusedCalls: nullable(number),
  /** awscni_aws_api_error_count by `API/ERROR`: counts since aws-node started, which may be long ago. */
  apiErrors: added(map(number), {}),
});
/** The gauges and counters of a node's aws-node that findings use; null if the series is absent. */
export interface NodeMetrics extends ValueOf<typeof nodeMetrics> {}

export const nodeLimits = object({
  /** ENIs on the default network card. */
  enisPerCard: number,
  /** IPv4 addresses per ENI, including the primary address. */
  ipv4PerEni: number,
  /** Number of network cards. */
  cards: number,
  /** Branch ENIs that a trunk can have; null if not known, or if none are possible. */
  maxBranchEnis: nullable(number),
  /** Whether the type can carry a trunk ENI. */
  trunkCompatible: nullable(boolean),
  /** The source of the limits. */
  source: word(LIMIT_SOURCES),
  /** Max pods by AWS' formula for this node's mode; `maxPods` is what the node itself reports. */
  maxPodsByFormula: nullable(number),
});
/** Limits of the instance type: from EC2, or from the bundled table if EC2 reports none. */
export interface NodeLimits extends ValueOf<typeof nodeLimits> {}

export const nodeEniConfig = object({
  /** Its name; null if no label or annotation names one. */
  name: nullable(text),
  /** Whether an ENIConfig of that name exists; null while the kind cannot be read. */
  found: nullable(boolean),
  /** The subnet that pods get their addresses from. */
  subnet: nullable(text),
  /** The security groups of ENIs that ipamd creates from it. */
  securityGroups: list(text),
});
