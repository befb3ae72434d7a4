/**
 * Ids of the sources that a statement depends on, `API/WHAT`. The source of a Kubernetes kind is `kubernetes/RESOURCE`; a
 * kind on which no statement depends needs no line here.
 */
export const NODES = 'kubernetes/nodes';
export const PODS = 'kubernetes/pods';
export const NADS = 'kubernetes/network-attachment-definitions';
export const DAEMON_SETS = 'kubernetes/daemonsets';
export const DEPLOYMENTS = 'kubernetes/deployments';
export const STATEFUL_SETS = 'kubernetes/statefulsets';
export const JOBS = 'kubernetes/jobs';
export const CRON_JOBS = 'kubernetes/cronjobs';
/** Argo Rollouts. */
export const ROLLOUTS = 'kubernetes/rollouts';
export const VIRTUAL_MACHINES = 'kubernetes/virtualmachines';
export const EVENTS = 'kubernetes/events';
export const ENI_CONFIGS = 'kubernetes/eniconfigs';
export const CNI_NODES = 'kubernetes/cninodes';
export const SECURITY_GROUP_POLICIES = 'kubernetes/securitygrouppolicies';
export const IP_POOLS = 'kubernetes/ippools';
export const IP_RESERVATIONS = 'kubernetes/overlappingrangeipreservations';
export const SRIOV_NODE_STATES = 'kubernetes/sriovnetworknodestates';
export const NODE_NETWORK_STATES = 'kubernetes/nodenetworkstates';
export const MULTI_NETWORK_POLICIES = 'kubernetes/multi-networkpolicies';
export const NETWORK_POLICIES = 'kubernetes/networkpolicies';
export const SERVICE_CIDRS = 'kubernetes/servicecidrs';
export const RESOURCE_CLAIMS = 'kubernetes/resourceclaims';
export const RESOURCE_SLICES = 'kubernetes/resourceslices';
export const ENIS = 'ec2/network-interfaces';
export const INSTANCES = 'ec2/instances';
export const INSTANCE_TYPES = 'ec2/instance-types';
export const SUBNETS = 'ec2/subnets';
export const SUBNET_RESERVATIONS = 'ec2/subnet-cidr-reservations';
/** aws-node's Prometheus metrics. */
export const METRICS = 'aws-node/metrics';
/** ipamd's own list of ENIs, `/v1/enis`; only captures contain it. */
export const IPAMD_ENIS = 'aws-node/enis';
/** Reports what the viewer is not allowed to see; exists only in record sets for a viewer. */
export const RIGHTS = 'ifscope/rights';
