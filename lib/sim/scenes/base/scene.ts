/** The common parts of every EKS cluster in these scenes: subnets by zone, system objects, the CRDs that EKS installs. */
import { RESOURCES, type ResourceRow } from '../../kubernetes/resources';
import { rfc3339 } from '../../model/clock';
import { LATEST_CNI, MANIFEST_ENV } from '../../model/cni-settings';
import { uid, uidOf } from '../../model/identity';
import type { Life } from '../../model/life';
import type { SimNode } from '../../model/node';
import { addSubnet, objectsOf, type ClusterState } from '../../model/state';
import type { SimSubnet } from '../../model/subnet';

/** The size of a scene. */
export interface SceneSize {
  readonly nodes: number;
  readonly podsPerNode: number;
}

/** Builds a cluster in an empty state, determined by the state's seed. */
export interface Scene {
  readonly name: string;
  readonly clusterName: string;
  /** Default number of controller decisions per second. */
  readonly changesPerSecond: number;
  /** Default: a current one. */
  readonly kubernetesVersion?: string;
  /** Versions of resource.k8s.io that are served; default: those of the Kubernetes version. */
  readonly resourceVersions?: readonly string[];
  /** Default size. */
  readonly size: SceneSize;
  build(state: ClusterState, life: Life, size: SceneSize): void;
}

/** An availability zone and the subnet of its nodes. */
export interface Zone {
  readonly zone: string;
  readonly subnet: SimSubnet;
}

/** Adds zones `a`, `b`, `c` …, each with one node subnet. */
export function addZones(state: ClusterState, count: number, cidr: (index: number) => string, ipv6 = false): Zone[] {
  return Array.from({ length: count }, (_, index) => {
    const zone = `${state.region}${'abcdef'[index] ?? 'a'}`;
    const subnet = addSubnet(state, {
      name: `${state.name}-nodes-${zone.at(-1) ?? ''}`,
      cidr: cidr(index),
      zone,
      ...(ipv6 ? { ipv6Cidr: `2a05:d018:1c0:${(index + 1).toString(16)}00::/64` } : {}),
    });
    return { zone, subnet };
  });
}

/** Serves these kinds, even while no object of them exists. */
export function installCrds(state: ClusterState, ...ids: readonly string[]): void {
  for (const id of ids) objectsOf(state, id);
}

const crdsOf = (installer: ResourceRow['crdOf']): readonly string[] =>
  RESOURCES.filter(({ crdOf }) => crdOf === installer).map(({ id }) => id);

/** The agents of a cluster and their settings. */
export interface SystemOptions {
  readonly multus?: string;
  readonly whereabouts?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Installs the common parts of every cluster: custom resource definitions, the Service CIDR, DaemonSets. */
export function installSystem(state: ClusterState, options: SystemOptions = {}): void {
  installCrds(state, ...crdsOf('eks'));
  addServiceCidr(state);
  addDaemonSet(
    state,
    'aws-node',
    `602401143452.dkr.ecr.${state.region}.amazonaws.com/amazon-k8s-cni:${LATEST_CNI}-eksbuild.1`,
    {
      ...MANIFEST_ENV,
      CLUSTER_NAME: state.name,
      ...options.env,
    },
  );
  addDaemonSet(
    state,
    'kube-proxy',
    `602401143452.dkr.ecr.${state.region}.amazonaws.com/eks/kube-proxy:v1.35.3-eksbuild.2`,
    {},
  );
  if (options.multus !== undefined) {
    installCrds(state, ...crdsOf('multus'));
    addDaemonSet(
      state,
      'kube-multus',
      `602401143452.dkr.ecr.${state.region}.amazonaws.com/eks/multus-cni:v${options.multus}-eksbuild.1`,
      {},
    );
  }
  if (options.whereabouts === true) installCrds(state, ...crdsOf('whereabouts'));
}

/** Adds the default Service CIDR of EKS. */
function addServiceCidr(state: ClusterState): void {
  const at = rfc3339(state.now() - 90 * 86_400_000);
  objectsOf(state, 'networking.k8s.io/servicecidrs').put({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: 'kubernetes', uid: uidOf('ServiceCIDR/kubernetes'), creationTimestamp: at },
    spec: { cidrs: ['172.20.0.0/16'] },
    status: {
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          lastTransitionTime: at,
          reason: '',
          message: 'Kubernetes Service CIDR is ready',
        },
      ],
    },
  });
}

function addDaemonSet(state: ClusterState, name: string, image: string, env: Readonly<Record<string, string>>): void {
  const labels = { 'k8s-app': name, ...(name === 'kube-multus' ? { app: 'multus', name: 'multus' } : {}) };
  objectsOf(state, 'apps/daemonsets').put({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name,
      namespace: 'kube-system',
      uid: uid(state.random),
      creationTimestamp: rfc3339(state.now() - 90 * 86_400_000),
      generation: 3,
      labels,
    },
    spec: {
      selector: { matchLabels: { 'k8s-app': name } },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          containers: [{ name, image, env: Object.entries(env).map(([key, value]) => ({ name: key, value })) }],
        },
      },
    },
    status: { currentNumberScheduled: 3, desiredNumberScheduled: 3, numberReady: 3 },
  });
}

/** Adds an object of any kind, with a UID and a creation time. */
export function addObject(
  state: ClusterState,
  resourceId: string,
  object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
    readonly [field: string]: unknown;
  },
): void {
  objectsOf(state, resourceId).put({
    ...object,
    metadata: { uid: uid(state.random), creationTimestamp: rfc3339(state.now() - 30 * 86_400_000), ...object.metadata },
  });
}

/** Adds the Namespace objects; called once the scene is complete. */
export function addNamespaces(state: ClusterState): void {
  const names = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);
  for (const pod of state.pods.values()) names.add(pod.namespace);
  for (const network of state.networks.values()) names.add(network.namespace);
  for (const name of [...names].sort()) {
    addObject(state, 'core/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  }
}

/** Whether a node belongs to one of these node groups. */
export const inGroup =
  (...groups: readonly string[]) =>
  (node: SimNode): boolean =>
    groups.includes(node.facts.labels['eks.amazonaws.com/nodegroup'] ?? '');
