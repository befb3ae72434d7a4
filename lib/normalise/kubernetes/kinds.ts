/**
 * Every Kubernetes kind that ifscope reads, one row each: where it is served, what it requires and how it is normalised.
 * The watches, the RBAC rules in `deploy/`, and the capture reader and writer are derived from this table. To add a kind,
 * add a row here and a normaliser beside it.
 *
 * A kind that the cluster does not serve, or that may not be read, is a state of its source, never an error.
 */
import type { FactKind } from '../../model/facts';
import { normaliseCniNode } from './cni-node';
import { normaliseDaemonSet } from './daemon-set';
import { normaliseDeviceClass } from './device-class';
import { normaliseDeviceTaintRule } from './device-taint-rule';
import { normaliseEniConfig } from './eni-config';
import { EVENT_REASONS, normaliseEvent } from './event';
import type { Keyed } from '../read/keyed';
import { normaliseNad } from './nad';
import { normaliseMultiNetworkPolicy, normaliseNetworkPolicy } from './network-policy';
import { normaliseNode } from './node';
import { normaliseNodeEni } from './node-eni';
import { normaliseNodeNetworkState } from './node-network-state';
import { normaliseNodeSlicePool } from './node-slice-pool';
import { normalisePod } from './pod';
import { normaliseResourceClaim } from './resource-claim';
import { normaliseResourceSlice, SLICE_DRIVERS } from './resource-slice';
import { normaliseSecurityGroupPolicy } from './security-group-policy';
import { normaliseServiceCidr } from './service-cidr';
import { normaliseSriovNodeState } from './sriov-node-state';
import { normaliseWhereaboutsPool } from './whereabouts-pool';
import { normaliseWhereaboutsReservation } from './whereabouts-reservation';
import { normaliseVirtualMachine, normaliseWorkload } from './workload';

/** A Kubernetes kind (or part of one) that ifscope reads. */
export interface KindRow<K extends FactKind> {
  /** Unique; also the scope of the row's observations: `kubernetes/RESOURCE`, plus a part if one resource has several rows. */
  readonly id: string;
  /**
   * ID of the source record with its state. Several rows may share one: its state is that of its worst row, and absent only
   * if all rows are.
   */
  readonly source: string;
  readonly factKind: K;
  /** Empty for the core group. */
  readonly group: string;
  /** API versions that the normaliser reads, the preferred one first. */
  readonly versions: readonly string[];
  /** Plural name, as in the URL and in RBAC. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** The only namespace that is read; if absent, all of them. */
  readonly namespace?: string;
  /** Whether readiness waits until the kind has synced or failed. */
  readonly required: boolean;
  readonly fieldSelector: string | null;
  /** Other names that kubectl or people use: `sgp`. A file in a capture may have such a name. */
  readonly shortNames: readonly string[];
  /** Null if the object is not kept, which removes an earlier fact under its key. Never throws. */
  readonly normalise: (object: unknown) => Keyed<K> | null;
}

/** A row of any fact kind, discriminated by `factKind`. */
export type AnyKindRow = { [K in FactKind]: KindRow<K> }[FactKind];

interface RowOptions {
  readonly required?: boolean;
  readonly clusterScoped?: boolean;
  /** Distinguishes several rows of one resource. */
  readonly part?: string;
  readonly fieldSelector?: string;
  readonly short?: readonly string[];
}

function row<K extends FactKind>(
  factKind: K,
  [group, versions, resource, kind]: readonly [
    group: string,
    versions: readonly string[],
    resource: string,
    kind: string,
  ],
  normalise: KindRow<K>['normalise'],
  options: RowOptions = {},
): KindRow<K> {
  const source = `kubernetes/${resource}`;
  return {
    id: options.part === undefined ? source : `${source}/${options.part}`,
    source,
    factKind,
    group,
    versions,
    resource,
    kind,
    namespaced: options.clusterScoped !== true,
    required: options.required === true,
    fieldSelector: options.fieldSelector ?? null,
    shortNames: options.short ?? [],
    normalise,
  };
}

/** Dynamic Resource Allocation; newer clusters serve newer versions. */
const RESOURCE = 'resource.k8s.io';
const RESOURCE_VERSIONS = ['v1', 'v1beta2', 'v1beta1'];
const WHEREABOUTS = 'whereabouts.cni.cncf.io';
const clusterScoped = true;

/** All rows. The order is that of the RBAC rules. */
export const KINDS: readonly AnyKindRow[] = [
  row('node', ['', ['v1'], 'nodes', 'Node'], normaliseNode, {
    required: true,
    clusterScoped,
    short: ['no'],
  }),
  row('pod', ['', ['v1'], 'pods', 'Pod'], normalisePod, { required: true, short: ['po'] }),
  row(
    'nad',
    ['k8s.cni.cncf.io', ['v1'], 'network-attachment-definitions', 'NetworkAttachmentDefinition'],
    normaliseNad,
    { short: ['net-attach-def', 'net-attach-defs', 'nad', 'nads'] },
  ),
  row('daemonSet', ['apps', ['v1'], 'daemonsets', 'DaemonSet'], normaliseDaemonSet, { short: ['ds'] }),

  row('eniConfig', ['crd.k8s.amazonaws.com', ['v1alpha1'], 'eniconfigs', 'ENIConfig'], normaliseEniConfig, {
    clusterScoped,
  }),
  row('cniNode', ['vpcresources.k8s.aws', ['v1alpha1'], 'cninodes', 'CNINode'], normaliseCniNode, {
    clusterScoped,
    short: ['cnd'],
  }),
  row(
    'securityGroupPolicy',
    ['vpcresources.k8s.aws', ['v1beta1'], 'securitygrouppolicies', 'SecurityGroupPolicy'],
    normaliseSecurityGroupPolicy,
    { short: ['sgp'] },
  ),

  row('whereaboutsPool', [WHEREABOUTS, ['v1alpha1'], 'ippools', 'IPPool'], normaliseWhereaboutsPool),
  row(
    'whereaboutsReservation',
    [WHEREABOUTS, ['v1alpha1'], 'overlappingrangeipreservations', 'OverlappingRangeIPReservation'],
    normaliseWhereaboutsReservation,
  ),
  row('nodeSlicePool', [WHEREABOUTS, ['v1alpha1'], 'nodeslicepools', 'NodeSlicePool'], normaliseNodeSlicePool),

  row(
    'sriovNodeState',
    ['sriovnetwork.openshift.io', ['v1'], 'sriovnetworknodestates', 'SriovNetworkNodeState'],
    normaliseSriovNodeState,
  ),
  // The same kind in Google's distributions (multus §4.3).
  row(
    'sriovNodeState',
    ['sriovnetwork.k8s.cni.cncf.io', ['v1'], 'sriovnetworknodestates', 'SriovNetworkNodeState'],
    normaliseSriovNodeState,
    { part: 'sriovnetwork.k8s.cni.cncf.io' },
  ),
  row(
    'nodeNetworkState',
    ['nmstate.io', ['v1beta1', 'v1alpha1'], 'nodenetworkstates', 'NodeNetworkState'],
    normaliseNodeNetworkState,
    { clusterScoped, short: ['nns'] },
  ),
  row('nodeEni', ['networking.k8s.aws', ['v1alpha1'], 'nodeenis', 'NodeENI'], normaliseNodeEni, { clusterScoped }),

  row(
    'multiNetworkPolicy',
    ['k8s.cni.cncf.io', ['v1beta2', 'v1beta1'], 'multi-networkpolicies', 'MultiNetworkPolicy'],
    normaliseMultiNetworkPolicy,
  ),
  row('networkPolicy', ['networking.k8s.io', ['v1'], 'networkpolicies', 'NetworkPolicy'], normaliseNetworkPolicy, {
    short: ['netpol', 'netpols'],
  }),
  row('serviceCidr', ['networking.k8s.io', ['v1', 'v1beta1'], 'servicecidrs', 'ServiceCIDR'], normaliseServiceCidr, {
    clusterScoped,
  }),

  row('workload', ['apps', ['v1'], 'deployments', 'Deployment'], normaliseWorkload('Deployment'), {
    short: ['deploy'],
  }),
  row('workload', ['apps', ['v1'], 'statefulsets', 'StatefulSet'], normaliseWorkload('StatefulSet'), {
    short: ['sts'],
  }),
  row('workload', ['apps', ['v1'], 'daemonsets', 'DaemonSet'], normaliseWorkload('DaemonSet'), {
    part: 'workload',
    short: ['ds'],
  }),
  row('workload', ['batch', ['v1'], 'jobs', 'Job'], normaliseWorkload('Job')),
  row('workload', ['batch', ['v1'], 'cronjobs', 'CronJob'], normaliseWorkload('CronJob'), { short: ['cj'] }),
  row('workload', ['argoproj.io', ['v1alpha1'], 'rollouts', 'Rollout'], normaliseWorkload('Rollout'), {
    short: ['ro'],
  }),
  row('workload', ['kubevirt.io', ['v1', 'v1alpha3'], 'virtualmachines', 'VirtualMachine'], normaliseVirtualMachine, {
    short: ['vm', 'vms'],
  }),

  row('resourceClaim', [RESOURCE, RESOURCE_VERSIONS, 'resourceclaims', 'ResourceClaim'], normaliseResourceClaim),
  ...SLICE_DRIVERS.map((driver) =>
    row(
      'resourceSlice',
      [RESOURCE, RESOURCE_VERSIONS, 'resourceslices', 'ResourceSlice'],
      normaliseResourceSlice(driver),
      { part: driver, fieldSelector: `spec.driver=${driver}`, clusterScoped },
    ),
  ),
  row('deviceClass', [RESOURCE, RESOURCE_VERSIONS, 'deviceclasses', 'DeviceClass'], normaliseDeviceClass, {
    clusterScoped,
  }),
  row(
    'deviceTaintRule',
    [RESOURCE, ['v1', 'v1beta2', 'v1alpha3'], 'devicetaintrules', 'DeviceTaintRule'],
    normaliseDeviceTaintRule,
    { clusterScoped },
  ),

  ...EVENT_REASONS.map((one) =>
    row('event', ['', ['v1'], 'events', 'Event'], normaliseEvent(one), {
      part: one.reason,
      fieldSelector: `reason=${one.reason}`,
      short: ['ev'],
    }),
  ),
];
