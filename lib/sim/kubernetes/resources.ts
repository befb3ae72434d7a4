/** The kinds that this API server can serve; a custom one once the scene has installed its CRD, unless a fault removes it. */
import type { Collection, Change, Entry } from '../model/collection';
import type { NodeFacts } from '../model/node';
import type { SimPod } from '../model/pod';
import type { ClusterState, KubeObject } from '../model/state';
import { renderNode } from './render-node';
import { renderPod } from './render-pod';
import { CLAIM_GROUP, CLAIM_VERSIONS, inVersion } from './resource-versions';
import type { Fields, Labels } from './selectors';

/** A resource that the API server serves. */
export interface ResourceRow {
  /** `GROUP/RESOURCE`, the group `core` for "". */
  readonly id: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** What installs its CRD; null for a built-in kind. */
  readonly crdOf: 'eks' | 'multus' | 'whereabouts' | 'other' | null;
  /** Fields that a fieldSelector supports besides metadata.name and metadata.namespace. */
  readonly fields: readonly string[];
  readonly shortNames: readonly string[];
}

const row = (
  path: string,
  kind: string,
  options: {
    readonly cluster?: true;
    readonly crdOf?: ResourceRow['crdOf'];
    readonly fields?: readonly string[];
    readonly short?: readonly string[];
  } = {},
): ResourceRow => {
  const [group = '', version = '', resource = ''] = path.split(' ');
  return {
    id: `${group}/${resource}`,
    group: group === 'core' ? '' : group,
    version,
    resource,
    kind,
    namespaced: options.cluster !== true,
    crdOf: options.crdOf ?? null,
    fields: options.fields ?? [],
    shortNames: options.short ?? [],
  };
};

const POD_FIELDS = [
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'spec.hostNetwork',
  'status.phase',
  'status.podIP',
  'status.nominatedNodeName',
];
const EVENT_FIELDS = [
  'involvedObject.kind',
  'involvedObject.namespace',
  'involvedObject.name',
  'involvedObject.uid',
  'reason',
  'reportingComponent',
  'source',
  'type',
];

const SLICE_FIELDS = ['spec.driver', 'spec.nodeName'];

/** Built-in resources, and custom ones that are served even without an object. */
export const RESOURCES: readonly ResourceRow[] = [
  row('core v1 namespaces', 'Namespace', { cluster: true, short: ['ns'] }),
  row('core v1 nodes', 'Node', { cluster: true, fields: ['spec.unschedulable'], short: ['no'] }),
  row('core v1 pods', 'Pod', { fields: POD_FIELDS, short: ['po'] }),
  row('core v1 events', 'Event', { fields: EVENT_FIELDS, short: ['ev'] }),
  row('core v1 configmaps', 'ConfigMap', { short: ['cm'] }),
  row('apps v1 daemonsets', 'DaemonSet', { short: ['ds'] }),
  row('apps v1 deployments', 'Deployment', { short: ['deploy'] }),
  row('apps v1 statefulsets', 'StatefulSet', { short: ['sts'] }),
  row('batch v1 jobs', 'Job'),
  row('batch v1 cronjobs', 'CronJob', { short: ['cj'] }),
  row('networking.k8s.io v1 networkpolicies', 'NetworkPolicy', { short: ['netpol'] }),
  row('networking.k8s.io v1 servicecidrs', 'ServiceCIDR', { cluster: true }),
  row('k8s.cni.cncf.io v1 network-attachment-definitions', 'NetworkAttachmentDefinition', {
    crdOf: 'multus',
    short: ['net-attach-def'],
  }),
  row('k8s.cni.cncf.io v1beta1 multi-networkpolicies', 'MultiNetworkPolicy', {
    crdOf: 'multus',
    short: ['multi-policy'],
  }),
  row('crd.k8s.amazonaws.com v1alpha1 eniconfigs', 'ENIConfig', { crdOf: 'eks', cluster: true }),
  row('vpcresources.k8s.aws v1alpha1 cninodes', 'CNINode', { crdOf: 'eks', cluster: true, short: ['cnd'] }),
  row('vpcresources.k8s.aws v1beta1 securitygrouppolicies', 'SecurityGroupPolicy', { crdOf: 'eks', short: ['sgp'] }),
  row('whereabouts.cni.cncf.io v1alpha1 ippools', 'IPPool', { crdOf: 'whereabouts' }),
  row('whereabouts.cni.cncf.io v1alpha1 overlappingrangeipreservations', 'OverlappingRangeIPReservation', {
    crdOf: 'whereabouts',
  }),
  row('whereabouts.cni.cncf.io v1alpha1 nodeslicepools', 'NodeSlicePool', { crdOf: 'whereabouts' }),
  ...CLAIM_VERSIONS.flatMap((version) => [
    row(`resource.k8s.io ${version} resourceclaims`, 'ResourceClaim'),
    row(`resource.k8s.io ${version} resourceslices`, 'ResourceSlice', { cluster: true, fields: SLICE_FIELDS }),
    row(`resource.k8s.io ${version} deviceclasses`, 'DeviceClass', { cluster: true }),
  ]),
];

const RESOURCE_IDS: ReadonlySet<string> = new Set(RESOURCES.map(({ id }) => id));

/** What the API server serves: `RESOURCES`, and every other custom kind with an object. */
export const resourcesOf = ({ objects }: ClusterState): readonly ResourceRow[] => [
  ...RESOURCES,
  ...[...objects].flatMap(([id, collection]) => {
    const [object] = RESOURCE_IDS.has(id) ? [] : collection.values();
    if (object === undefined) return [];
    const { apiVersion, kind, metadata } = object;
    const [group = '', resource = ''] = id.split('/');
    const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
    const scope = metadata.namespace === undefined ? { cluster: true as const } : {};
    return [row(`${group} ${version} ${resource}`, kind, { crdOf: 'other', ...scope })];
  }),
];

/** `apps/v1`, or `v1` for the core group. */
export const groupVersion = (resource: ResourceRow): string =>
  resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;

/** One kind as the protocol sees it; only the kind's own renderer knows the content of an entry. */
export interface View {
  readonly sorted: () => readonly Entry<unknown>[];
  readonly find: (key: string) => Entry<unknown> | undefined;
  readonly since: (rv: number) => readonly Change<unknown>[] | null;
  readonly listen: (listener: (change: Change<unknown>) => void) => () => void;
  readonly compact: () => void;
  readonly labels: (entry: Entry<unknown>) => Labels;
  readonly selectable: (entry: Entry<unknown>) => Fields;
  /** Without apiVersion and kind, like items of a list. */
  readonly render: (entry: Entry<unknown>) => Record<string, unknown>;
}

interface Shape<T> {
  readonly labels: (value: T) => Labels;
  readonly selectable: (value: T) => Fields;
  readonly render: (entry: Entry<T>) => Record<string, unknown>;
}

/** Hides T: every entry passed in belongs to this collection. */
function viewOf<T>(collection: Collection<T>, shape: Shape<T>): View {
  return {
    sorted: () => collection.sorted(),
    find: (key) => collection.entry(key),
    since: (rv) => collection.since(rv),
    listen: (listener) => collection.listen(listener),
    compact: () => {
      collection.compact();
    },
    labels: (entry) => shape.labels(entry.value as T),
    selectable: (entry) => shape.selectable(entry.value as T),
    render: (entry) => shape.render(entry as Entry<T>),
  };
}

/** A custom kind is served once its CRD is installed, a version of resource.k8s.io if the cluster has it. */
export const isServed = (state: ClusterState, { group, version, crdOf, id }: ResourceRow): boolean =>
  group === CLAIM_GROUP ? state.resourceVersions.includes(version) : crdOf === null || state.objects.has(id);

/** Null if the cluster has no such kind. */
export function openResource(state: ClusterState, resource: ResourceRow, realistic: boolean): View | null {
  if (!isServed(state, resource)) return null;
  if (resource.id === 'core/pods') return viewOf<SimPod>(state.pods, podShape(state, realistic));
  if (resource.id === 'core/nodes') return viewOf<NodeFacts>(state.nodeObjects, nodeShape(state));
  const collection = state.objects.get(resource.id);
  return collection === undefined
    ? null
    : viewOf<KubeObject>(collection, resource.group === CLAIM_GROUP ? claimShape(resource.version) : OBJECT_SHAPE);
}

const podShape = (state: ClusterState, realistic: boolean): Shape<SimPod> => ({
  labels: (pod) => pod.labels,
  selectable: (pod) => ({
    'metadata.name': pod.name,
    'metadata.namespace': pod.namespace,
    'spec.nodeName': pod.node ?? '',
    'spec.hostNetwork': String(pod.hostNetwork),
    'spec.schedulerName': 'default-scheduler',
    'spec.serviceAccountName': 'default',
    'spec.restartPolicy': pod.owner?.kind === 'Job' ? 'Never' : 'Always',
    'status.phase': pod.phase,
    'status.podIP': pod.ips[0] ?? '',
  }),
  render: (entry) => renderPod(state, entry, realistic),
});

const nodeShape = (state: ClusterState): Shape<NodeFacts> => ({
  labels: (node) => node.labels,
  selectable: (node) => ({ 'metadata.name': node.name, 'spec.unschedulable': String(node.unschedulable) }),
  render: (entry) => renderNode(state, entry),
});

/** Objects are stored as v1. */
const claimShape = (version: string): Shape<KubeObject> => ({
  ...OBJECT_SHAPE,
  selectable: (object) => ({
    'metadata.name': object.metadata.name,
    'metadata.namespace': object.metadata.namespace ?? '',
    'spec.driver': textAt(object['spec'], 'driver'),
    'spec.nodeName': textAt(object['spec'], 'nodeName'),
  }),
  render: (entry) => inVersion(OBJECT_SHAPE.render(entry), version),
});

const textAt = (object: unknown, field: string): string => {
  const value: unknown =
    typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value : '';
};

const OBJECT_SHAPE: Shape<KubeObject> = {
  labels: (object) => object.metadata.labels ?? {},
  selectable: (object) => {
    const involved = object['involvedObject'];
    return {
      'metadata.name': object.metadata.name,
      'metadata.namespace': object.metadata.namespace ?? '',
      'involvedObject.kind': textAt(involved, 'kind'),
      'involvedObject.namespace': textAt(involved, 'namespace'),
      'involvedObject.name': textAt(involved, 'name'),
      'involvedObject.uid': textAt(involved, 'uid'),
      reason: textAt(object, 'reason'),
      reportingComponent: textAt(object, 'reportingComponent'),
      source: textAt(object['source'], 'component'),
      type: textAt(object, 'type'),
    };
  },
  render: ({ rv, value: { apiVersion, kind, ...rest } }) => ({
    apiVersion,
    kind,
    ...rest,
    metadata: { ...rest.metadata, resourceVersion: String(rv) },
  }),
};
