/**
 * The closed vocabularies of the record set: word lists with their types and orders, defined only here. Code that needs
 * something per word (a label, a colour, a weight) declares a `Record` over the type, so that a forgotten word fails to
 * compile.
 */

/** Word → its position in the list, for sorting. */
const ranks = <const W extends string>(words: readonly W[]): Readonly<Record<W, number>> =>
  Object.fromEntries(words.map((word, rank) => [word, rank])) as Record<W, number>;

/**
 * Worst first. Faults of a network: `error` means that Multus or the plugin rejects the config; `warning`, that it starts
 * but does not work as intended.
 */
export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const SEVERITY_RANK = ranks(SEVERITIES);

/** Strongest first. `observed`: reported by an API. `inferred`: by a rule with stated evidence. `unknown`: neither. */
export const CERTAINTIES = ['observed', 'inferred', 'unknown'] as const;
export type Certainty = (typeof CERTAINTIES)[number];
export const CERTAINTY_RANK = ranks(CERTAINTIES);

/**
 * `starting`: no answer yet. `live`: less than 5 s behind its API. `behind`: 5 s or more. `stale`: answered before, but
 * no longer. `denied`: permissions are missing. `absent`: the API, the kind or the file does not exist. `failing`:
 * errors. `off`: switched off.
 */
export const SOURCE_STATES = ['starting', 'live', 'behind', 'stale', 'denied', 'absent', 'failing', 'off'] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

/** What a node runs on: EC2 instance, EKS Auto Mode, Fargate, EKS hybrid node. */
export const COMPUTE_TYPES = ['ec2', 'auto', 'fargate', 'hybrid', 'other'] as const;
export type ComputeType = (typeof COMPUTE_TYPES)[number];

/** How the VPC CNI allocates addresses: single secondary addresses, IPv4 /28 prefixes, or IPv6 /80 prefixes. */
export const CNI_MODES = ['secondary-ip', 'prefix', 'ipv6'] as const;

/** What limits the pods that a node can take. */
export const HEADROOM_LIMITS = ['max-pods', 'slots', 'subnet', 'cards', 'targets', 'unknown'] as const;

/** EC2's DescribeInstanceTypes, or the table that ships with ifscope. */
export const LIMIT_SOURCES = ['ec2', 'table'] as const;

/**
 * `primary`: the ENI's own. `assigned`: held by a live pod. `warm`: free for the next pod. `cooling`: freed, not yet
 * assignable again. `unclaimed`: on an ENI that no IPAM assigns addresses from. `excluded`: ipamd will not use it.
 */
export const ADDRESS_STATES = ['primary', 'assigned', 'warm', 'cooling', 'unclaimed', 'excluded', 'unknown'] as const;
export type AddressState = (typeof ADDRESS_STATES)[number];

/** `unmanaged`: attached to a node, but ignored by ipamd. `outside`: not subject to ipamd at all. */
export const ENI_MANAGEMENT_STATES = ['managed', 'unmanaged', 'outside', 'unknown'] as const;

/** Identified by the ENI's description alone: `aws-K8S-` is ipamd's, `aws-k8s-` the VPC resource controller's. */
export const ENI_CREATORS = ['ipamd', 'vpc-resource-controller', 'other'] as const;

/** `parent`: the pod's MAC is the parent's, so a reported MAC names the ENI. */
export const MAC_POLICIES = ['parent', 'own', 'unknown'] as const;

/** `empty`: present without content. `invalid`: not accepted by Multus. */
export const ANNOTATION_STATES = ['absent', 'empty', 'valid', 'invalid'] as const;

/**
 * What has a pod's address: `eni`, an ENI of its node; `other-node`, an ENI of another node or of a service; `none`, no ENI
 * although the network needs one; `not-applicable`, the network needs none.
 */
export const BACKINGS = ['eni', 'other-node', 'none', 'not-applicable', 'unknown'] as const;
export type Backing = (typeof BACKINGS)[number];

/** An ENI's role on its node. `efa-only` ENIs carry no IP traffic. */
export const ENI_ROLES = ['primary', 'secondary', 'trunk', 'branch', 'efa-only'] as const;

/** The check that decided whether ipamd manages an ENI (vpc-cni §1). */
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

/** The rule by which an interface or attachment was linked to its ENI; `none`: no rule applied. */
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
 * `reported`: listed in network-status or pod status. `requested`: requested but not reported. `unrequested`: reported but
 * never requested. `expected`: must exist although no Kubernetes API reports it.
 */
export const INTERFACE_STATES = ['reported', 'requested', 'unrequested', 'expected'] as const;

/** The EC2 change that ipamd makes next. */
export const NEXT_ACTIONS = [
  'none',
  'add-addresses',
  'add-prefixes',
  'attach-eni',
  'release-addresses',
  'release-prefixes',
  'detach-eni',
] as const;

/** How a network's config identifies its parent on the host. */
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

/** `unknown`: claims cannot be read, or the pod's status does not name the claim yet. `missing`: the ResourceClaim does not exist. */
export const CLAIM_STATES = ['allocated', 'pending', 'missing', 'unknown'] as const;

/** `network`: has a network link. `rdma`: has no link and thus no address (EFA-only, InfiniBand without IP). */
export const DEVICE_KINDS = ['network', 'rdma', 'gpu', 'unknown'] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

/** What happened to a record between two moments. */
export const CHANGE_KINDS = ['appeared', 'went', 'moved', 'changed'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];
