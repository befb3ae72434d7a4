/** The closed word lists of the record set (records.md). One list each, so that legends and guards can iterate over them. */

export const ENI_ROLES = ['primary', 'secondary', 'trunk', 'branch', 'efa-only'] as const;
export type EniRole = (typeof ENI_ROLES)[number];

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
export type InterfaceState = (typeof INTERFACE_STATES)[number];

export const NEXT_ACTIONS = [
  'none',
  'add-addresses',
  'add-prefixes',
  'attach-eni',
  'release-addresses',
  'release-prefixes',
  'detach-eni',
] as const;
export type NextAction = (typeof NEXT_ACTIONS)[number];

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
