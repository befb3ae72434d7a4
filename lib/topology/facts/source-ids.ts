/** Ids of the sources whose state decides what may be said. */
export const PODS = 'kubernetes/pods';
export const NODES = 'kubernetes/nodes';
export const NADS = 'kubernetes/network-attachment-definitions';
export const DAEMON_SETS = 'kubernetes/daemonsets';
export const ENI_CONFIGS = 'kubernetes/eniconfigs';
export const SECURITY_GROUP_POLICIES = 'kubernetes/securitygrouppolicies';
export const CNI_NODES = 'kubernetes/cninodes';
export const RESERVATIONS = 'kubernetes/overlappingrangeipreservations';
export const ENIS = 'ec2/network-interfaces';
