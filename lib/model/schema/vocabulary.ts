/**
 * The closed vocabularies of the record set: each word list, its type and its order stand here and nowhere else. What needs
 * something per word (a label, a colour, a weight) declares a `Record` over the type, so a forgotten word fails to compile.
 */

/** Word → its place in the list, to sort by. */
const ranks = <const W extends string>(words: readonly W[]): Readonly<Record<W, number>> =>
  Object.fromEntries(words.map((word, rank) => [word, rank])) as Record<W, number>;

/** Worst first. For a network's faults: `error` is refused by Multus or the plugin; `warning` starts, and does not do what is meant. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const SEVERITY_RANK = ranks(SEVERITIES);

/** Strongest first. `observed`: an API said so. `inferred`: a rule with stated evidence. `unknown`: neither. */
export const CERTAINTIES = ['observed', 'inferred', 'unknown'] as const;
export type Certainty = (typeof CERTAINTIES)[number];
export const CERTAINTY_RANK = ranks(CERTAINTIES);

/**
 * `starting`: not asked yet. `live`: less than 5 s behind its API. `behind`: 5 s or more. `stale`: answered, and does not any
 * more. `denied`: rights are missing. `absent`: the API, the kind or the file does not exist. `failing`: errors. `off`: switched
 * off.
 */
export const SOURCE_STATES = ['starting', 'live', 'behind', 'stale', 'denied', 'absent', 'failing', 'off'] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

export const COMPUTE_TYPES = ['ec2', 'auto', 'fargate', 'hybrid', 'other'] as const;
export type ComputeType = (typeof COMPUTE_TYPES)[number];

/** How the VPC CNI takes addresses: single secondary addresses, /28 prefixes, or IPv6 /80 prefixes. */
export const CNI_MODES = ['secondary-ip', 'prefix', 'ipv6'] as const;

/** What stops a node from taking more pods. */
export const HEADROOM_LIMITS = ['max-pods', 'slots', 'subnet', 'cards', 'targets', 'unknown'] as const;

/** EC2's DescribeInstanceTypes, or the table that ships with ifscope. */
export const LIMIT_SOURCES = ['ec2', 'table'] as const;

/**
 * `primary`: the ENI's own. `assigned`: a live pod holds it. `warm`: free for the next pod. `cooling`: freed, not yet given out
 * again. `unclaimed`: on an ENI that nobody hands addresses out from. `excluded`: ipamd will not use it.
 */
export const ADDRESS_STATES = ['primary', 'assigned', 'warm', 'cooling', 'unclaimed', 'excluded', 'unknown'] as const;
export type AddressState = (typeof ADDRESS_STATES)[number];

/** `unmanaged`: attached to a node, and ipamd leaves it alone. `outside`: ipamd never looks at it. */
export const ENI_MANAGEMENT_STATES = ['managed', 'unmanaged', 'outside', 'unknown'] as const;

/** By the ENI's description alone: `aws-K8S-` is ipamd's, `aws-k8s-` the VPC resource controller's. */
export const ENI_CREATORS = ['ipamd', 'vpc-resource-controller', 'other'] as const;

/** `parent`: the pod's MAC is the parent's, so a reported MAC names the ENI. */
export const MAC_POLICIES = ['parent', 'own', 'unknown'] as const;

export const ANNOTATION_STATES = ['absent', 'empty', 'valid', 'invalid'] as const;

/**
 * What stands behind a pod's address: `eni`, one of its node's; `other-node`, an ENI of another node; `none`, no ENI although
 * the network needs one; `not-applicable`, the network needs none.
 */
export const BACKINGS = ['eni', 'other-node', 'none', 'not-applicable', 'unknown'] as const;
export type Backing = (typeof BACKINGS)[number];

export const ENI_ROLES = ['primary', 'secondary', 'trunk', 'branch', 'efa-only'] as const;

export const ENI_MANAGEMENT_RULES = [
  'primary',
  'no-manage-tag',
  'no-manage-tag-false',
  'instance-id-tag',
  'untagged-adopted',
  'untagged-ignored',
  'card-not-managed',
  'efa-only',
  'trunk',
  'branch',
  'unattached',
  'imds-only',
  'no-ipamd',
  'unknown',
] as const;
export type EniManagementRule = (typeof ENI_MANAGEMENT_RULES)[number];

export const LINK_RULES = [
  'pod-eni',
  'secondary-ip',
  'ipv4-prefix',
  'ipv6-prefix',
  'ipv6-address',
  'mac',
  'ipamd',
  'vpc-ip',
  'windows-annotation',
  'host-inventory',
  'hwaddr',
  'device-info',
  'claim-device',
  'pcie-root',
  'device-order',
  'subnet',
  'default-route-nic',
  'name-heuristic',
  'none',
] as const;
export type LinkRule = (typeof LINK_RULES)[number];

/**
 * `reported`: network-status or pod status says it exists. `requested`: asked for, not reported.
 * `unrequested`: reported, never asked for. `expected`: must exist although no Kubernetes API records it.
 */
export const INTERFACE_STATES = ['reported', 'requested', 'unrequested', 'expected'] as const;

export const NEXT_ACTIONS = [
  'none',
  'add-addresses',
  'add-prefixes',
  'attach-eni',
  'release-addresses',
  'release-prefixes',
  'detach-eni',
] as const;

export const PARENT_KINDS = [
  'host-device',
  'hwaddr',
  'pci',
  'resource',
  'bridge',
  'container-link',
  'default-route',
  'none',
  'unknown',
] as const;
export type ParentKind = (typeof PARENT_KINDS)[number];

/** `unknown`: claims cannot be read, or the pod's status does not name it yet. `missing`: there is no such ResourceClaim. */
export const CLAIM_STATES = ['allocated', 'pending', 'missing', 'unknown'] as const;

/** `network`: has a network link. `rdma`: has none, and so no address: EFA-only, InfiniBand without IP. */
export const DEVICE_KINDS = ['network', 'rdma', 'gpu', 'unknown'] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

/** What happened to a record between two moments. */
export const CHANGE_KINDS = ['appeared', 'went', 'moved', 'changed'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];
